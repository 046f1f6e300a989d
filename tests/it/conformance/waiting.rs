//! Waiting for a change.
//!
//! A sleeper looks by itself from time to time, so a wake-up that is lost costs time, and by the clock no test fails. What
//! is looked at here is the word on which it sleeps: who changes the value takes back that somebody sleeps there.

use std::time::{Duration, Instant};

use super::start::{Child, Crew, Member, Way, die};
use super::subjects::Subject;
use super::support::{amount, watchdog};
use super::world::{State, until};

/// Waits for the subject of its order to become 1.
pub(crate) fn waits(me: &Member<'_>) {
    me.wait_for(1);
    let subject = Subject::of(me.order() - 1);
    me.say(1);
    assert_eq!(subject.wait(me.state, 1), 1);
    me.say(2);
}

/// Starts children in the seats from `first` that wait for the subject, and waits until they all sleep.
fn sleepers<const N: usize>(
    crew: &Crew,
    state: &State,
    first: usize,
    subject: Subject,
) -> [Child; N] {
    let children = std::array::from_fn(|i| crew.start(state, "waits", first + i));
    for child in &children {
        let child: &Child = child;
        child.order(subject as u64 + 1);
        child.reached(1);
    }
    until(state, || subject.event(state) & 1 == 1);
    for child in &children {
        child.sleeps_at(1);
    }
    children
}

/// Makes the change for which somebody sleeps.
#[track_caller]
fn wake(state: &State, subject: Subject) {
    let before = subject.event(state);
    assert_eq!(before & 1, 1, "{subject:?}: nobody sleeps");
    subject.set(state, 1);
    assert_ne!(
        subject.event(state),
        before,
        "{subject:?}: nobody was woken"
    );
}

/// As the role `waits_in_vain`, and as its creator.
fn wait_in_vain(state: &State) {
    let limit = Duration::from_millis(15);
    for subject in Subject::ALL {
        let start = Instant::now();
        let timed_out = subject.wait_in_vain(state, limit);
        assert!(start.elapsed() >= limit, "{subject:?}: too early");
        assert_eq!(timed_out.waited, limit);
    }
}

pub(crate) fn waits_in_vain(me: &Member<'_>) {
    wait_in_vain(me.state);
}

/// PY Event, Condition. If wrong: "too early", or the watchdog's "somebody hangs".
pub(crate) fn a_wait_ends_at_its_limit_when_nothing_comes(way: Way) {
    watchdog(100);
    let crew = Crew::ready(way, 1);
    let state = crew.state("vain");
    let child = crew.start(&state, "waits_in_vain", 0);
    wait_in_vain(&state);
    child.wait();
}

/// PY Event, Condition. If nobody were woken, this would print so, or "somebody hangs".
pub(crate) fn a_change_wakes_all_who_wait_for_it(way: Way) {
    watchdog(100);
    let crew = Crew::ready(way, 4);
    let state = crew.state("all");
    for subject in Subject::ALL {
        let children: [Child; 4] = sleepers(&crew, &state, 0, subject);
        wake(&state, subject);
        for child in children {
            child.wait();
        }
    }
}

/// Several fields, waited for by different processes. If a change woke the wrong ones, this would print which.
pub(crate) fn a_change_is_seen_by_those_who_wait_for_it_alone(way: Way) {
    watchdog(100);
    let crew = Crew::ready(way, 5);
    let state = crew.state("alone");
    let mut waiting: Vec<_> = Subject::ALL
        .into_iter()
        .zip(0..)
        .map(|(subject, seat)| {
            let [child] = sleepers(&crew, &state, seat, subject);
            (subject, child)
        })
        .collect();
    while let Some((subject, child)) = waiting.pop() {
        wake(&state, subject);
        child.wait();
        for (other, child) in &waiting {
            let step = state.desk.steps[*other as usize].get();
            assert_eq!(step, 1, "{other:?} was taken for {subject:?}");
            until(&state, || other.event(&state) & 1 == 1);
            child.sleeps_at(1);
        }
    }
}

/// PY: a killed waiter harms nobody. If wrong: "nobody was woken", or "somebody hangs".
pub(crate) fn a_killed_waiter_harms_nobody(way: Way) {
    watchdog(100);
    let crew = Crew::ready(way, 3);
    let state = crew.state("killed");
    for subject in Subject::ALL {
        let [first, victim, last] = sleepers(&crew, &state, 0, subject);
        victim.kill();
        wake(&state, subject);
        first.wait();
        last.wait();
        // What the dead one has left in the word is of no harm to the next.
        subject.set(&state, 0);
        let [next] = sleepers(&crew, &state, 1, subject);
        wake(&state, subject);
        next.wait();
    }
}

/// Dies in a change of the value for which others wait: the lock is held, and nothing was committed.
pub(crate) fn dies_in_its_change(me: &Member<'_>) {
    me.state.door.modify(|door| {
        *door = 1;
        me.say(1);
        me.wait_for(1);
        die();
    });
}

/// PS, and what section "Locks and waiting" asks of waiters: who dies in its change leaves the value, and strands nobody
/// who waits for it. If wrong: "somebody hangs".
pub(crate) fn a_writer_killed_in_its_change_strands_no_waiter(way: Way) {
    watchdog(100);
    let crew = Crew::ready(way, 3);
    let state = crew.state("writer");
    let [one, other] = sleepers(&crew, &state, 0, Subject::Locked);
    let writer = crew.start(&state, "dies_in_its_change", 2);
    writer.reached(1);
    writer.order(1);
    writer.end().expect_err("it was killed");
    assert_eq!(state.door.get(), 0, "the change of a dead process");
    assert_eq!([0, 1].map(|seat| state.desk.steps[seat].get()), [1, 1]);
    wake(&state, Subject::Locked);
    one.wait();
    other.wait();
    assert_eq!(state.door.recoveries(), 1);
}

/// Of a million, under each way and by each of two kinds.
fn hand_overs() -> u32 {
    amount(15_000, 125_000)
}

/// Takes each odd number, and gives the next even one back.
pub(crate) fn hands_over(me: &Member<'_>) {
    let state = me.state;
    for turn in 1..=hand_overs() {
        if turn % 2 == 1 {
            assert_eq!(state.door.wait_until(|n| *n >= turn), turn);
            state.door.set(turn + 1);
        }
    }
    for turn in 1..=hand_overs() {
        if turn % 2 == 1 {
            assert_eq!(state.watched_door.wait_until(|n| *n >= turn), turn);
            state.watched_door.set(turn + 1);
        }
    }
}

/// PY: no lost wake-up in a million hand-overs. If one were lost for good, the watchdog would end this; if a number were
/// seen twice, or not at all, this would print it.
pub(crate) fn no_hand_over_is_lost(way: Way) {
    watchdog(300);
    let crew = Crew::ready(way, 1);
    let state = crew.state("million");
    let child = crew.start(&state, "hands_over", 0);
    for turn in (1..=hand_overs()).step_by(2) {
        state.door.set(turn);
        assert_eq!(state.door.wait_until(|n| *n > turn), turn + 1);
    }
    for turn in (1..=hand_overs()).step_by(2) {
        state.watched_door.set(turn);
        assert_eq!(state.watched_door.wait_until(|n| *n > turn), turn + 1);
    }
    child.wait();
}
