//! Making a segment, and finding it again.

use std::time::Duration;

use crate::harness::clock::time_making;
use crate::harness::{Column, Entry, Job, Op, Plan, Value};
use crate::table::Table;

/// A segment of one page, or a few. What is made or opened includes a first access, and is given up when dropped.
pub(crate) trait Segment {
    type Made;
    /// By a name that nobody has.
    fn create(&mut self) -> Self::Made;
    /// Without a name: for children, who inherit it.
    fn create_unnamed(&mut self) -> Self::Made;
    /// By the name of one that exists.
    fn open(&mut self) -> Self::Made;
    /// By the name of one that exists, where it need not.
    fn open_or_create(&mut self) -> Self::Made;
    /// From what a process has from its parent, without a name.
    fn inherit(&mut self) -> Self::Made;
}

pub(crate) struct SegmentJob<S>(pub(crate) S);

impl<S: Segment> Job for SegmentJob<S> {
    fn run(&mut self, op: Op, turns: u64) -> Duration {
        let segment = &mut self.0;
        match op {
            Op::Create => time_making(turns, || segment.create()),
            Op::CreateUnnamed => time_making(turns, || segment.create_unnamed()),
            Op::Open => time_making(turns, || segment.open()),
            Op::OpenOrCreate => time_making(turns, || segment.open_or_create()),
            Op::Inherit => time_making(turns, || segment.inherit()),
            op => unreachable!("{op:?} of a segment"),
        }
    }
}

pub(crate) const TITLE: &str = "Segments";
pub(crate) const CREATE: &str = "create";
pub(crate) const OPEN: &str = "open";

pub(crate) fn table(entries: &[Entry], plan: Plan) -> Table {
    let mut table = Table::new(
        TITLE,
        "Until the first access is done; giving it up again is not counted. *Raw calls* are `shm_open`, `ftruncate` or \
         `fstat`, and `mmap` (`memfd_create` without a name): they check nothing, reserve no memory, and let others open a half-made segment. \
         *Inherit* maps a descriptor that a parent process left open.",
    );
    for (name, op) in [
        (CREATE, Op::Create),
        ("create, no name", Op::CreateUnnamed),
        (OPEN, Op::Open),
        ("open or create", Op::OpenOrCreate),
        ("inherit", Op::Inherit),
    ] {
        let column = Column {
            value: Value::Microseconds(0),
            ..Column::solo(name, op)
        };
        table.measure(entries, &column, plan);
    }
    table
}
