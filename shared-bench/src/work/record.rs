//! A value of several words, that has to change as one.

use std::hint::black_box;
use std::time::Duration;

use shmstate::SharedState;

use super::hammered;
use crate::harness::clock::time;
use crate::harness::memory::Line;
use crate::harness::{Check, Column, Entry, Job, Op, Plan};
use crate::table::Table;

pub(crate) const SMALL: usize = 8; // 64 bytes
pub(crate) const MIDDLE: usize = 128; // 1 KiB
pub(crate) const LARGE: usize = 8192; // 64 KiB

/// A value of `N` words, all of which are the same after each change.
#[derive(SharedState, Clone, PartialEq, Debug)]
#[shared(lock)]
pub(crate) struct Words<const N: usize> {
    pub(crate) words: [u64; N],
}

impl<const N: usize> Words<N> {
    pub(crate) const ZERO: Self = Words { words: [0; N] };

    /// Whether all of it is of the same change.
    pub(crate) fn whole(&self) -> bool {
        // Without leaving early, which would be slower.
        self.words
            .iter()
            .fold(0, |odd, word| odd | (word ^ self.words[0]))
            == 0
    }

    pub(crate) fn increment(&mut self) {
        for word in &mut self.words {
            *word = word.wrapping_add(1);
        }
    }
}

/// A value that workers share.
pub(crate) trait Record<const N: usize> {
    /// Copies it into the caller's memory.
    fn read(&mut self, out: &mut Words<N>);
    /// Replaces all of it.
    fn write(&mut self, value: &Words<N>);
    /// Replaces it by what `f` makes of it, so that no change of others is lost, if it can. That may run
    /// more than once.
    fn change(&mut self, f: impl FnMut(&mut Words<N>));
}

pub(crate) struct RecordJob<R, const N: usize> {
    record: R,
    /// On cache lines of their own, or the size of `R` would decide how fast a copy is.
    buffer: Line<Words<N>>,
    /// What is written, in turns.
    values: [Line<Words<N>>; 2],
    faults: u64,
}

impl<R: Record<N>, const N: usize> RecordJob<R, N> {
    pub(crate) fn new(record: R) -> Self {
        RecordJob {
            record,
            buffer: Line(Words::ZERO),
            values: [1, 2].map(|word| Line(Words { words: [word; N] })),
            faults: 0,
        }
    }
}

impl<R: Record<N>, const N: usize> Job for RecordJob<R, N> {
    fn run(&mut self, op: Op, turns: u64) -> Duration {
        let RecordJob {
            record,
            buffer: Line(buffer),
            values,
            faults,
        } = self;
        match op {
            Op::Read => time(turns, || record.read(black_box(buffer))),
            // One value differs from the next, or a torn one would not show.
            Op::Write => {
                let mut other = false;
                time(turns, || {
                    other = !other;
                    record.write(black_box(&values[usize::from(other)].0));
                })
            }
            Op::Change => time(turns, || record.change(Words::increment)),
            Op::Check => time(turns, || {
                record.read(buffer);
                *faults += u64::from(!buffer.whole());
            }),
            op => unreachable!("{op:?} of a record"),
        }
    }

    fn faults(&mut self) -> u64 {
        std::mem::take(&mut self.faults)
    }

    fn total(&mut self) -> u64 {
        self.record.read(&mut self.buffer.0);
        self.faults += u64::from(!self.buffer.0.whole());
        self.buffer.0.words[0]
    }
}

pub(crate) const SMALL_TITLE: &str = "A value of 64 bytes";
pub(crate) const MIDDLE_TITLE: &str = "A value of 1 KiB";
pub(crate) const LARGE_TITLE: &str = "A value of 64 KiB";
pub(crate) const HAMMERED: &str = "A 64-byte value that many processes hammer";
pub(crate) const READ: &str = "read";
pub(crate) const WRITE: &str = "write";
pub(crate) const CHANGE: &str = "change";
pub(crate) const READ_UNDER_WRITER: &str = "read under a writer";
pub(crate) const WRITE_UNDER_READER: &str = "write under a reader";
pub(crate) const TWO_READERS: &str = "two readers";
pub(crate) const TWO_CHANGE: &str = "change, two processes";

/// Of values of one size.
pub(crate) fn table(title: &'static str, entries: &[Entry], plan: Plan) -> Table {
    let mut table = Table::new(
        title,
        "*Read* copies the value into the caller's memory, *write* replaces it, *change* reads, increments every word, and writes, as one transaction. *Under* another \
         process that writes, or reads, without a pause. *Two readers*: another process reads the same value. *Two \
         processes*: both change it; the time is that of each. What is read beside a writer is looked through in \
         rounds of their own. Read the two *under* columns together: where a writer has to wait for readers, they have \
         little to fear from it.",
    );
    let mut column = |column: &Column| table.measure(entries, column, plan);
    for (name, op) in [(READ, Op::Read), (WRITE, Op::Write), (CHANGE, Op::Change)] {
        let check = match op {
            Op::Change => Check::Sum,
            _ => Check::Nothing,
        };
        column(&Column {
            check,
            ..Column::solo(name, op)
        });
    }
    let two = |name, ops, check| Column {
        workers: 2,
        ops,
        check,
        ..Column::solo(name, Op::Read)
    };
    column(&two(READ_UNDER_WRITER, [Op::Read, Op::Write], Check::Whole));
    column(&two(
        WRITE_UNDER_READER,
        [Op::Write, Op::Read],
        Check::Whole,
    ));
    column(&two(TWO_READERS, [Op::Read; 2], Check::Whole));
    column(&two(TWO_CHANGE, [Op::Change; 2], Check::Sum));
    table
}

/// Two processes and more.
pub(crate) fn hammered(entries: &[Entry], plan: Plan) -> Table {
    hammered::table(
        HAMMERED,
        "Changes of one value, in millions a second of all processes together; more is better.",
        entries,
        Op::Change,
        plan,
    )
}
