//! What lock-guarded slots cost, beside the same done by hand.
//!
//! Run `cargo bench --bench locked`, with the name of a line, or part of it, for only that. Each line
//! compares an operation of this library with its counterpart, in nanoseconds an operation: the median of the
//! rounds, in which both take turns, with the fastest and the slowest round in parentheses, and the median of
//! the rounds' ratios. Processes are pinned: this one to the first processor that it may use, the other one to
//! the second. Contended lines depend on where the machine puts those two, so compare within one run only.
//!
//! The counterparts: a robust `pthread_mutex_t` in shared memory around a plain copy; a lock of one futex
//! word, without any recovery; a copy with relaxed atomic words, which may be torn; `memcpy`, likewise.

#![allow(unsafe_code)] // the counterparts

mod by_hand;
mod other;
#[path = "../support/pin.rs"]
mod pin;

use std::hint::black_box;
use std::time::Instant;

use by_hand::ByHand;
use other::{BY_HAND, IDLE, OURS, Other};
use pin::pin;
use shmstate::{Shared, SharedState};

/// A value of `N` words, all of which are the same after each change.
#[derive(SharedState, Clone, PartialEq, Debug)]
#[shared(lock)]
struct Words<const N: usize> {
    words: [u64; N],
}

const SMALL: usize = 8; // 64 bytes
const MIDDLE: usize = 128; // 1 KiB
const LARGE: usize = 8192; // 64 KiB

const ROUNDS: usize = 101;

fn main() {
    pin(0);
    println!("nanoseconds an operation: median (fastest to slowest round)\n");
    println!(
        "{:42}{:>31}{:>31}{:>8}",
        "", "this library", "by hand", "ratio"
    );
    solo::<SMALL>("64 bytes", 100_000, [0.9, 1.2, f64::INFINITY]);
    solo::<MIDDLE>("1 KiB", 5_000, [f64::INFINITY, f64::INFINITY, 1.5]);
    solo::<LARGE>("64 KiB", 100, [f64::INFINITY; 3]);
    under_a_writer::<SMALL>("64 bytes", 50_000, 0.2);
    under_a_writer::<MIDDLE>("1 KiB", 1_000, 1.0);
    two_readers::<SMALL>("64 bytes", 20_000);
    two_readers::<MIDDLE>("1 KiB", 5_000);
    two_writers::<SMALL>("64 bytes", 50_000, 1.0);
    two_writers::<MIDDLE>("1 KiB", 2_000, f64::INFINITY);
}

fn line<A, B>(
    what: &str,
    turns: u32,
    bar: f64,
    mut ours: impl FnMut() -> A,
    mut raw: impl FnMut() -> B,
) {
    if !chosen(what) {
        return;
    }
    let (mut all_ours, mut all_raw) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let both = [repeat(turns, &mut ours), repeat(turns, &mut raw)];
        // The first of each warms up.
        if round > 0 {
            all_ours.push(both[0]);
            all_raw.push(both[1]);
        }
    }
    print(what, &all_ours, &all_raw, bar);
}

fn repeat<R>(turns: u32, f: &mut impl FnMut() -> R) -> f64 {
    let start = Instant::now();
    for _ in 0..turns {
        black_box(f());
    }
    start.elapsed().as_secs_f64() * 1e9 / f64::from(turns)
}

fn chosen(what: &str) -> bool {
    let mut filters = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with('-'))
        .peekable();
    filters.peek().is_none() || filters.any(|filter| what.contains(&filter))
}

fn print(what: &str, ours: &[f64], raw: &[f64], bar: f64) {
    // Of each round by itself: the machine's own pace changes from one to the next.
    let ratios: Vec<f64> = ours.iter().zip(raw).map(|(ours, raw)| ours / raw).collect();
    let ratio = median(&ratios).1;
    let column = |times: &[f64]| {
        let (least, median, most) = median(times);
        let digits = if median < 10.0 { 2 } else { 0 };
        format!("{median:.digits$} ({least:.digits$} to {most:.digits$})")
    };
    let (ours, raw) = (column(ours), column(raw));
    let verdict = match bar {
        f64::INFINITY => String::new(),
        bar if ratio <= bar => format!("  at most {bar}: met"),
        bar => format!("  at most {bar}: MISSED"),
    };
    println!("{what:42}{ours:>31}{raw:>31}{ratio:8.2}{verdict}");
}

/// The middle one, between the least and the most.
fn median(values: &[f64]) -> (f64, f64, f64) {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    (
        sorted[0],
        sorted[sorted.len() / 2],
        sorted[sorted.len() - 1],
    )
}

/// What is done under the lock: every word is read and written.
fn change<const N: usize>(words: &mut [u64; N]) {
    for word in words {
        *word = word.wrapping_add(1);
    }
}

