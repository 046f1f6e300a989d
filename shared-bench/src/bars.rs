//! What this library has set itself, and whether it is met.

use crate::figures::Figures;
use crate::harness::Cell;
use crate::rows::{
    ATOMIC, FUTEX, LOCKED, MEMCPY, MMAP_SYNC, PARKING_LOT, RAW_CALLS, REPAIRED, ROBUST, SEGMENT,
    SHARED_MEMORY, SLEEPS, SPINS, STD_ATOMIC, STD_MUTEX, TEXT, TWO_IMAGES, WATCHED, WORDS,
};
use crate::table::{Table, grid};
use crate::work::counter::{ADD, FIELD, GET, SET};
use crate::work::record::{
    CHANGE, HAMMERED as RECORDS, MIDDLE_TITLE, READ, READ_UNDER_WRITER, SMALL_TITLE, TWO_READERS,
};
use crate::work::{hammered, hand_over, recovery, segment};

/// A ratio of two figures of a table, and its bar.
struct Bar {
    table: &'static str,
    /// Row and column.
    ours: (&'static str, &'static str),
    beside: Beside,
    limit: Limit,
    /// The row of the least that any such thing has to do, however it is written.
    least: Option<&'static str>,
}

enum Beside {
    /// Another row, and its column.
    Row(&'static str, &'static str),
    /// The best of all peers in the same column whose result was right, but for these.
    BestBut(&'static [&'static str]),
    /// No ratio: the figure itself, in the unit of the column.
    Itself,
}

#[derive(Clone, Copy)]
enum Limit {
    AtMost(f64),
    AtLeast(f64),
}

/// Rows that are not peers: limits, yardsticks within one process, and ours. (The futex lock by hand counts as a peer of
/// the other locks.)
const NO_PEERS: &[&str] = &[
    MEMCPY,
    WORDS,
    TWO_IMAGES,
    STD_ATOMIC,
    STD_MUTEX,
    PARKING_LOT,
    TEXT,
    ATOMIC,
    WATCHED,
    LOCKED,
    SHARED_MEMORY,
];

/// Built by hand for this comparison, so not among the peers that a read is compared with.
const BY_HAND: &[&str] = &[FUTEX, REPAIRED];

/// Its writer waits for its readers.
const WRITER_PAUSES: &[&str] = &[MMAP_SYNC];

const fn most(
    table: &'static str,
    ours: (&'static str, &'static str),
    row: &'static str,
    bar: f64,
) -> Bar {
    Bar {
        table,
        ours,
        beside: Beside::Row(row, ours.1),
        limit: Limit::AtMost(bar),
        least: None,
    }
}

impl Bar {
    const fn least(self, row: &'static str) -> Self {
        Bar {
            least: Some(row),
            ..self
        }
    }

    const fn beside(self, beside: Beside) -> Self {
        Bar { beside, ..self }
    }
}

const BARS: &[Bar] = &[
    most(FIELD, (ATOMIC, GET), STD_ATOMIC, 1.05),
    most(FIELD, (ATOMIC, SET), STD_ATOMIC, 1.05),
    most(FIELD, (ATOMIC, ADD), STD_ATOMIC, 1.05),
    most(SMALL_TITLE, (LOCKED, CHANGE), ROBUST, 0.9),
    most(SMALL_TITLE, (LOCKED, CHANGE), STD_MUTEX, 1.1).least(TWO_IMAGES),
    Bar {
        table: RECORDS,
        ours: (LOCKED, hammered::TWO),
        beside: Beside::BestBut(&[]),
        limit: Limit::AtLeast(1.0),
        least: None,
    },
    most(SMALL_TITLE, (LOCKED, READ), WORDS, 1.2),
    most(SMALL_TITLE, (LOCKED, READ), "", 0.25)
        .beside(Beside::BestBut(BY_HAND))
        .least(MEMCPY),
    most(MIDDLE_TITLE, (LOCKED, READ), MEMCPY, 1.5),
    most(SMALL_TITLE, (LOCKED, TWO_READERS), "", 1.1).beside(Beside::Row(LOCKED, READ)),
    most(MIDDLE_TITLE, (LOCKED, TWO_READERS), "", 1.1).beside(Beside::Row(LOCKED, READ)),
    most(SMALL_TITLE, (LOCKED, READ_UNDER_WRITER), "", 1.0).beside(Beside::BestBut(WRITER_PAUSES)),
    most(MIDDLE_TITLE, (LOCKED, READ_UNDER_WRITER), "", 1.0).beside(Beside::BestBut(WRITER_PAUSES)),
    most(segment::TITLE, (SEGMENT, segment::OPEN), RAW_CALLS, 1.5),
    most(segment::TITLE, (SEGMENT, segment::CREATE), RAW_CALLS, 2.0),
    most(hand_over::TITLE, (WATCHED, hand_over::AWAKE), SPINS, 1.2),
    most(hand_over::TITLE, (WATCHED, hand_over::ONE), SLEEPS, 1.2),
    most(hand_over::TITLE, (WATCHED, hand_over::ASLEEP), SLEEPS, 1.2),
    most(recovery::TITLE, (LOCKED, recovery::AFTER), "", 1000.0).beside(Beside::Itself),
    most(recovery::TITLE, (LOCKED, recovery::BEFORE), "", 1000.0).beside(Beside::Itself),
];

