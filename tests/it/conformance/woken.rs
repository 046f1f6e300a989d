//! Waiters that do not take the lock when it is theirs.
//!
//! If any of this were wrong, it would print the watchdog's "somebody hangs": a wake-up went to one who could not use it,
//! and nobody else was woken.

#![allow(unsafe_code)] // the scheduler's calls

use std::thread::yield_now;

use nix::sys::signal::Signal;

use super::deaths::done;
use super::os;
use super::start::{Crew, Member, Way, send};
use super::support::watchdog;
use super::world::{State, add, file_of};

const ROUNDS: u64 = 100;

/// Whether nobody else gets this processor until this process sleeps. That is allowed to root.
fn go_first(policy: i32, priority: i32) -> bool {
    let parameters = libc::sched_param {
        sched_priority: priority,
    };
    // SAFETY: the parameters live until the call returns.
    unsafe { libc::sched_setscheduler(0, policy, &raw const parameters) == 0 }
}

/// Makes one change.
pub(crate) fn changes_once(me: &Member<'_>) {
    if me.state.door.get() == 0 {
        // The next best: takes the processor only if nobody else wants it.
        // SAFETY: the call takes a number.
        unsafe { libc::nice(19) };
    }
    me.say(1);
    me.state.pair.modify(add);
}

/// Makes changes whenever the lock is free, without ever sleeping for it, until it is told to end.
pub(crate) fn comes_and_goes(me: &Member<'_>) {
    me.say(1);
    while me.order() == 0 {
        if me.state.pair.try_modify(add).is_ok() {
            me.state.numbers[me.seat].fetch_add(1);
        }
        yield_now();
    }
}

/// Releases the lock, which wakes one of two waiters, and kills the first of them at once. All share one processor, and
/// the others go behind this process.
fn kill_woken_waiters(crew: &Crew, state: &State) {
    let can_go_first = go_first(libc::SCHED_FIFO, 1) && go_first(libc::SCHED_OTHER, 0);
    state.door.set(can_go_first.into());
    let survivor = crew.start(state, "serves_under_the_lock", 0);
    let file = file_of(state);
    let mut in_time = 0;
    for round in 1..=ROUNDS {
        let before = state.pair.get().0;
        let mut victim = None;
        state.pair.modify(|pair| {
            let child = crew.start(state, "changes_once", 1);
            file.until_lock_is_waited_for();
            child.sleeps_at(1);
            survivor.order(round);
            survivor.sleeps_at(done(round) - 1);
            victim = Some((child.id(), child));
            add(pair);
            go_first(libc::SCHED_FIFO, 1);
        });
        let (id, victim) = victim.expect("it was started");
        send(id, Signal::SIGKILL);
        go_first(libc::SCHED_OTHER, 0);
        in_time += u64::from(victim.end().is_err());
        survivor.reached(done(round));
        let (low, high) = state.pair.get();
        assert!(low == high && low >= before + 2, "a change is missing");
    }
    survivor.order(u64::MAX);
    survivor.wait();
    println!("{in_time} of {ROUNDS} were killed in time");
    assert!(in_time > 0, "nobody was killed");
}

/// US.
pub(crate) fn a_woken_waiter_killed_before_it_runs_strands_nobody(way: Way) {
    watchdog(200);
    os::stay_on_one_processor();
    let crew = Crew::ready(way, 2);
    let state = crew.state("woken");
    kill_woken_waiters(&crew, &state);
    let (changes, _) = state.pair.get();
    assert!(
        (2 * ROUNDS..3 * ROUNDS).contains(&changes),
        "{changes} changes"
    );
}

/// US: the same with other traffic, of one who comes and goes all the time.
pub(crate) fn a_woken_waiter_killed_before_it_runs_strands_nobody_among_others(way: Way) {
    watchdog(200);
    os::stay_on_one_processor();
    let crew = Crew::ready(way, 3);
    let state = crew.state("woken");
    let other = crew.start(&state, "comes_and_goes", 2);
    other.reached(1);
    kill_woken_waiters(&crew, &state);
    other.order(1);
    other.wait();
    let others = u64::try_from(state.numbers[2].get()).expect("a count");
    let (changes, _) = state.pair.get();
    assert!(others > 0, "there was no traffic");
    let changes = changes - others;
    assert!(
        (2 * ROUNDS..=3 * ROUNDS).contains(&changes),
        "{changes} changes"
    );
}
