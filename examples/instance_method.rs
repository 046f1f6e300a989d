//! Four ways in which another process's write to a plain value is lost, and the state that keeps it.
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

#![allow(unsafe_code)] // `fork` and `waitpid`

use std::env;
use std::error::Error;
use std::fmt::Debug;
use std::process::Command;

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

    /// Goes on to the next light; returns the one before.
    fn change(&mut self) -> String {
        let next = match self.light.as_str() {
            "red" => "amber",
            "amber" => "green",
            _ => "red",
        };
        std::mem::replace(&mut self.light, next.to_owned())
    }
}

/// What the workers report: a text each, for the plain value and for the shared one.
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
    let child = unsafe { libc::fork() };
    if child == 0 {
        work();
        // SAFETY: always safe; it ends the child here, before it does what is its parent's to do.
        unsafe { libc::_exit(0) };
    }
    let mut status = -1;
    // SAFETY: `status` is a place for the answer.
    let waited = unsafe { libc::waitpid(child, &raw mut status, 0) };
    assert!(child > 0 && waited == child && status == 0);
}

/// Prints a line of the table, which must be as the text at the top says.
fn show<T: Debug>(what: &str, plain: T, shared: T, expected: [&str; 2]) {
    let found = [plain, shared].map(|value| format!("{value:?}").replace(['[', ']', ',', '"'], ""));
    println!("{what:45}  {:13}  {}", found[0], found[1]);
    assert_eq!(found, expected);
}

fn main() -> Result<(), Box<dyn Error>> {
    if let Some(sent) = env::args().nth(1) {
        let mut plain: u32 = sent.parse()?;
        plain += 41; // this program's own
        let shared = Shared::<Task>::inherit("task")?;
        shared.modify(|task| task.add(41));
        assert_eq!(shared.get().count, plain);
        return Ok(());
    }
    let light = "red".to_owned();
    let (started, count) = (false, 1);
    let mut plain = Task {
        started,
        count,
        light,
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
