//! What it costs to hand something over between processes, beside the same done by hand.
//!
//! Run `cargo bench --bench waiting`, with the name of a line, or part of it, for only that. Each line compares an
//! operation of this library with its counterpart: the median of the rounds, in which both take turns, with the fastest
//! and the slowest round in parentheses, and the median of the rounds' ratios.
//!
//! The counterparts: a `std` atomic; and a number with a flag beside it that says whether somebody sleeps, which a
//! waiter looks at 2,000 times before it sleeps ("spins, then sleeps"), or not at all ("sleeps").
//!
//! A round trip is there and back. *Awake*: both processes are on processors of their own, and neither sleeps. *One
//! processor*: both are on the same, so one of them has to stop for the other. *Asleep*: on two processors; each
//! hand-over comes when the other has been asleep for a while, and what is measured is the time from the change to the
//! return of the one that waits. *Tasks*: each is alone in a runtime of `tokio` in its process, and the counterpart is a
//! byte in a socket of the runtime's.

#![allow(unsafe_code)] // the counterparts

#[path = "../support/pin.rs"]
mod pin;
mod tasks;

use std::hint::black_box;
use std::ptr;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::time::{Duration, Instant};

use pin::pin;
use shmstate::{Shared, SharedState};

const ROUNDS: usize = 33;

#[derive(SharedState, Default)]
struct Both {
    #[shared(watch, cache_padded)]
    there: u32,
    #[shared(watch, cache_padded)]
    back: u32,
    #[shared(lock)]
    locked_there: u32,
    #[shared(lock)]
    locked_back: u32,
    #[shared(cache_padded)]
    plain: u32,
    /// By hand: the number, and whether somebody sleeps until it changes.
    #[shared(cache_padded)]
    by_hand: [ByHand; 2],
    /// When the number was changed, in nanoseconds.
    changed: u64,
    latency: u64,
}

#[derive(SharedState, Default)]
struct ByHand {
    number: u32,
    sleeps: u32,
}

type Slots = <Both as SharedState>::Slots;

fn main() {
    let state = Shared::new(Both::default()).expect("create");
    println!("nanoseconds: median (fastest to slowest round)\n");
    println!(
        "{:40}{:>33}{:>33}{:>8}",
        "", "this library", "by hand", "ratio"
    );
    pin(0);
    alone(&state);
    trips(
        &state,
        "watch: round trip, awake",
        [0, 1],
        20_000,
        1.2,
        WATCH,
        SPINS,
    );
    trips(
        &state,
        "lock: round trip, awake",
        [0, 1],
        20_000,
        f64::INFINITY,
        LOCK,
        SPINS,
    );
    trips(
        &state,
        "watch: round trip, one processor",
        [0, 0],
        2_000,
        1.2,
        WATCH,
        SLEEPS,
    );
    trips(
        &state,
        "lock: round trip, one processor",
        [0, 0],
        2_000,
        f64::INFINITY,
        LOCK,
        SLEEPS,
    );
    latency(&state, "watch: asleep", 1.2, WATCH, SLEEPS);
    latency(&state, "lock: asleep", 1.2, LOCK, SLEEPS);
    // At the end: the library has a thread from here on.
    tasks::trips(&state, "watch: round trip, tasks", [0, 1]);
    tasks::trips(&state, "watch: round trip, tasks, one processor", [0, 0]);
}

/// Nobody waits.
fn alone(state: &Slots) {
    let turns = 200_000;
    let raw = state.plain.raw();
    let time = |what: &str, bar, ours: &dyn Fn(), theirs: &dyn Fn()| {
        let round = || [repeat(turns, ours), repeat(turns, theirs)];
        report(what, bar, round);
    };
    time(
        "watch: fetch_add, nobody waits",
        1.3,
        &|| {
            black_box(state.there.fetch_add(1));
        },
        &|| {
            black_box(raw.fetch_add(1, SeqCst));
        },
    );
    time(
        "watch: set, nobody waits",
        f64::INFINITY,
        &|| state.there.set(black_box(1)),
        &|| raw.store(black_box(1), SeqCst),
    );
    time(
        "watch: get",
        f64::INFINITY,
        &|| {
            black_box(state.there.get());
        },
        &|| {
            black_box(raw.load(SeqCst));
        },
    );
}

fn repeat(turns: u32, f: &dyn Fn()) -> f64 {
    let start = Instant::now();
    for _ in 0..turns {
        f();
    }
    nanoseconds(start.elapsed(), turns)
}

#[derive(Clone, Copy)]
struct Way {
    /// Sets the number `there` or, if 1, `back`.
    set: fn(&Slots, usize, u32),
    wait: fn(&Slots, usize, u32),
}

const WATCH: Way = Way {
    set: |slots, which, number| [&slots.there, &slots.back][which].set(number),
    wait: |slots, which, number| {
        [&slots.there, &slots.back][which].wait_until(|n| *n == number);
    },
};
const LOCK: Way = Way {
    set: |slots, which, number| [&slots.locked_there, &slots.locked_back][which].set(number),
    wait: |slots, which, number| {
        [&slots.locked_there, &slots.locked_back][which].wait_until(|n| *n == number);
    },
};
const SPINS: Way = Way {
    set: set_by_hand,
    wait: |slots, which, number| wait_by_hand(slots, which, number, 2_000),
};
const SLEEPS: Way = Way {
    set: set_by_hand,
    wait: |slots, which, number| wait_by_hand(slots, which, number, 0),
};

