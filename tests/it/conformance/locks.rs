//! The lock of a slot, between the creator and its children.

use std::time::Duration;
use std::{process, thread};

use nix::sys::signal::Signal;
use shmstate::{Locked, UpdateError};

use super::slot::until_state;
use super::start::{Crew, Member, Way, order_all};
use super::support::watchdog;
use super::world::{Pair, add, check, file_of, until};

/// Enough for each check of a live holder, the slowest of which is made after a second, in milliseconds.
pub(crate) const LONG: u64 = 1_200;

/// Waits for the lock for so many milliseconds each, in vain; `who` has it.
#[track_caller]
pub(crate) fn held_by(pair: &Locked<Pair>, limits: &[u64], who: u32) {
    for limit in limits {
        let result = match limit {
            0 => pair.try_modify(add),
            _ => pair.try_modify_for(Duration::from_millis(*limit), add),
        };
        match result {
            Err(UpdateError::LockTimeout { holder, .. }) => assert_eq!(holder, who, "who holds it"),
            Err(error) => panic!("{error}"),
            Ok(()) => panic!("robbed a living holder"),
        }
    }
}

const CHILDREN: usize = 4;
const EACH: u64 = 2_500;

/// Adds 10, and makes its changes under the lock.
pub(crate) fn adds(me: &Member<'_>) {
    me.state.numbers[0].fetch_add(10);
    me.wait_for(0);
    me.state.pair.modify(add);
}

/// Makes as many changes as were ordered.
pub(crate) fn makes_changes(me: &Member<'_>) {
    me.wait_for(1);
    for _ in 0..me.order() {
        me.state.pair.modify(add);
        me.state
            .list
            .modify(|list| list.push(1))
            .expect("there is room");
        let taken = me.state.list.modify(|list| list.drain(..1).count());
        assert_eq!(taken.expect("shorter"), 1, "somebody else took it");
    }
}

/// PS multi-process counter: N processes, M changes each, exactly N·M. If the lock let two in, this would print a lower
/// count.
pub(crate) fn changes_under_the_lock_are_never_lost(way: Way) {
    watchdog(200);
    let crew = Crew::ready(way, CHILDREN);
    let state = crew.state("count");
    let children = [0, 1, 2, 3].map(|seat| crew.start(&state, "makes_changes", seat));
    order_all(&children, EACH);
    for _ in 0..EACH {
        state.pair.modify(add);
    }
    for child in children {
        child.wait();
    }
    check(&state.pair, (CHILDREN as u64 + 1) * EACH, 0);
    assert!(state.list.is_empty());
    assert!(!file_of(&state).is_held());
}

/// Makes a change, and holds the lock until it may go on.
pub(crate) fn holds(me: &Member<'_>) {
    me.state.pair.modify(|pair| {
        pair.0 += 1;
        me.say(1);
        me.wait_for(1);
        pair.1 += 1;
    });
}

/// Tries to get the lock that its creator holds.
pub(crate) fn tries(me: &Member<'_>) {
    me.wait_for(1);
    held_by(
        &me.state.pair,
        &[0, 20],
        u32::try_from(me.order()).expect("an id"),
    );
}

/// PY Lock. If a try blocked, the watchdog would end it; if it did not see the holder, "robbed a living holder".
pub(crate) fn a_try_on_a_held_lock_fails_and_says_who_holds_it(way: Way) {
    watchdog(100);
    let crew = Crew::ready(way, 2);
    let state = crew.state("held");
    let child = crew.start(&state, "holds", 0);
    child.reached(1);
    held_by(&state.pair, &[0, 20], child.id());
    let other = crew.start(&state, "tries", 1);
    other.order(child.id().into());
    other.wait();
    assert!(state.pair.try_set((7, 7)).is_err());
    check(&state.pair, 0, 0);
    child.order(1);
    child.wait();
    check(&state.pair, 1, 0);

    let other = crew.start(&state, "tries", 1);
    state.pair.modify(|pair| {
        other.order(process::id().into());
        other.wait();
        add(pair);
    });
    check(&state.pair, 2, 0);
}

/// US: others time out with its id, and its commit is whole. If it were taken for dead: "robbed a living holder".
pub(crate) fn a_stopped_holder_is_not_dead(way: Way) {
    watchdog(100);
    let crew = Crew::ready(way, 1);
    let state = crew.state("stopped");
    let child = crew.start(&state, "holds", 0);
    child.reached(1);
    child.signal(Signal::SIGSTOP);
    until_state(child.id(), "T");
    held_by(&state.pair, &[0, 20, LONG], child.id());
    check(&state.pair, 0, 0);
    child.order(1);
    child.signal(Signal::SIGCONT);
    child.wait();
    check(&state.pair, 1, 0);
}

/// Has two threads make its changes. One cannot take the lock from the other.
pub(crate) fn adds_in_two_threads(me: &Member<'_>) {
    let pair = &me.state.pair;
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| (0..EACH).for_each(|_| pair.modify(add)));
        }
    });
    me.say(1);
    me.wait_for(1);
    thread::scope(|scope| {
        scope.spawn(|| {
            holds(&Member {
                state: me.state,
                way: me.way,
                seat: me.seat + 1,
            });
        });
        until(me.state, || me.state.desk.steps[me.seat + 1].get() == 1);
        held_by(pair, &[0, 20], process::id());
        me.say(2);
    });
}

/// US. If the owner were the process, a thread would be let in: "robbed a living holder", or a lower count.
pub(crate) fn two_threads_of_a_child_contend_as_two_processes_do(way: Way) {
    watchdog(200);
    let crew = Crew::ready(way, 1);
    let state = crew.state("threads");
    state.desk.steps[1].set(0);
    let child = crew.start(&state, "adds_in_two_threads", 0);
    for _ in 0..EACH {
        state.pair.modify(add);
    }
    child.reached(1);
    check(&state.pair, 3 * EACH, 0);
    child.order(1);
    child.reached(2);
    held_by(&state.pair, &[0, 20], child.id());
    state.desk.orders[1].set(1);
    child.wait();
    check(&state.pair, 3 * EACH + 1, 0);
}
