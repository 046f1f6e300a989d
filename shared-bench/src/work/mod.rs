//! What is measured: for each kind of work, what a peer has to do for it, and the tables.

pub(crate) mod counter;
pub(crate) mod fields;
pub(crate) mod hand_over;
pub(crate) mod record;
pub(crate) mod recovery;
pub(crate) mod segment;

use crate::harness::{Check, Column, Entry, Op, Plan, Value};
use crate::table::Table;

/// Two processes and more, of which each does `op` to one value.
fn hammered(
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