/// A line for each.
pub(crate) fn markdown(tables: &[Table]) -> String {
    let mut lines = vec![
        [
            "",
            "compared with",
            "ratio",
            "bar",
            "verdict",
            "a lower bound's ratio",
        ]
        .map(str::to_owned)
        .to_vec(),
    ];
    for bar in BARS {
        let Some(table) = tables.iter().find(|table| table.title == bar.table) else {
            continue;
        };
        lines.push(bar.line(table));
    }
    grid(&lines)
}

impl Bar {
    fn line(&self, table: &Table) -> Vec<String> {
        let (row, column) = self.ours;
        let what = format!("{}, {column}: {row}", self.table);
        let (sign, limit) = match self.limit {
            Limit::AtMost(limit) => ("at most", limit),
            Limit::AtLeast(limit) => ("at least", limit),
        };
        let bar = format!("{sign} {limit}");
        let rounds = |row, column| match table.cell(row, column) {
            Some(Cell::Figures { rounds, .. }) => Some(rounds.as_slice()),
            _ => None,
        };
        let beside = match self.beside {
            Beside::Row(other, at) if at == column => Some((other.to_owned(), rounds(other, at))),
            Beside::Row(other, at) => Some((format!("{other}, {at}"), rounds(other, at))),
            Beside::BestBut(not) => self.best(table, not),
            Beside::Itself => None,
        };
        let (name, figures) = match (rounds(row, column), &beside, &self.beside) {
            (Some(ours), _, Beside::Itself) => ("–".to_owned(), Some(Figures::of(ours))),
            // Another column has other rounds.
            (Some(ours), Some((name, Some(other))), Beside::Row(_, at)) if *at != column => {
                let other = Figures::of(other).median;
                let ratios: Vec<f64> = ours.iter().map(|figure| figure / other).collect();
                (name.clone(), Some(Figures::of(&ratios)))
            }
            (Some(ours), Some((name, Some(other))), _) => {
                (name.clone(), Some(Figures::of_ratios(ours, other)))
            }
            (_, Some((name, _)), _) => (name.clone(), None),
            (_, None, _) => ("nobody".to_owned(), None),
        };
        let (ratio, verdict) = match figures {
            None => ("–".to_owned(), "not measured"),
            Some(figures) => {
                let met = match self.limit {
                    Limit::AtMost(limit) => figures.median <= limit,
                    Limit::AtLeast(limit) => figures.median >= limit,
                };
                let unit = match self.beside {
                    Beside::Itself => format!(" {}", table.unit(column).unwrap_or_default()),
                    _ => String::new(),
                };
                (
                    format!("{figures}{unit}"),
                    if met { "met" } else { "missed" },
                )
            }
        };
        let least = match (self.least, &beside) {
            (Some(row), Some((_, Some(other)))) => match rounds(row, column) {
                Some(least) => format!("{row}: {}", Figures::of_ratios(least, other)),
                None => "–".to_owned(),
            },
            _ => String::new(),
        };
        vec![what, name, ratio, bar, verdict.to_owned(), least]
    }

    /// The one that comes closest to ours, or is ahead.
    fn best<'a>(&self, table: &'a Table, not: &[&str]) -> Option<(String, Option<&'a [f64]>)> {
        let mut best: Option<(String, &[f64])> = None;
        for row in table
            .rows
            .iter()
            .filter(|row| !NO_PEERS.contains(&row.name) && !not.contains(&row.name))
        {
            let Some(Cell::Figures {
                rounds,
                wrong: None,
            }) = table.cell(row.name, self.ours.1)
            else {
                continue;
            };
            // A peer that tears in any column of this table does not count.
            let tears = |cell: &Cell| matches!(cell, Cell::Figures { wrong: Some(_), .. });
            if row.cells.iter().any(tears) {
                continue;
            }
            let median = |rounds: &[f64]| Figures::of(rounds).median;
            let better = best.as_ref().is_none_or(|(_, known)| match self.limit {
                Limit::AtMost(_) => median(rounds) < median(known),
                Limit::AtLeast(_) => median(rounds) > median(known),
            });
            if better {
                best = Some((row.name.to_owned(), rounds));
            }
        }
        best.map(|(name, rounds)| (name, Some(rounds)))
    }
}
