//! Methods that run in another process. What they write to a plain value is lost; a shared state keeps it.
//!
//! Run `cargo run --release --example instance_method`. It prints, and asserts:
//!
//! ```text
//!                                                plain value    shared state
//! a worker runs a method that sets a flag        false          true
//! a child adds 41 to a count of 1                1              42
//! three workers in turn, each tells what it saw  red red red    red amber green
//! a spawned program adds 41 to what it was sent  1              42
//! ```

#![allow(unsafe_code)] // `fork`

use std::env;
use std::error::Error;
use std::fmt::Debug;
use std::process::{self, Command};

use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, fork};
use shmstate::prelude::*;

/// Locked as a whole: its ordinary methods run as one transaction, `task.modify(|task| task.start())`.
#[derive(SharedState, Clone)]
#[shared(lock)]
struct Task {
    started: bool,
    count: u32,
    #[shared(capacity = 8)]
    light: String,
}

impl Task {
    fn start(&mut self) {
        self.started = true;
    }

    fn add(&mut self, n: u32) {
        self.count += n;
    }

    /// Changes to the next light, and returns the one before.
    fn change(&mut self) -> String {
        let next = match self.light.as_str() {
            "red" => "amber",
            "amber" => "green",
            _ => "red",
        };
        std::mem::replace(&mut self.light, next.to_owned())
    }
}

/// What each worker saw, in the plain value and in the shared one.
#[derive(SharedState, Default)]
struct Saw {
    #[shared(capacity = 8)]
    plain: [String; 3],
    #[shared(capacity = 8)]
    shared: [String; 3],
}

/// Runs `work` in a forked child, to its end.
fn in_child<R>(work: impl FnOnce() -> R) {
    // SAFETY: this program has one thread, so the child may do what its parent may.
    match unsafe { fork() }.expect("a child") {
        ForkResult::Child => {
            work();
            process::exit(0);
        }
        ForkResult::Parent { child } => {
            assert_eq!(waitpid(child, None), Ok(WaitStatus::Exited(child, 0)));
        }
    }
}

/// Prints a line of the table, and checks it against the text at the top.
fn show<T: Debug>(what: &str, plain: T, shared: T, expected: [&str; 2]) {
    let found = [plain, shared].map(|value| format!("{value:?}").replace(['[', ']', ',', '"'], ""));
    println!("{what:45}  {:13}  {}", found[0], found[1]);
    assert_eq!(found, expected);
}

fn main() -> Result<(), Box<dyn Error>> {
    if let Some(sent) = env::args().nth(1) {
        let mut plain: u32 = sent.parse()?;
        plain += 41; // a copy of its own
        let shared = Shared::<Task>::inherit("task")?;
        shared.modify(|task| task.add(41));
        assert_eq!(shared.get().count, plain);
        return Ok(());
    }
    let mut plain = Task {
        started: false,
        count: 1,
        light: "red".to_owned(),
    };
    let shared = Shared::new(plain.clone())?;
    println!("{:45}  plain value    shared state", "");

    in_child(|| plain.start());
    in_child(|| shared.modify(Task::start));
    let what = "a worker runs a method that sets a flag";
    show(what, plain.started, shared.get().started, ["false", "true"]);

    in_child(|| plain.add(41));
    in_child(|| shared.modify(|task| task.add(41)));
    let what = "a child adds 41 to a count of 1";
    show(what, plain.count, shared.get().count, ["1", "42"]);

    let saw = Shared::new(Saw::default())?;
    for worker in 0..3 {
        in_child(|| saw.plain[worker].set(plain.change()).unwrap());
        in_child(|| saw.shared[worker].set(shared.modify(Task::change)).unwrap());
    }
    let what = "three workers in turn, each tells what it saw";
    let Saw {
        plain: lost,
        shared: kept,
    } = saw.snapshot();
    show(what, lost, kept, ["red red red", "red amber green"]);

    shared.modify(|task| task.count = 1);
    let mut program = Command::new(env::current_exe()?);
    program.arg(plain.count.to_string()).share("task", &shared);
    assert!(program.status()?.success());
    let what = "a spawned program adds 41 to what it was sent";
    show(what, plain.count, shared.get().count, ["1", "42"]);
    Ok(())
}
