//! One number: a field that is read, set and added to.

use std::time::Duration;

use super::hammered;
use crate::harness::clock::time;
use crate::harness::{Check, Column, Entry, Job, Op, Plan};
use crate::table::Table;

/// A number that workers share.
pub(crate) trait Counter {
    fn get(&mut self) -> u64;
    fn set(&mut self, value: u64);
    /// Adds one, so that no addition of others is lost, if it can.
    fn add(&mut self);
    /// What all workers have added.
    fn total(&mut self) -> u64 {
        self.get()
    }
}

pub(crate) struct CounterJob<C>(pub(crate) C);

impl<C: Counter> Job for CounterJob<C> {
    fn run(&mut self, op: Op, turns: u64) -> Duration {
        let counter = &mut self.0;
        match op {
            Op::Get => time(turns, || counter.get()),
            Op::Set => time(turns, || counter.set(std::hint::black_box(7))),
            Op::Add => time(turns, || counter.add()),
            op => unreachable!("{op:?} of a counter"),
        }
    }

    fn total(&mut self) -> u64 {
        self.0.total()
    }
}

pub(crate) const FIELD: &str = "A field";
pub(crate) const HAMMERED: &str = "A counter that many processes hammer";
pub(crate) const GET: &str = "get";
pub(crate) const SET: &str = "set";
pub(crate) const ADD: &str = "add";
pub(crate) const ADD_TWO: &str = "add, two processes";

/// One process, and two.
pub(crate) fn field(entries: &[Entry], plan: Plan) -> Table {
    let mut table = Table::new(
        FIELD,
        "A 64-bit number: read, set, and incremented, by one process alone; incremented by two processes at the same \
         time, of which each has as many nanoseconds an increment as shown; and read by one, while the other one reads, or \
         increments.",
    );
    for (name, op, check) in [
        (GET, Op::Get, Check::Nothing),
        (SET, Op::Set, Check::Nothing),
        (ADD, Op::Add, Check::Sum),
    ] {
        let column = Column {
            check,
            ..Column::solo(name, op)
        };
        table.measure(entries, &column, plan);
    }
    let two = |name: &str, ops, check| Column {
        workers: 2,
        ops,
        check,
        ..Column::solo(name, Op::Add)
    };
    table.measure(entries, &two(ADD_TWO, [Op::Add; 2], Check::Sum), plan);
    let readers = two("get, two readers", [Op::Get; 2], Check::Nothing);
    table.measure(entries, &readers, plan);
    let reading = two("get, the other adds", [Op::Get, Op::Add], Check::Nothing);
    table.measure(entries, &reading, plan);
    table
}

/// Two processes and more.
pub(crate) fn hammered(entries: &[Entry], plan: Plan) -> Table {
    hammered::table(
        HAMMERED,
        "Increments of one counter, in millions a second of all processes together; more is better. With more \
         processes than processors, those that hold a lock may have to wait for their next turn on a processor. Peers \
         of microseconds are in the table above.",
        entries,
        Op::Add,
        plan,
    )
}
