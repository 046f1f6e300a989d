//! Many fields, one of which is accessed at a time.

use std::hint::black_box;
use std::time::Duration;

use crate::harness::clock::time;
use crate::harness::{Check, Column, Entry, Job, Op, Plan};
use crate::table::Table;

/// Numbers, each of which can be found.
pub(crate) trait Fields {
    fn get(&mut self, index: usize) -> u64;
    fn add(&mut self, index: usize);
}

pub(crate) struct FieldsJob<F> {
    pub(crate) fields: F,
    pub(crate) count: usize,
    random: u32,
}

impl<F: Fields> FieldsJob<F> {
    pub(crate) fn new(fields: F, count: usize) -> Self {
        FieldsJob {
            fields,
            count,
            random: 1,
        }
    }
}

/// One of `count`, each as likely as any other.
#[inline]
fn next(random: &mut u32, count: usize) -> usize {
    *random ^= *random << 13;
    *random ^= *random >> 17;
    *random ^= *random << 5;
    #[allow(clippy::cast_possible_truncation)] // less than `count`
    let index = ((u64::from(*random) * count as u64) >> 32) as usize;
    index
}

impl<F: Fields> Job for FieldsJob<F> {
    fn run(&mut self, op: Op, turns: u64) -> Duration {
        let FieldsJob {
            fields,
            count,
            random,
        } = self;
        match op {
            Op::Get => time(turns, || fields.get(black_box(next(random, *count)))),
            Op::Add => time(turns, || fields.add(black_box(next(random, *count)))),
            op => unreachable!("{op:?} of fields"),
        }
    }

    fn total(&mut self) -> u64 {
        (0..self.count).map(|index| self.fields.get(index)).sum()
    }
}

pub(crate) const TITLE: &str = "Many fields";
pub(crate) const COUNTS: [usize; 5] = [1, 10, 100, 1_000, 100_000];
/// The column of the most.
pub(crate) const GET_MOST: &str = "get, 100000";

/// `entries` makes the rows for a number of fields.
pub(crate) fn table(entries: impl Fn(usize) -> Vec<Entry>, plan: Plan) -> Table {
    let mut table = Table::new(
        TITLE,
        "One of so many fields, chosen at random each time, is read or incremented by a process alone. Choosing costs \
         2 to 3 ns, which is in every figure. 100,000 fields of 8 bytes are more than the nearest caches hold.",
    );
    for (verb, op, check) in [
        ("get", Op::Get, Check::Nothing),
        ("add", Op::Add, Check::Sum),
    ] {
        for count in COUNTS {
            let column = Column {
                check,
                ..Column::solo(&format!("{verb}, {count}"), op)
            };
            table.measure(&entries(count), &column, plan);
        }
    }
    table
}
