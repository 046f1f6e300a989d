//! Every verb of every kind of slot, on a segment whose bytes may be anything at any moment.

use std::cell::RefCell;
use std::fmt::Debug;
use std::hint::black_box;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use shmstate::access::{Read, Write};
use shmstate::slot::{Atomic, Scalar};
use shmstate::{
    CapacityExceeded, Corrupt, Locked, Plain, ReadOnly, Shared, SharedState, TimedOut, UpdateError,
    Watched,
};

use super::forge::Random;
use super::kinds::{Everything, assert_sound, example};
use super::scribbler::Habits;
use super::words::{list, text};

/// What came of a call.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Outcome {
    Value,
    Written,
    Corrupt,
    Timeout,
    Capacity,
    /// With a text that the documents announce.
    Panic,
    Opened,
    Refused,
}

/// How many calls had each [`Outcome`].
#[derive(SharedState, Debug)]
pub(crate) struct Tally {
    pub live: [u64; 8],
}

pub(super) const LIMIT: Duration = Duration::from_millis(1);

thread_local! {
    /// The last panic, with its place.
    static PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

pub(crate) struct Worker<'a> {
    name: &'a str,
    state: &'a Shared<Everything>,
    view: ReadOnly<Everything>,
    habits: Habits,
    random: &'a mut Random,
    tally: &'a [Atomic<u64>; 8],
    value: Everything,
}

impl<'a> Worker<'a> {
    pub(crate) fn new(
        name: &'a str,
        state: &'a Shared<Everything>,
        habits: Habits,
        random: &'a mut Random,
        tally: &'a [Atomic<u64>; 8],
    ) -> Self {
        std::panic::set_hook(Box::new(|info| {
            PANIC.set(info.to_string());
        }));
        Worker {
            name,
            state,
            view: state.read_only(),
            habits,
            random,
            tally,
            value: example(),
        }
    }

    /// Uses every slot once, and the state as a whole.
    pub(crate) fn round(&mut self) {
        macro_rules! slots {
            ($($verbs:ident: $($path:ident $([$index:literal])? $(.$inner:ident)?),*;)*) => {
                $($({
                    let slot = &self.state.$path $([$index])? $(.$inner)?;
                    let view = &self.view.$path $([$index])? $(.$inner)?;
                    let value = &self.value.$path $([$index])? $(.$inner)?.clone();
                    let turn = self.random.below(64);
                    let waits = self.waits();
                    self.call(stringify!($path), turn, || $verbs(slot, view, value, turn, waits));
                })*)*
            };
        }
        slots! {
            atomic: flag, letter, tiny, count, ratio, phase, level, last, tries, per_worker[2], alone,
                limits.low, limits.high, limits.strict, rows[1].low, host, end;
            number: tiny, count, per_worker[0];
            watched: generation, steps[0], steps[1], beats, beat;
            locked: total, maybe, pair, pause, locked_level, foreign, window, account, page, since, peer;
            text: label, lines[0], lines[1];
            list: recent, letters, people, names;
        }
        let (name, state, view) = (self.name, self.state, &self.view);
        let turn = self.random.below(12);
        self.call("the state", turn, || whole(name, state, view, turn));
    }

    /// Whether calls that wait for ever for a living holder can be made.
    fn waits(&self) -> bool {
        !self.habits.live
    }

    fn call(&self, what: &str, turn: usize, f: impl FnOnce() -> Outcome) {
        let outcome = catch_unwind(AssertUnwindSafe(f)).unwrap_or_else(|_| {
            let text = PANIC.take();
            if !is_announced(&text) {
                let _ = std::panic::take_hook();
                panic!("{what}, turn {turn}: {text}");
            }
            Outcome::Panic
        });
        self.tally[outcome as usize].fetch_add(1);
    }
}

/// Whether the documents of the slots announce a panic of this text.
fn is_announced(text: &str) -> bool {
    text.ends_with("; another program wrote there, and writing a valid value heals it")
        || text.contains(" has not held still for as long as a read waits")
}

pub(super) fn seen(value: impl Debug) -> Outcome {
    black_box(format!("{value:?}"));
    Outcome::Value
}

pub(super) fn seen_or<T: Debug>(result: Result<T, Corrupt>) -> Outcome {
    match result {
        Ok(value) => seen(value),
        Err(corrupt) => {
            black_box(corrupt.to_string());
            Outcome::Corrupt
        }
    }
}

pub(super) fn written<R>(result: Result<R, UpdateError>) -> Outcome {
    match result {
        Ok(_) => Outcome::Written,
        Err(UpdateError::LockTimeout { .. }) => Outcome::Timeout,
        Err(UpdateError::Corrupt(corrupt)) => {
            black_box(corrupt.to_string());
            Outcome::Corrupt
        }
        Err(UpdateError::CapacityExceeded(exceeded)) => fitting::<()>(Err(exceeded)),
        Err(other) => panic!("{other}"),
    }
}

pub(super) fn fitting<R>(result: Result<R, CapacityExceeded>) -> Outcome {
    match result {
        Ok(_) => Outcome::Written,
        Err(exceeded) => {
            assert!(exceeded.needed > exceeded.capacity, "{exceeded:?}");
            Outcome::Capacity
        }
    }
}

pub(super) fn waited<T: Debug>(result: Result<T, TimedOut>) -> Outcome {
    match result {
        Ok(value) => seen(value),
        Err(timed_out) => {
            black_box(timed_out.to_string());
            Outcome::Timeout
        }
    }
}

