//! Forks, while the lock is held.
//!
//! If any of this were wrong, it would print "the child's change", "the child has unlocked", or "taken over
//! from the living".

#![allow(unsafe_code)]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use shmstate::{Shared, UpdateError};

use super::slot::SlotFile;
use super::support::{Fork, assert_success, fork, in_child, kill_self, pipe, start, watchdog};
use super::{Pair, add, check, stage};

#[track_caller]
fn refused(pair: &Shared<Pair>, holder: u32) {
    for limit in [0, 40].map(Duration::from_millis) {
        match pair.try_modify_for(limit, add) {
            Err(UpdateError::LockTimeout { holder: found, .. }) => assert_eq!(found, holder),
            Err(error) => panic!("{error}"),
            Ok(()) => panic!("the child has robbed its parent"),
        }
    }
}

/// How a child leaves the update within which it was forked.
#[derive(Clone, Copy, Debug)]
enum Way {
    Return,
    Panic,
    Exit,
    Kill,
}

/// Forks by `fork` within an update; the child makes its own change, and leaves.
fn fork_within(pair: &Shared<Pair>, file: &SlotFile, way: Way, fork: impl Fn() -> Option<i32>) {
    let me = std::process::id();
    let (before, version) = (pair.get(), pair.version());
    let unchanged = || {
        assert_eq!(pair.get(), before, "the child's change");
        assert_eq!(pair.version(), version, "the child's change");
        assert_eq!(file.holder(), me, "the child has unlocked");
    };
    let update = || {
        pair.modify(|value| {
            let Some(child) = fork() else {
                *value = (77, 77);
                match way {
                    Way::Return => return,
                    Way::Panic => panic!("the child's"),
                    Way::Exit => std::process::exit(0),
                    Way::Kill => kill_self(libc::SIGKILL),
                }
                return;
            };
            let mut status = 0;
            // SAFETY: `status` is a live `int`.
            let reaped = unsafe { libc::waitpid(child, &raw mut status, 0) };
            assert_eq!(reaped, child);
            let killed = libc::WIFSIGNALED(status) && libc::WTERMSIG(status) == libc::SIGKILL;
            let succeeded = libc::WIFEXITED(status) && libc::WEXITSTATUS(status) == 0;
            assert!(
                succeeded || killed && matches!(way, Way::Kill),
                "{status:#x}"
            );
            unchanged();
            add(value);
        });
    };
    let done = catch_unwind(AssertUnwindSafe(update));
    if std::process::id() == me {
        return done.expect("the parent's update");
    }
    // The child, behind its update.
    let panicked = done.is_err();
    let as_it_should = catch_unwind(|| {
        assert_eq!(panicked, matches!(way, Way::Panic));
        unchanged();
        refused(pair, me);
        unchanged();
    });
    // SAFETY: ends the process, whatever its state.
    unsafe { libc::_exit(as_it_should.is_err().into()) };
}

fn fork_in_all_ways(fork: impl Fn() -> Option<i32>) {
    watchdog(100);
    let (pair, file) = stage();
    for (done, way) in (1..).zip([Way::Return, Way::Panic, Way::Exit, Way::Kill]) {
        println!("{way:?}");
        fork_within(&pair, &file, way, &fork);
        check(&pair, done);
        assert!(!file.is_held());
    }
}

pub(crate) fn a_child_forked_within_an_update_neither_commits_nor_unlocks() {
    fork_in_all_ways(|| {
        // SAFETY: tests run on one thread, so the child finds nothing locked that is not its own.
        match unsafe { libc::fork() } {
            0 => None,
            child => Some(child),
        }
    });
}

/// No handler of `pthread_atfork` sees this one.
pub(crate) fn a_child_cloned_without_the_libc_neither_commits_nor_unlocks() {
    fork_in_all_ways(|| {
        // SAFETY: without flags and a stack this is a fork; as above.
        match unsafe { libc::syscall(libc::SYS_clone, libc::SIGCHLD, 0, 0, 0, 0) } {
            0 => None,
            child => Some(child.try_into().expect("a process id")),
        }
    });
}

pub(crate) fn a_child_forked_within_an_update_can_change_the_slot_when_the_parent_is_done() {
    watchdog(100);
    let (pair, file) = stage();
    let mut child = None;
    pair.modify(|value| match fork() {
        Fork::Child => *value = (77, 77),
        Fork::Parent(process) => {
            // The child is behind its update, and waits for the lock.
            file.until_lock_is_waited_for();
            add(value);
            child = Some(process);
        }
    });
    let Some(child) = child else {
        pair.modify(add);
        return;
    };
    assert_success(child.wait());
    check(&pair, 2);
}

pub(crate) fn a_child_forked_while_another_thread_holds_the_lock_gets_it_when_that_is_done() {
    watchdog(100);
    let (pair, _) = stage();
    let me = std::process::id();
    // The threads are those of a process of its own.
    let status = in_child(|| {
        let (holds, tell) = pipe();
        let (wait, go_on) = pipe();
        let holder = std::process::id();
        assert_ne!(holder, me);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                pair.modify(|pair| {
                    add(pair);
                    tell.tell();
                    wait.wait();
                });
            });
            holds.wait();
            let (was_refused, tell) = pipe();
            let child = start(|| {
                refused(&pair, holder);
                tell.tell();
                pair.modify(add);
            });
            was_refused.wait();
            go_on.tell();
            assert_success(child.wait());
        });
    });
    assert_success(status);
    check(&pair, 2);
}
