//! Waiting for a change, of what is set without its type and with it.

use std::thread::yield_now;
use std::time::Duration;

use shmstate::access::Write;
use shmstate::inspect::{Inspector, WaitError};
use shmstate::{Shared, SharedState};

use super::forge;
use super::support::{assert_success, name, pipe, start, watchdog};

#[derive(SharedState, Clone, Debug, Default, PartialEq)]
struct State {
    #[shared(lock)]
    pair: Pair,
    #[shared(watch)]
    step: u64,
    plain: u32,
    #[shared(watch)]
    steps: [u8; 3],
}

#[derive(SharedState, Clone, Debug, Default, PartialEq)]
struct Pair {
    low: u32,
    high: u32,
}

const LIMIT: Duration = Duration::from_mins(1);
fn stage() -> (Shared<State>, Inspector<Write>) {
    let name = name("step");
    let state = Shared::create(&name, State::default()).expect("create");
    let inspector = Inspector::options().writable().open(&name).expect("open");
    (state, inspector)
}

/// The word that those who wait sleep on, `at` bytes from the start of the slots: odd if somebody does.
fn event(at: usize) -> u32 {
    let bytes = forge::bytes(&name("step")).expect("it is there");
    let slots = usize::try_from(forge::get(&bytes, "slots_offset")).expect("small");
    let word = &bytes[slots + at..][..4];
    u32::from_le_bytes(word.try_into().expect("four bytes"))
}

/// Waits until somebody waits.
fn until_odd(at: usize) -> u32 {
    loop {
        let word = event(at);
        if word & 1 != 0 {
            return word;
        }
        yield_now();
    }
}

/// Where the event word of that field lies; `within` its slot.
fn event_of(inspector: &Inspector<Write>, path: &str, within: usize) -> usize {
    inspector.field(path).expect(path).offset() + within
}

/// Behind a number of 8 and of 1 byte, and in a lock-guarded slot.
const OF_EIGHT: usize = 8;
const OF_ONE: usize = 4;
const OF_LOCKED: usize = 16;

// If wrong: two words that differ: nobody was told.
pub(crate) fn changing_a_watched_field_wakes_who_waits_for_it() {
    watchdog(100);
    let (state, inspector) = stage();
    let at = event_of(&inspector, "step", OF_EIGHT);
    let field = inspector.field("step").expect("it is there");
    let changes: [&dyn Fn(u64); 3] = [
        &|n| field.set(n).expect("set"),
        &|n| field.set_str(&n.to_string()).expect("set"),
        &|_| drop(field.add(1).expect("added")),
    ];
    for (n, change) in (1..).zip(changes) {
        let waiter = start(|| assert_eq!(state.step.wait_until(|step| *step == n), n));
        let odd = until_odd(at);
        change(n);
        assert_eq!(event(at), odd + 1);
        assert_success(waiter.wait());
    }
}

// If wrong: as above.
pub(crate) fn changing_a_locked_field_wakes_who_waits_for_it() {
    watchdog(100);
    let (state, inspector) = stage();
    let at = event_of(&inspector, "pair", OF_LOCKED);
    let changes: [&dyn Fn(u32); 3] = [
        &|n| inspector.field("pair.low").unwrap().set(n).expect("set"),
        &|n| {
            let field = inspector.field("pair").expect("it is there");
            field
                .set_str(&format!("{{low: {n}, high: 0}}"))
                .expect("set");
        },
        &|_| drop(inspector.field("pair.low").unwrap().add(1).expect("added")),
    ];
    for (n, change) in (1..).zip(changes) {
        let waiter = start(|| assert_eq!(state.pair.wait_until(|pair| pair.low == n).low, n));
        let odd = until_odd(at);
        change(n);
        assert_eq!(event(at), odd + 1);
        assert_success(waiter.wait());
    }
}

// If wrong: the watchdog: nobody says that it waits, or it is not woken.
pub(crate) fn who_waits_for_a_watched_field_sleeps_and_is_woken() {
    watchdog(100);
    let (state, inspector) = stage();
    for (path, within) in [("step", OF_EIGHT), ("steps[1]", OF_ONE)] {
        let field = inspector.field(path).expect(path);
        let waiter = start(|| {
            let value = field.wait_until(|value| *value == 7_u8.into());
            assert_eq!(value.expect("read"), 7_u8.into());
        });
        let at = event_of(&inspector, path, within);
        until_odd(at);
        match path {
            "step" => state.step.set(7),
            _ => state.steps[1].set(7),
        }
        assert_success(waiter.wait());
    }
}

// If wrong: as above.
pub(crate) fn who_waits_for_a_part_of_a_locked_field_sleeps_and_is_woken() {
    watchdog(100);
    let (state, inspector) = stage();
    let waiter = start(|| {
        let field = inspector.field("pair.high").expect("it is there");
        let value = field.wait_until(|value| *value == 7_u32.into());
        assert_eq!(value.expect("read"), 7_u32.into());
    });
    let at = event_of(&inspector, "pair", OF_LOCKED);
    until_odd(at);
    state.pair.modify(|pair| pair.low = 7);
    until_odd(at);
    state.pair.modify(|pair| pair.high = 7);
    assert_success(waiter.wait());
}

// If wrong: the watchdog, or a write to memory that may only be read.
pub(crate) fn who_only_reads_waits_too() {
    watchdog(100);
    let (state, _) = stage();
    let (began, tell) = pipe();
    let waiter = start(|| {
        let inspector = Inspector::open(&name("step")).expect("open");
        tell.tell();
        for path in ["step", "plain", "pair.high", "steps[2]"] {
            let field = inspector.field(path).expect(path);
            field
                .wait_until_for(LIMIT, |value| *value == 3_u8.into())
                .expect(path);
        }
    });
    began.wait();
    state.step.set(3);
    state.plain.set(3);
    state.pair.modify(|pair| pair.high = 3);
    state.steps[2].set(3);
    assert_success(waiter.wait());
}

// If wrong: the watchdog, or a value that was not waited for.
pub(crate) fn a_wait_ends_with_its_limit() {
    watchdog(100);
    let (_state, inspector) = stage();
    for path in ["step", "plain", "pair", "pair.high", "steps", ""] {
        for limit in [Duration::ZERO, Duration::from_millis(3)] {
            let waited = inspector
                .field(path)
                .expect(path)
                .wait_until_for(limit, |_| false);
            assert!(
                matches!(waited, Err(WaitError::TimedOut(_))),
                "{path}: {waited:?}"
            );
        }
    }
}