fn atomic<T: Scalar + Copy + Debug + PartialEq>(
    slot: &Atomic<T, Write>,
    view: &Atomic<T, Read>,
    value: &T,
    turn: usize,
    _: bool,
) -> Outcome {
    match turn % 10 {
        0 => seen_or(slot.try_get()),
        1 => seen_or(view.try_get()),
        2 => seen(slot.get()),
        3 => seen(view.get()),
        4 => seen(slot.update(|old| old)),
        5 => seen(slot.replace(*value)),
        6 => seen(slot.compare_exchange(*value, *value)),
        7 => seen(slot),
        8 => seen(view),
        _ => {
            slot.set(*value);
            Outcome::Written
        }
    }
}

fn number<T>(
    slot: &Atomic<T, Write>,
    view: &Atomic<T, Read>,
    value: &T,
    turn: usize,
    waits: bool,
) -> Outcome
where
    T: shmstate::slot::Number + Copy + Debug + PartialEq,
{
    match turn % 5 {
        0 => seen(slot.fetch_add(*value)),
        1 => seen(slot.fetch_sub(*value)),
        2 => seen(slot.fetch_max(*value)),
        3 => seen(slot.fetch_min(*value)),
        _ => atomic(slot, view, value, turn / 5, waits),
    }
}

fn watched<T: Scalar + Copy + Debug + PartialEq>(
    slot: &Watched<T, Write>,
    view: &Watched<T, Read>,
    value: &T,
    turn: usize,
    _: bool,
) -> Outcome {
    match turn % 14 {
        0 => seen_or(slot.try_get()),
        1 => seen_or(view.try_get()),
        2 => seen(slot.get()),
        3 => seen(view.get()),
        4 => seen(slot.update(|old| old)),
        5 => seen(slot.replace(*value)),
        6 => seen(slot.compare_exchange(*value, *value)),
        7 => seen((slot, view)),
        8 => waited(slot.wait_until_for(LIMIT, |value| {
            seen(value);
            false
        })),
        9 => waited(slot.wait_until_for(LIMIT, |_| true)),
        10 => waited(slot.wait_until_for(LIMIT, |now| now == value)),
        11 => seen(slot.wait_until(|_| true)),
        _ => {
            slot.set(*value);
            Outcome::Written
        }
    }
}

fn locked<T: Plain<M> + Clone + Debug, M: 'static>(
    slot: &Locked<T, Write, M>,
    view: &Locked<T, Read, M>,
    value: &T,
    turn: usize,
    waits: bool,
) -> Outcome {
    let new = value.clone();
    match turn % 24 {
        0 => seen_or(slot.try_get()),
        1 => seen_or(view.try_get()),
        2 => seen(slot.get()),
        3 => seen(view.get()),
        4 | 5 => {
            let mut out = new;
            if turn == 4 {
                slot.read_into(&mut out);
            } else {
                view.read_into(&mut out);
            }
            seen(out)
        }
        6 => seen_or(slot.try_snapshot()),
        7 => seen((slot.version(), slot.recoveries(), view.version())),
        8 => seen(slot),
        9 => seen(view),
        10 => waited(slot.wait_until_for(LIMIT, |value| {
            seen(value);
            false
        })),
        11 => waited(slot.wait_until_for(LIMIT, |_| true)),
        12 => written(slot.try_modify(|value| *value = new)),
        13 | 14 => written(slot.try_modify_for(LIMIT, |value| {
            seen(&value);
            *value = new;
        })),
        15 if waits => {
            slot.set(new);
            Outcome::Written
        }
        16 if waits => seen(slot.replace(new)),
        17 if waits => seen(slot.modify(|value| value.clone())),
        18 if waits => seen(slot.wait_until(|_| true)),
        _ => written(slot.try_set(new)),
    }
}

/// What is done with all slots at once, and with the segment.
fn whole(
    name: &str,
    state: &Shared<Everything>,
    view: &ReadOnly<Everything>,
    turn: usize,
) -> Outcome {
    let look = |result: Result<Everything, Corrupt>| {
        if let Ok(value) = &result {
            assert_sound(value);
        }
        seen_or(result)
    };
    let opened = |result: Result<Everything, String>| match result {
        Ok(value) => {
            assert_sound(&value);
            Outcome::Opened
        }
        Err(text) => {
            black_box(text);
            Outcome::Refused
        }
    };
    match turn {
        0 => look(state.try_snapshot()),
        1 => look(view.try_snapshot()),
        2 => seen((state, view)),
        3 => {
            let mut out = example();
            state.snapshot_into(&mut out);
            look(Ok(out))
        }
        4 => look(Ok(view.snapshot())),
        5 => look(state.read_only().try_snapshot()),
        6 | 7 => opened(match Shared::<Everything>::open(name) {
            Ok(state) => state.try_snapshot().map_err(|corrupt| corrupt.to_string()),
            Err(error) => Err(error.to_string()),
        }),
        8 | 9 => opened(match ReadOnly::<Everything>::open(name) {
            Ok(view) => view.try_snapshot().map_err(|corrupt| corrupt.to_string()),
            Err(error) => Err(error.to_string()),
        }),
        // Its field table is compared with this one, field by field.
        10 => opened(Err(Shared::<[u64; 2]>::open(name)
            .err()
            .map_or_else(String::new, |e| e.to_string()))),
        _ => opened(match Shared::<Everything>::from_token(&state.token()) {
            Ok(state) => state.try_snapshot().map_err(|corrupt| corrupt.to_string()),
            Err(error) => Err(error.to_string()),
        }),
    }
}
