//! Processes of another PID or time namespace, to whom the ids and ticks in a lock word mean nothing.
//!
//! If any of this were wrong, it would print "robbed a living holder".

use shmstate::{Shared, UpdateError};

use super::slot::hold;
use super::support::{arguments, assert_success, in_child, panic_of, skip, spawn_self, watchdog};
use super::{LONG, Pair, SHORT, add, check, os, stage};

/// Forks a process into another namespace, for `f`. Whether that is permitted.
fn in_another(namespace: i32, f: impl Fn()) -> bool {
    const NOT_PERMITTED: i32 = 77;
    let status = in_child(|| {
        // Not this process, but those that it forks, go there.
        if os::unshare(namespace).is_err() {
            std::process::exit(NOT_PERMITTED);
        }
        assert_success(in_child(&f));
    });
    if status.code() != Some(NOT_PERMITTED) {
        assert_success(status);
    }
    status.success()
}

/// That the process can read, and not write, while a thread elsewhere has the lock, and also when none has.
fn check_refused(pair: &Shared<Pair>, expected: u64) {
    check(pair, expected, 0);
    let errors = [
        pair.try_modify(add),
        pair.try_set((7, 7)),
        pair.try_modify_for(SHORT, add),
        pair.try_modify_for(LONG, add),
    ];
    for result in errors {
        match result {
            Err(UpdateError::Namespace) => {}
            Err(error) => panic!("{error}"),
            Ok(()) => panic!("robbed a living holder"),
        }
    }
    let message = panic_of(|| pair.modify(add));
    assert!(message.contains("namespace"), "{message}");
    check(pair, expected, 0);
}

fn forked_into(namespace: i32) {
    watchdog(100);
    let (pair, _) = stage();
    pair.modify(add);
    let holder = hold(|inside| {
        pair.modify(|pair| {
            add(pair);
            inside();
        });
    });
    if !in_another(namespace, || check_refused(&pair, 1)) {
        drop(holder);
        skip("leaving the namespace is not permitted here");
    }
    holder.release();
    assert!(in_another(namespace, || check_refused(&pair, 2)));
    pair.modify(add);
    check(&pair, 3, 0);
}

pub(crate) fn a_process_forked_into_another_pid_namespace_reads_and_does_not_write() {
    forked_into(libc::CLONE_NEWPID);
}

pub(crate) fn a_process_forked_into_another_time_namespace_reads_and_does_not_write() {
    forked_into(libc::CLONE_NEWTIME);
}

/// The role of a program that opens the segment, does nothing with it, and forks into other namespaces.
pub(crate) fn latecomer() {
    let pair = Shared::<Pair>::open(&arguments()[0]).expect("open");
    for namespace in [libc::CLONE_NEWPID, libc::CLONE_NEWTIME] {
        in_another(namespace, || check_refused(&pair, 0));
    }
}

pub(crate) fn one_that_has_never_locked_before_the_fork_does_not_write_either() {
    watchdog(100);
    let (pair, _) = stage();
    let holder = hold(|inside| {
        pair.modify(|pair| {
            add(pair);
            inside();
        });
    });
    let name = Shared::name(&pair).expect("it has one");
    let mut latecomer = spawn_self("latecomer", |command| {
        command.arg(name);
    });
    assert_success(latecomer.wait().expect("it is a child"));
    holder.release();
    check(&pair, 1, 0);
}
