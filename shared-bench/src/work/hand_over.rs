//! A number that one process sets and another one waits for.

#![allow(unsafe_code)]

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use crate::harness::clock::{now, time};
use crate::harness::crew::Place;
use crate::harness::memory::shared_zeros;
use crate::harness::{Check, Column, Entry, Job, Op, Plan, Value, processes};
use crate::table::Table;

/// Two numbers, one for each direction.
pub(crate) trait HandOver {
    fn set(&mut self, which: usize, number: u32);
    /// Returns when the number is that.
    fn wait(&mut self, which: usize, number: u32);
}

pub(crate) struct HandOverJob<H> {
    hand_over: H,
    number: u32,
    /// When the number was changed.
    changed: &'static AtomicU64,
}

impl<H: HandOver> HandOverJob<H> {
    /// `changed` is in memory that the workers share.
    pub(crate) fn new(hand_over: H, changed: &'static AtomicU64) -> Self {
        HandOverJob {
            hand_over,
            number: 0,
            changed,
        }
    }
}

impl<H: HandOver> Job for HandOverJob<H> {
    fn run(&mut self, op: Op, turns: u64) -> Duration {
        let HandOverJob {
            hand_over,
            number,
            changed,
        } = self;
        let mut next = || {
            *number = number.wrapping_add(1);
            *number
        };
        match op {
            Op::There => time(turns, || {
                let number = next();
                hand_over.set(0, number);
                hand_over.wait(1, number);
            }),
            Op::Back => time(turns, || {
                let number = next();
                hand_over.wait(0, number);
                hand_over.set(1, number);
            }),
            Op::Wake => {
                for _ in 0..turns {
                    let number = next();
                    // Much longer than anybody spins: the other one sleeps at the end of it.
                    let start = Instant::now();
                    while start.elapsed() < Duration::from_micros(400) {
                        std::hint::spin_loop();
                    }
                    changed.store(now(), Relaxed);
                    hand_over.set(0, number);
                    hand_over.wait(1, number);
                }
                Duration::ZERO
            }
            Op::Sleep => {
                let mut late = 0;
                for _ in 0..turns {
                    let number = next();
                    hand_over.wait(0, number);
                    late += now() - changed.load(Relaxed);
                    hand_over.set(1, number);
                }
                Duration::from_nanos(late)
            }
            op => unreachable!("{op:?} of a hand-over"),
        }
    }
}

/// A row: `join` is called by each process.
pub(crate) fn entry<H: HandOver + 'static>(
    name: &'static str,
    join: impl Fn() -> H + 'static,
) -> Entry {
    // SAFETY: it is an atomic.
    let changed: &AtomicU64 = unsafe { shared_zeros() };
    Entry::new(name, processes(move |_| HandOverJob::new(join(), changed)))
}

pub(crate) const TITLE: &str = "Hand-over";
pub(crate) const AWAKE: &str = "round trip, awake";
pub(crate) const ONE: &str = "round trip, one processor";
pub(crate) const ASLEEP: &str = "until a sleeper returns";

pub(crate) fn table(entries: &[Entry], plan: Plan) -> Table {
    let mut table = Table::new(
        TITLE,
        "A number is set by one process and waited for by the other. *Awake*: there and back, each process on a \
         processor of its own. *One processor*: the same with both on one, so that one has to stop for the other. \
         *Until a sleeper returns*: one way, on two processors, to a process that has been asleep for a while.",
    );
    let two = |name: &str, place, ops, worker| Column {
        name: name.to_owned(),
        workers: 2,
        place,
        ops,
        value: Value::Microseconds(worker),
        check: Check::Nothing,
    };
    let trip = [Op::There, Op::Back];
    table.measure(entries, &two(AWAKE, Place::Spread, trip, 0), plan);
    table.measure(entries, &two(ONE, Place::One, trip, 0), plan);
    let sleep = [Op::Wake, Op::Sleep];
    table.measure(entries, &two(ASLEEP, Place::Spread, sleep, 1), plan);
    table
}
