//! Four ways in which another process's write to a plain value is lost, and the state that keeps it.
//!
//! Run `cargo run --release --example instance_method`. It prints, and asserts:
//!
//! ```text
//!                                                plain value    shared state
//! a worker runs a method that sets a flag        false          true
//! a child adds 41 to a count of 1                1              42
//! three workers in turn, each tells what it saw  Red Red Red    Red Amber Green
//! a spawned program adds 41 to what it was sent  1              42
//! ```

#![allow(unsafe_code)] // `fork` and `waitpid`

use std::env;
use std::error::Error;
use std::fmt::Debug;
use std::process::Command;

use shmstate::prelude::*;

#[derive(SharedState, Clone, Copy)]
struct Task {
    started: bool,
    count: u32,
    light: Light,
}

#[derive(SharedState, Clone, Copy, Debug)]
enum Light {
    Red,
    Amber,
    Green,
}
use Light::{Amber, Green, Red};

impl Task {
    fn start(&mut self) {
        self.started = true;
    }

    fn change(&mut self) -> Light {
        let saw = self.light;
        self.light = saw.next();
        saw
    }
}

impl TaskSlots {
    fn start(&self) {
        self.started.set(true);
    }

    fn change(&self) -> Light {
        self.light.update(Light::next)
    }
}

impl Light {
    fn next(self) -> Light {
        [Amber, Green, Red][self as usize]
    }
}

/// Runs `work` in a forked child, to its end.
fn in_child(work: impl FnOnce()) {
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
    let found = [plain, shared].map(|value| format!("{value:?}").replace(['[', ']', ','], ""));
    println!("{what:45}  {:13}  {}", found[0], found[1]);
    assert_eq!(found, expected);
}

fn main() -> Result<(), Box<dyn Error>> {
    if let Some(sent) = env::args().nth(1) {
        let mut plain: u32 = sent.parse()?;
        plain += 41; // this program's own
        let shared = Shared::<Task>::inherit("task")?;
        assert_eq!(shared.count.fetch_add(41) + 41, plain);
        return Ok(());
    }
    let (started, count, light) = (false, 1, Red);
    let mut plain = Task {
        started,
        count,
        light,
    };
    let shared = Shared::new(plain)?;
    println!("{:45}  plain value    shared state", "");

    in_child(|| plain.start());
    in_child(|| shared.start());
    let what = "a worker runs a method that sets a flag";
    show(what, plain.started, shared.started.get(), ["false", "true"]);

    in_child(|| plain.count += 41);
    in_child(|| _ = shared.count.fetch_add(41));
    let what = "a child adds 41 to a count of 1";
    show(what, plain.count, shared.count.get(), ["1", "42"]);

    let saw = Shared::new([[Red; 3]; 2])?;
    for worker in 0..3 {
        in_child(|| saw[0][worker].set(plain.change()));
        in_child(|| saw[1][worker].set(shared.change()));
    }
    let what = "three workers in turn, each tells what it saw";
    let [lost, kept] = saw.snapshot();
    show(what, lost, kept, ["Red Red Red", "Red Amber Green"]);

    shared.count.set(1);
    let mut program = Command::new(env::current_exe()?);
    program.arg(plain.count.to_string()).share("task", &shared);
    assert!(program.status()?.success());
    let what = "a spawned program adds 41 to what it was sent";
    show(what, plain.count, shared.count.get(), ["1", "42"]);
    Ok(())
}
