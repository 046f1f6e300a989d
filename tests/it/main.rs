//! The tests that need processes: a folder a subject. `tests/README.md` says what is where.

// The tests are built by a newer compiler than the oldest that the library takes.
#![allow(clippy::incompatible_msrv)]

mod conformance;
mod crash;
mod derive;
mod hostile;
mod lock;
mod process;
mod segment;
mod tools;
mod value;
mod wait;

use std::process::ExitCode;

fn main() -> ExitCode {
    procspawn::init(); // a worker of a pool stays in here
    let roles = [
        value::ROLES,
        lock::ROLES,
        process::ROLES,
        tools::ROLES,
        &[conformance::ROLES],
    ];
    shared_testkit::roles(&roles.concat().concat());
    let tests = [
        derive::TESTS,
        value::TESTS,
        segment::TESTS,
        process::TESTS,
        lock::TESTS,
        wait::TESTS,
        hostile::TESTS,
        tools::TESTS,
        conformance::TESTS,
        &[crash::TESTS],
    ];
    shared_testkit::run(&tests.concat().concat())
}
