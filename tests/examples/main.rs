//! The examples, run as programs.

// The tests are built by a newer compiler than the oldest that the library takes.
#![allow(clippy::incompatible_msrv)]

mod prefork;
mod programs;
mod small;

use std::process::ExitCode;

fn main() -> ExitCode {
    if !std::env::args().any(|argument| argument == "--list") {
        small::build();
        prefork::build();
    }
    shared_testkit::run(&[small::TESTS, prefork::TESTS].concat())
}
