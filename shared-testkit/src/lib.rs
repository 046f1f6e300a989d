//! What the tests across processes share: a runner that forks, child processes, pipes, and a look at
//! what a process has open.
//!
//! A test binary with it has `harness = false`, and this `main`:
//!
//! ```text
//! mod support;
//!
//! fn main() -> std::process::ExitCode {
//!     support::roles(&[("reader", reader)]); // what the binary does when it runs as a child
//!     support::run(&[("a_test_is_named_by_a_sentence", a_test_is_named_by_a_sentence)])
//! }
//! ```

// Each binary uses its own part of this.
#![allow(dead_code, unused_imports, unused_macros)]

mod janitor;
mod look;
mod pipe;
mod process;
mod runner;
mod watchdog;

pub(crate) use look::{descriptors, mappings, our_descriptors};
pub(crate) use pipe::{Listener, Teller, pipe};
pub(crate) use process::{
    Fork, Process, arguments, forget_list, fork, in_child, kill_self, name, roles, spawn_self,
    start, without_notes,
};
pub(crate) use runner::{run, skip};
pub(crate) use watchdog::watchdog;

use std::process::ExitStatus;

/// The tests of these names, for [`run`]: a list that says each name once; in a binary with modules,
/// `tests![module: one, two; other: three;]`.
macro_rules! tests {
    ($($test:ident),* $(,)?) => { &[$((stringify!($test), $test as fn())),*] };
    ($($module:ident: $($test:ident),* $(,)?;)*) => {
        &[$($((stringify!($test), $module::$test as fn())),*),*]
    };
}
pub(crate) use tests;

/// Fails unless the process ended with code 0.
#[track_caller]
pub(crate) fn assert_success(status: ExitStatus) {
    assert!(status.success(), "the child process ended with {status}");
}

/// Runs `f`, which must panic, and returns the panic's message.
#[track_caller]
pub(crate) fn panic_of<R>(f: impl FnOnce() -> R) -> String {
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(f));
    let Err(payload) = result else {
        panic!("this should have panicked");
    };
    let text = payload.downcast_ref::<String>().cloned();
    text.or_else(|| payload.downcast_ref::<&str>().map(|s| (*s).to_owned()))
        .expect("a panic with a message")
}