fn set_by_hand(slots: &Slots, which: usize, number: u32) {
    let word = &slots.by_hand[which];
    word.number.raw().store(number, SeqCst);
    if word.sleeps.raw().load(SeqCst) != 0 {
        futex(word.number.raw(), libc::FUTEX_WAKE, u32::MAX >> 1);
    }
}

fn wait_by_hand(slots: &Slots, which: usize, number: u32, looks: u32) {
    let word = &slots.by_hand[which];
    for _ in 0..looks {
        if word.number.raw().load(Relaxed) == number {
            return;
        }
        std::hint::spin_loop();
    }
    word.sleeps.raw().store(1, SeqCst);
    loop {
        let now = word.number.raw().load(SeqCst);
        if now == number {
            break;
        }
        futex(word.number.raw(), libc::FUTEX_WAIT, now);
    }
    word.sleeps.raw().store(0, Relaxed);
}

fn futex(word: &AtomicU32, operation: libc::c_int, value: u32) {
    // SAFETY: the word is a live one; without a timeout the others are not looked at.
    unsafe {
        libc::syscall(
            libc::SYS_futex,
            word.as_ptr(),
            operation,
            value,
            ptr::null::<libc::timespec>(),
        )
    };
}

/// Round trips between two processes that are pinned to these processors.
fn trips(
    state: &Shared<Both>,
    what: &str,
    processors: [usize; 2],
    turns: u32,
    bar: f64,
    ours: Way,
    theirs: Way,
) {
    let trip = |way: Way| {
        reset(state, way);
        let child = fork(|| {
            pin(processors[1]);
            for number in 1..=turns {
                (way.wait)(state, 0, number);
                (way.set)(state, 1, number);
            }
        });
        pin(processors[0]);
        // The first warms up, and waits until the other has come.
        let mut start = Instant::now();
        for number in 1..=turns {
            (way.set)(state, 0, number);
            (way.wait)(state, 1, number);
            if number == 1 {
                start = Instant::now();
            }
        }
        let time = nanoseconds(start.elapsed(), turns - 1);
        wait_for(child);
        time
    };
    report(what, bar, || [trip(ours), trip(theirs)]);
}

/// The time from a change until a process that sleeps has seen it.
fn latency(state: &Shared<Both>, what: &str, bar: f64, ours: Way, theirs: Way) {
    const TURNS: u32 = 20;
    let round = |way: Way| {
        reset(state, way);
        state.latency.set(0);
        let child = fork(|| {
            pin(1);
            for number in 1..=TURNS {
                (way.wait)(state, 0, number);
                state.latency.fetch_add(now() - state.changed.get());
                (way.set)(state, 1, number);
            }
        });
        pin(0);
        for number in 1..=TURNS {
            // Much longer than anybody spins; the child sleeps at the end of it.
            let start = Instant::now();
            while start.elapsed() < Duration::from_micros(400) {
                std::hint::spin_loop();
            }
            state.changed.set(now());
            (way.set)(state, 0, number);
            (way.wait)(state, 1, number);
        }
        wait_for(child);
        #[allow(clippy::cast_precision_loss)] // a short time
        let total = state.latency.get() as f64;
        total / f64::from(TURNS)
    };
    report(what, bar, || [round(ours), round(theirs)]);
}

fn reset(state: &Slots, way: Way) {
    (way.set)(state, 0, 0);
    (way.set)(state, 1, 0);
}

fn now() -> u64 {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: `time` is a live `timespec`.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut time) };
    time.tv_sec.unsigned_abs() * 1_000_000_000 + time.tv_nsec.unsigned_abs()
}

fn report(what: &str, bar: f64, mut round: impl FnMut() -> [f64; 2]) {
    let filter = std::env::args().skip(1).find(|arg| !arg.starts_with('-'));
    if filter.is_some_and(|filter| !what.contains(&filter)) {
        return;
    }
    round(); // warms up
    let rounds: Vec<[f64; 2]> = (0..ROUNDS).map(|_| round()).collect();
    let column = |f: &dyn Fn(&[f64; 2]) -> f64| {
        let mut sorted: Vec<f64> = rounds.iter().map(f).collect();
        sorted.sort_by(f64::total_cmp);
        sorted
    };
    let shown = |sorted: &[f64]| {
        let (first, last) = (sorted[0], sorted[ROUNDS - 1]);
        format!("{:.2} ({first:.2} to {last:.2})", sorted[ROUNDS / 2])
    };
    let ratio = column(&|[ours, theirs]| ours / theirs)[ROUNDS / 2];
    let missed = if ratio > bar {
        format!("  over {bar}")
    } else {
        String::new()
    };
    println!(
        "{what:40} {:>32} {:>32}{ratio:8.2}{missed}",
        shown(&column(&|round| round[0])),
        shown(&column(&|round| round[1])),
    );
}

fn nanoseconds(time: Duration, turns: u32) -> f64 {
    time.as_secs_f64() * 1e9 / f64::from(turns)
}

/// Runs `f` in a child, which then ends.
fn fork(f: impl FnOnce()) -> libc::pid_t {
    // SAFETY: the child does what does not depend on other threads; this process has one, or another of the library's.
    let pid = unsafe { libc::fork() };
    assert!(pid >= 0, "fork");
    if pid == 0 {
        // SAFETY: the call takes numbers: the child ends with its parent.
        unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) };
        f();
        // SAFETY: ends the process, whatever its state.
        unsafe { libc::_exit(0) };
    }
    pid
}

fn wait_for(child: libc::pid_t) {
    // SAFETY: the process is this one's child; nobody wants to know how it ended.
    unsafe { libc::waitpid(child, ptr::null_mut(), 0) };
}
