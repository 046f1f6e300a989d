//! Yardsticks that work in one process only, between its threads: `std`'s atomics, locks and condition, and
//! `parking_lot`. Nothing of theirs survives, or is shared with, another process.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex};

use super::lock::OneWord;
use crate::harness::job::Entry;
use crate::harness::memory::Line;
use crate::harness::threads;
#[cfg(feature = "peers")]
use crate::rows::PARKING_LOT;
use crate::rows::{STD_ATOMIC, STD_MUTEX};
use crate::work::counter::{Counter, CounterJob};
use crate::work::fields::{Fields, FieldsJob};
use crate::work::hand_over::{HandOver, HandOverJob};
use crate::work::peer::Peer;
use crate::work::record::{Record, RecordJob, Words};

pub(super) struct InProcess;

impl Peer for InProcess {
    fn counters(&self) -> Vec<Entry> {
        let atomic: &AtomicU64 = &Box::leak(Box::new(Line(AtomicU64::new(0)))).0;
        let mutex = std_mutex::<1>();
        vec![
            Entry::new(STD_ATOMIC, threads(move |_| CounterJob(atomic))),
            Entry::new(STD_MUTEX, threads(move |_| CounterJob(OneWord(mutex)))),
            #[cfg(feature = "peers")]
            Entry::new(PARKING_LOT, {
                let mutex = parking_lot_mutex::<1>();
                threads(move |_| CounterJob(OneWord(mutex)))
            }),
        ]
    }

    fn records<const N: usize>(&self) -> Vec<Entry> {
        let mutex = std_mutex::<N>();
        vec![
            Entry::new(STD_MUTEX, threads(move |_| RecordJob::new(mutex))),
            #[cfg(feature = "peers")]
            Entry::new(PARKING_LOT, {
                let mutex = parking_lot_mutex::<N>();
                threads(move |_| RecordJob::new(mutex))
            }),
        ]
    }

    fn fields(&self, count: usize) -> Vec<Entry> {
        let atomics: &[AtomicU64] = Vec::leak((0..count).map(|_| AtomicU64::new(0)).collect());
        vec![Entry::new(
            STD_ATOMIC,
            threads(move |_| FieldsJob::new(atomics, count)),
        )]
    }

    fn hand_overs(&self) -> Vec<Entry> {
        let numbers: &Numbers = Box::leak(Box::default());
        let changed: &AtomicU64 = Box::leak(Box::default());
        // A thread joins anew for each round, and counts from 1.
        let join = move |worker| {
            if worker == 0 {
                *numbers.0.lock().expect("no panic") = [0; 2];
            }
            HandOverJob::new(numbers, changed)
        };
        vec![Entry::new(
            "`std` mutex and condition (threads)",
            threads(join),
        )]
    }
}

/// A counter for each thread, on cache lines of its own.
pub(super) fn padded() -> Vec<Entry> {
    let each: &[Line<AtomicU64>; 64] = Box::leak(Box::new([const { Line(AtomicU64::new(0)) }; 64]));
    let join = move |worker| CounterJob(Padded { each, worker });
    vec![Entry::new("`std` atomics, padded (threads)", threads(join))]
}

struct Padded {
    each: &'static [Line<AtomicU64>; 64],
    worker: usize,
}

impl Counter for Padded {
    fn get(&mut self) -> u64 {
        self.each[self.worker].0.load(Ordering::Acquire)
    }

    fn set(&mut self, value: u64) {
        self.each[self.worker].0.store(value, Ordering::Release);
    }

    fn add(&mut self) {
        self.each[self.worker].0.fetch_add(1, Ordering::AcqRel);
    }

    fn total(&mut self) -> u64 {
        self.each
            .iter()
            .map(|one| one.0.load(Ordering::Acquire))
            .sum()
    }
}

impl Counter for &AtomicU64 {
    fn get(&mut self) -> u64 {
        self.load(Ordering::Acquire)
    }

    fn set(&mut self, value: u64) {
        self.store(value, Ordering::Release);
    }

    fn add(&mut self) {
        self.fetch_add(1, Ordering::AcqRel);
    }
}

impl Fields for &[AtomicU64] {
    fn get(&mut self, index: usize) -> u64 {
        self[index].load(Ordering::Acquire)
    }

    fn add(&mut self, index: usize) {
        self[index].fetch_add(1, Ordering::AcqRel);
    }
}

/// The lock beside the value, as in any program that puts a value in a mutex.
fn std_mutex<const N: usize>() -> &'static Mutex<Words<N>> {
    &Box::leak(Box::new(Line(Mutex::new(Words::ZERO)))).0
}

impl<const N: usize> Record<N> for &Mutex<Words<N>> {
    fn read(&mut self, out: &mut Words<N>) {
        out.words = self.lock().expect("no panic").words;
    }

    fn write(&mut self, value: &Words<N>) {
        self.lock().expect("no panic").words = value.words;
    }

    fn change(&mut self, mut f: impl FnMut(&mut Words<N>)) {
        f(&mut self.lock().expect("no panic"));
    }
}

#[cfg(feature = "peers")]
fn parking_lot_mutex<const N: usize>() -> &'static parking_lot::Mutex<Words<N>> {
    &Box::leak(Box::new(Line(parking_lot::Mutex::new(Words::ZERO)))).0
}

#[cfg(feature = "peers")]
impl<const N: usize> Record<N> for &parking_lot::Mutex<Words<N>> {
    fn read(&mut self, out: &mut Words<N>) {
        out.words = self.lock().words;
    }

    fn write(&mut self, value: &Words<N>) {
        self.lock().words = value.words;
    }

    fn change(&mut self, mut f: impl FnMut(&mut Words<N>)) {
        f(&mut self.lock());
    }
}

#[derive(Default)]
struct Numbers(Mutex<[u32; 2]>, Condvar);

impl HandOver for &Numbers {
    fn set(&mut self, which: usize, number: u32) {
        self.0.lock().expect("no panic")[which] = number;
        self.1.notify_all();
    }

    fn wait(&mut self, which: usize, number: u32) {
        let numbers = self.0.lock().expect("no panic");
        drop(
            self.1
                .wait_while(numbers, |numbers| numbers[which] != number)
                .expect("no panic"),
        );
    }
}
