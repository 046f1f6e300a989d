//! Forks while the lock is held.
//!
//! The row is "fork while another thread is inside `modify`". It is a fork of the *child*, who has the segment in one
//! of the four ways, that is looked at here. (Forks of the creator are in `tests/locking`.) If any of this were wrong,
//! it would print "the fork's change", "the fork has unlocked", or "robbed".

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, yield_now};

use super::locks::held_by;
use super::start::{Crew, Member, Way};
use super::support::{Fork, assert_success, fork, start, watchdog};
use super::world::{add, check, until};

/// Forks within its update. The fork comes back from it, changes nothing, and does not get the lock.
pub(crate) fn forks_within_an_update(me: &Member<'_>) {
    let pair = &me.state.pair;
    let this = std::process::id();
    let version = pair.version();
    pair.modify(|value| match fork() {
        Fork::Child => *value = (77, 77),
        Fork::Parent(process) => {
            assert_success(process.wait());
            assert_eq!(pair.version(), version, "the fork's change");
            add(value);
        }
    });
    if this == std::process::id() {
        return;
    }
    // The fork, behind its update.
    let well = catch_unwind(AssertUnwindSafe(|| {
        assert_eq!(
            (pair.get(), pair.version()),
            ((0, 0), version),
            "the fork's change"
        );
        held_by(pair, &[0, 40], this);
    }));
    std::process::exit(if well.is_ok() { 0 } else { 101 });
}

pub(crate) fn a_fork_of_the_child_within_an_update_neither_commits_nor_unlocks(way: Way) {
    watchdog(100);
    let crew = Crew::ready(way, 1);
    let state = crew.state("within");
    crew.start(&state, "forks_within_an_update", 0).wait();
    check(&state.pair, 1, 0);
    state.pair.modify(add);
    check(&state.pair, 2, 0);
}

/// Forks while another of its threads is inside an update. The fork is refused until that is done.
pub(crate) fn forks_beside_an_update(me: &Member<'_>) {
    let pair = &me.state.pair;
    let (holds, go_on) = (AtomicBool::new(false), AtomicBool::new(false));
    let step = &me.state.desk.steps[me.seat];
    thread::scope(|scope| {
        scope.spawn(|| {
            pair.modify(|pair| {
                add(pair);
                holds.store(true, Ordering::Release);
                while !go_on.load(Ordering::Acquire) {
                    yield_now();
                }
            });
        });
        while !holds.load(Ordering::Acquire) {
            yield_now();
        }
        let holder = std::process::id();
        let fork = start(|| {
            held_by(pair, &[0, 40], holder);
            step.set(1);
            pair.modify(add);
        });
        until(me.state, || step.get() == 1);
        check(pair, 0, 0);
        go_on.store(true, Ordering::Release);
        assert_success(fork.wait());
    });
}

pub(crate) fn a_fork_of_the_child_beside_an_update_gets_the_lock_when_that_is_done(way: Way) {
    watchdog(100);
    let crew = Crew::ready(way, 1);
    let state = crew.state("beside");
    crew.start(&state, "forks_beside_an_update", 0).wait();
    check(&state.pair, 2, 0);
}