/// One process alone. The bars: changing beside a robust mutex, reading beside words, and beside `memcpy`; of
/// reading, in place on both sides. By value, what is copied by hand need not wait for a check, and that is
/// all that a loop without any other work does.
fn solo<const N: usize>(size: &str, turns: u32, bars: [f64; 3]) {
    let shared = Shared::new(Words { words: [0; N] }).expect("created");
    let by_hand = ByHand::<N>::new();
    line(
        &format!("{size}: change; robust mutex"),
        turns,
        bars[0],
        || shared.update(|value| change(&mut value.words)),
        || by_hand.robust(change),
    );
    if N == SMALL {
        line(
            &format!("{size}: read by value; relaxed words"),
            turns,
            f64::INFINITY,
            || shared.get(),
            || by_hand.load_words(),
        );
    }
    let mut out = Words { words: [0; N] };
    let mut raw_out = [0; N];
    line(
        &format!("{size}: read in place; memcpy"),
        turns,
        bars[2],
        || shared.read_into(black_box(&mut out)),
        || by_hand.copy_to(black_box(&mut raw_out)),
    );
    line(
        &format!("{size}: read in place; relaxed words"),
        turns,
        bars[1],
        || shared.read_into(black_box(&mut out)),
        || *black_box(&mut raw_out) = by_hand.load_words(),
    );
    line(
        &format!("{size}: write; memcpy without a lock"),
        turns,
        f64::INFINITY,
        || shared.set(black_box(&out).clone()),
        || by_hand.copy_from(black_box(&raw_out)),
    );
}

/// This process reads what the other one changes without a pause.
fn under_a_writer<const N: usize>(size: &str, turns: u32, bar: f64) {
    let shared = Shared::new(Words { words: [0; N] }).expect("created");
    let by_hand = ByHand::<N>::new();
    let other = Other::start(
        || shared.update(|value| change(&mut value.words)),
        || by_hand.futex(change),
    );
    let mut out = Words { words: [0; N] };
    let mut raw_out = [0; N];
    let whole = |words: &[u64; N]| assert!(words.iter().all(|word| *word == words[0]), "torn");
    // What the writer's changes take meanwhile: a lock that it sleeps on makes it pause.
    let mut pace = [vec![], vec![]];
    let what = format!("{size}: read under a writer; futex mutex");
    rounds(&what, bar, |what| {
        other.does(what);
        let before = other.done(what);
        let time = match what {
            OURS => repeat(turns, &mut || shared.read_into(black_box(&mut out))),
            _ => repeat(turns, &mut || {
                by_hand.futex(|value| *black_box(&mut raw_out) = *value);
            }),
        };
        let changes = count(other.done(what) - before).max(1.0);
        pace[usize::from(what == BY_HAND)].push(time * f64::from(turns) / changes);
        for _ in 0..turns / 10 {
            shared.read_into(&mut out);
            whole(&out.words);
            whole(&by_hand.futex(|value| *value));
        }
        time
    });
    let [ours, raw] = pace;
    if !ours.is_empty() {
        print(
            "  a change by that writer meanwhile",
            &ours,
            &raw,
            f64::INFINITY,
        );
    }
}

#[allow(clippy::cast_precision_loss)] // some thousands
fn count(n: u64) -> f64 {
    n as f64
}

/// This process reads what the other one reads too, and, for comparison, what the other one does not.
fn two_readers<const N: usize>(size: &str, turns: u32) {
    let [shared, apart] =
        [1, 2].map(|word| Shared::new(Words { words: [word; N] }).expect("created"));
    let reader = || {
        let mut out = Words { words: [0; N] };
        move |slot: &Shared<Words<N>>| slot.read_into(black_box(&mut out))
    };
    let (mut ours, mut theirs, mut mine) = (reader(), reader(), reader());
    let other = Other::start(|| ours(&shared), || theirs(&apart));
    rounds(
        &format!("{size}: two read one slot; each its own"),
        1.1,
        |what| {
            other.does(what);
            repeat(turns, &mut || mine(&shared))
        },
    );
}

/// Both processes change one value; the time is that of all changes together.
fn two_writers<const N: usize>(size: &str, turns: u32, bar: f64) {
    let shared = Shared::new(Words { words: [0; N] }).expect("created");
    let by_hand = ByHand::<N>::new();
    let other = Other::start(
        || shared.update(|value| change(&mut value.words)),
        || by_hand.robust(change),
    );
    let mut mine = [0; 2];
    rounds(
        &format!("{size}: two change one slot; robust mutex"),
        bar,
        |what| {
            other.does(what);
            let before = other.done(what);
            let time = match what {
                OURS => repeat(turns, &mut || {
                    shared.update(|value| change(&mut value.words));
                }),
                _ => repeat(turns, &mut || by_hand.robust(change)),
            };
            mine[usize::from(what == BY_HAND)] += u64::from(turns);
            let all = u64::from(turns) + other.done(what) - before;
            #[allow(clippy::cast_precision_loss)] // some thousands
            let all = all as f64;
            time * f64::from(turns) / all
        },
    );
    other.does(IDLE);
    // One change too few or too many, and the locks would not have been worth their time.
    assert_eq!(shared.get().words, [mine[0] + other.done(OURS); N]);
    assert_eq!(by_hand.load_words(), [mine[1] + other.done(BY_HAND); N]);
}

/// As [`line`], where a round of either kind is whatever `time` does.
fn rounds(what: &str, bar: f64, mut time: impl FnMut(u32) -> f64) {
    if !chosen(what) {
        return;
    }
    let [mut ours, mut raw] = [vec![], vec![]];
    for round in 0..=ROUNDS {
        let both = [time(OURS), time(BY_HAND)];
        if round > 0 {
            ours.push(both[0]);
            raw.push(both[1]);
        }
    }
    print(what, &ours, &raw, bar);
}
