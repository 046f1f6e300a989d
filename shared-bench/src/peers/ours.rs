//! This library.

#![allow(unsafe_code)]

use std::process::Command;

use shmstate::{ShareCommand, Shared, SharedState};

use super::lock::OneWord;
use super::run::unique;
use crate::harness::job::Entry;
use crate::harness::processes;
use crate::rows::{ATOMIC, LOCKED, SEGMENT, WATCHED};
use crate::work::counter::{Counter, CounterJob};
use crate::work::fields::{Fields, FieldsJob};
use crate::work::hand_over::{self, HandOver};
use crate::work::peer::Peer;
use crate::work::record::{Record, RecordJob, SMALL, Words};
use crate::work::recovery;
use crate::work::segment::{Segment, SegmentJob};

pub(super) struct Ours;

impl Peer for Ours {
    fn counters(&self) -> Vec<Entry> {
        let atomic = Shared::new(Number { value: 0 }).expect("created");
        let watched = Shared::new(WatchedNumber { value: 0 }).expect("created");
        let locked = Shared::new(Words::<1>::ZERO).expect("created");
        vec![
            Entry::new(ATOMIC, processes(move |_| CounterJob(atomic.clone()))),
            Entry::new(WATCHED, processes(move |_| CounterJob(watched.clone()))),
            Entry::new(
                LOCKED,
                processes(move |_| CounterJob(OneWord(locked.clone()))),
            ),
        ]
    }

    fn records<const N: usize>(&self) -> Vec<Entry> {
        let locked = Shared::new(Words::<N>::ZERO).expect("created");
        let mut all = vec![Entry::new(
            LOCKED,
            processes(move |_| RecordJob::new(locked.clone())),
        )];
        if N == SMALL {
            all.push(super::text::entry());
        }
        all
    }

    fn fields(&self, count: usize) -> Vec<Entry> {
        match count {
            1 => fields::<1>(),
            10 => fields::<10>(),
            100 => fields::<100>(),
            1_000 => fields::<1_000>(),
            100_000 => fields::<100_000>(),
            count => unreachable!("no table has {count} fields"),
        }
    }

    fn segments(&self) -> Vec<Entry> {
        vec![Entry::new(
            SEGMENT,
            processes(|_| SegmentJob(Segments::new())),
        )]
    }

    fn hand_overs(&self) -> Vec<Entry> {
        let watched = Shared::new(Watched::default()).expect("created");
        let locked = Shared::new(Locked::default()).expect("created");
        vec![
            hand_over::entry(WATCHED, move || watched.clone()),
            hand_over::entry(LOCKED, move || locked.clone()),
        ]
    }

    fn holders(&self) -> Vec<recovery::Entry> {
        let make = || Shared::new(Words::<SMALL>::ZERO).expect("created");
        vec![recovery::entry(LOCKED, make)]
    }
}

#[derive(SharedState)]
struct Number {
    value: u64,
}

#[derive(SharedState)]
struct WatchedNumber {
    #[shared(watch)]
    value: u64,
}

impl Counter for Shared<Number> {
    fn get(&mut self) -> u64 {
        self.value.get()
    }

    fn set(&mut self, value: u64) {
        self.value.set(value);
    }

    fn add(&mut self) {
        self.value.fetch_add(1);
    }
}

impl Counter for Shared<WatchedNumber> {
    fn get(&mut self) -> u64 {
        self.value.get()
    }

    fn set(&mut self, value: u64) {
        self.value.set(value);
    }

    fn add(&mut self) {
        self.value.fetch_add(1);
    }
}

#[derive(SharedState)]
struct Padded {
    #[shared(cache_padded)]
    each: [u64; 64],
}

/// A counter for each process, on a cache line of its own.
pub(super) fn padded() -> Vec<Entry> {
    let shared = Shared::new(Padded { each: [0; 64] }).expect("created");
    let join = move |worker| {
        CounterJob(Own {
            shared: shared.clone(),
            worker,
        })
    };
    vec![Entry::new(
        "shmstate `Atomic`, `cache_padded`",
        processes(join),
    )]
}

struct Own {
    shared: Shared<Padded>,
    worker: usize,
}

impl Counter for Own {
    fn get(&mut self) -> u64 {
        self.shared.each[self.worker].get()
    }

    fn set(&mut self, value: u64) {
        self.shared.each[self.worker].set(value);
    }

