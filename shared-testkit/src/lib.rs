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

#![allow(
    missing_docs,
    clippy::missing_panics_doc,
    clippy::missing_errors_doc,
    reason = "read by those who write tests"
)]

pub mod crowd;
pub mod forge;
mod janitor;
pub mod kinds;
mod look;
mod options;
pub mod os;
mod pipe;
mod process;
mod runner;
pub mod slot;
pub mod tracer;
pub mod walk;
mod watchdog;

pub use look::{descriptors, mappings, our_descriptors};
pub use pipe::{Listener, Teller, pipe};
pub use process::{
    Fork, Process, Role, arguments, forget_list, fork, in_child, kill_self, name, roles, seed,
    spawn_self, start, without_notes,
};
pub use runner::{Test, run, skip};
pub use watchdog::watchdog;

use std::process::ExitStatus;

/// The tests of these names, for [`run`]: a list that says each name once, with `#[alone]` before those that run
/// [alone](Test::alone); in a module with modules, `tests![module: one, two; other: three;]`, and before those, if it
/// has some of its own, `tests![one, #[alone] two; module: three;]`.
#[macro_export]
macro_rules! tests {
    ($($(#[$mark:ident])? $test:ident),* $(,)?) => {
        &[$(
            $crate::Test::new(concat!(module_path!(), "::", stringify!($test)), $test)$(.$mark())?
        ),*]
    };
    ($($module:ident: $($(#[$mark:ident])? $test:ident),* $(,)?;)*) => {
        &[$($(
            $crate::Test::new(
                concat!(module_path!(), "::", stringify!($module), "::", stringify!($test)),
                $module::$test,
            )$(.$mark())?
        ),*),*]
    };
    ($($(#[$mark:ident])? $own:ident),+; $($rest:tt)*) => {
        &{
            const OWN: &[$crate::Test] = $crate::tests![$($(#[$mark])? $own),*];
            const REST: &[$crate::Test] = $crate::tests![$($rest)*];
            $crate::both::<{ OWN.len() + REST.len() }>(OWN, REST)
        }
    };
}

/// One list after the other.
#[doc(hidden)]
pub const fn both<const N: usize>(first: &[Test], second: &[Test]) -> [Test; N] {
    let mut all = [first[0]; N];
    let mut i = 0;
    while i < N {
        all[i] = if i < first.len() {
            first[i]
        } else {
            second[i - first.len()]
        };
        i += 1;
    }
    all
}

/// Whether this is a deep run, with `SHMSTATE_DEEP=1` in the environment: minutes, of what a run for people takes a
/// sample of.
pub fn is_deep() -> bool {
    std::env::var_os("SHMSTATE_DEEP").is_some_and(|value| value == "1")
}

/// How much to do: as a rule, and in a deep run.
pub fn amount<T>(usual: T, deep: T) -> T {
    if is_deep() { deep } else { usual }
}

/// Fails unless the process ended with code 0.
#[track_caller]
pub fn assert_success(status: ExitStatus) {
    assert!(status.success(), "the child process ended with {status}");
}

/// Runs `f`, which must panic, and returns the panic's message.
#[track_caller]
pub fn panic_of<R>(f: impl FnOnce() -> R) -> String {
    let result =
        process::expecting_a_panic(|| std::panic::catch_unwind(std::panic::AssertUnwindSafe(f)));
    let Err(payload) = result else {
        panic!("this should have panicked");
    };
    let text = payload.downcast_ref::<String>().cloned();
    text.or_else(|| payload.downcast_ref::<&str>().map(|s| (*s).to_owned()))
        .expect("a panic with a message")
}
