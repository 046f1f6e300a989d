//! The command `shmstate`, run as a program over segments of other processes.

mod command;
mod export;
mod tool;
mod top;

use std::process::ExitCode;

use shared_testkit::{self as support, forge, kinds, os, slot};

fn main() -> ExitCode {
    support::roles(top::ROLES);
    support::run(&[command::TESTS, export::TESTS, top::TESTS].concat())
}