    fn add(&mut self) {
        self.shared.each[self.worker].fetch_add(1);
    }

    fn total(&mut self) -> u64 {
        self.shared.each.iter().map(|each| each.get()).sum()
    }
}

impl<const N: usize> Record<N> for Shared<Words<N>> {
    fn read(&mut self, out: &mut Words<N>) {
        self.read_into(out);
    }

    fn write(&mut self, value: &Words<N>) {
        self.set(value.clone());
    }

    fn change(&mut self, f: impl FnMut(&mut Words<N>)) {
        self.modify(f);
    }
}

fn fields<const N: usize>() -> Vec<Entry> {
    let atomic = Shared::<[u64; N]>::zeroed().expect("created");
    vec![Entry::new(
        ATOMIC,
        processes(move |_| FieldsJob::new(atomic.clone(), N)),
    )]
}

impl<const N: usize> Fields for Shared<[u64; N]> {
    fn get(&mut self, index: usize) -> u64 {
        self[index].get()
    }

    fn add(&mut self, index: usize) {
        self[index].fetch_add(1);
    }
}

#[derive(SharedState, Default)]
struct Progress {
    started: bool,
    done: u64,
    ratio: f64,
    per_worker: [u32; 8],
    #[shared(lock)]
    total: u128,
}

/// Of a few fields of all kinds; a page and the header.
struct Segments {
    named: Shared<Progress>,
    name: String,
    fresh: String,
    _inherited: Shared<Progress>,
}

impl Segments {
    fn new() -> Self {
        let name = unique("ours");
        let named = Shared::create(&name, Progress::default()).expect("created");
        let inherited = Shared::new(Progress::default()).expect("created");
        pass_on(&inherited);
        Segments {
            named,
            fresh: format!("{name}-fresh"),
            name,
            _inherited: inherited,
        }
    }
}

/// Makes this process look as if it had been started with the segment: in its environment, and with a descriptor that
/// stays open on exec.
fn pass_on(state: &Shared<Progress>) {
    let mut command = Command::new("true");
    command.share("progress", state);
    for (key, value) in command.get_envs() {
        // SAFETY: this process has one thread.
        unsafe { std::env::set_var(key, value.expect("a value")) };
    }
    for entry in std::fs::read_dir("/proc/self/fd").expect("/proc") {
        let entry = entry.expect("an entry");
        let target = std::fs::read_link(entry.path()).unwrap_or_default();
        let number = entry.file_name().to_string_lossy().parse();
        if let (true, Ok(number)) = (target.to_string_lossy().starts_with("/memfd:"), number) {
            // SAFETY: takes numbers. Nothing is executed from here on.
            unsafe { libc::fcntl(number, libc::F_SETFD, 0) };
        }
    }
}

fn touched(state: Shared<Progress>) -> Shared<Progress> {
    std::hint::black_box(state.done.get());
    state
}

impl Segment for Segments {
    type Made = Shared<Progress>;

    fn create(&mut self) -> Self::Made {
        touched(Shared::create(&self.fresh, Progress::default()).expect("created"))
    }

    fn create_unnamed(&mut self) -> Self::Made {
        touched(Shared::new(Progress::default()).expect("created"))
    }

    fn open(&mut self) -> Self::Made {
        touched(Shared::open(&self.name).expect("opened"))
    }

    fn open_or_create(&mut self) -> Self::Made {
        debug_assert!(Shared::name(&self.named).is_some());
        touched(Shared::open_or_create(&self.name, Progress::default).expect("opened"))
    }

    fn inherit(&mut self) -> Self::Made {
        touched(Shared::inherit("progress").expect("inherited"))
    }
}

#[derive(SharedState, Default)]
struct Watched {
    #[shared(watch, cache_padded)]
    numbers: [u32; 2],
}

#[derive(SharedState, Default)]
struct Locked {
    #[shared(lock)]
    numbers: [u32; 2],
}

impl HandOver for Shared<Watched> {
    fn set(&mut self, which: usize, number: u32) {
        self.numbers[which].set(number);
    }

    fn wait(&mut self, which: usize, number: u32) {
        self.numbers[which].wait_until(|now| *now == number);
    }
}

impl HandOver for Shared<Locked> {
    fn set(&mut self, which: usize, number: u32) {
        self.numbers[which].set(number);
    }

    fn wait(&mut self, which: usize, number: u32) {
        self.numbers[which].wait_until(|now| *now == number);
    }
}
