//! What waiting costs where nobody waits, and where tasks do, beside the same without this library.
//!
//! Run `cargo bench --bench waiting`, with the name of a line, or part of it, for only that. Each line compares an
//! operation of this library with its counterpart: the median of the rounds, in which both take turns, with the fastest
//! and the slowest round in parentheses, and the median of the rounds' ratios.
//!
//! The first lines are accesses to a watched field that nobody waits for, beside a `std` atomic. A round trip is there
//! and back, between two processes on processors of their own or on the same one. *Tasks*: each is alone in a runtime of
//! `tokio` in its process, and the counterpart is a byte in a socket of the runtime's. Threads that wait are in
//! `cargo bench -p shared-bench -- hand-over`, beside more than one counterpart.

#![allow(unsafe_code)] // `fork`, and keeping to a processor

mod pin;
mod tasks;

use std::hint::black_box;
use std::ptr;
use std::sync::atomic::Ordering::SeqCst;
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
    #[shared(cache_padded)]
    plain: u32,
}

type Slots = <Both as SharedState>::Slots;

fn main() {
    let state = Shared::new(Both::default()).expect("created");
    println!("nanoseconds: median (fastest to slowest round)\n");
    println!(
        "{:40}{:>33}{:>33}{:>8}",
        "", "this library", "without it", "ratio"
    );
    pin(0);
    alone(&state);
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
    // SAFETY: the process is this one's child; how it ended is not asked for.
    unsafe { libc::waitpid(child, ptr::null_mut(), 0) };
}
