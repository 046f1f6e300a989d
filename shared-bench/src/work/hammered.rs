//! One value that more and more processes change at the same time.

use crate::harness::{Check, Column, Entry, Op, Plan, Value};
use crate::table::Table;

/// The first column.
pub(crate) const TWO: &str = "2 processes";

/// Two processes and more, each of which does `op` to one value.
pub(crate) fn table(
    title: &'static str,
    about: &'static str,
    entries: &[Entry],
    op: Op,
    plan: Plan,
) -> Table {
    let mut table = Table::new(title, about);
    let mut processes = 2;
    while processes <= plan.most_processes {
        let column = Column {
            workers: processes,
            value: Value::Millions,
            check: Check::Sum,
            ..Column::solo(&format!("{processes} processes"), op)
        };
        let plan = Plan {
            rounds: plan.rounds.div_ceil(4).max(3),
            ..plan
        };
        table.measure(entries, &column, plan);
        processes *= 2;
    }
    table
}
