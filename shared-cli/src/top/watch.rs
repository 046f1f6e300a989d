//! The fields of a segment over time: what they hold, how fast that changes, and what it was in the last minute.

use std::ops::Range;
use std::time::Instant;

use shmstate::Inspector;
use shmstate::inspect::{Field, Holder, Value};

use super::history::{History, Times};
use crate::walk::{self, Found, has_named_parts};

/// The most rows that are watched. More would take longer to read than a view may take.
const MOST_ROWS: usize = 20_000;

pub(super) struct Watch<'a> {
    slots: Vec<Slot<'a>>,
    pub(super) rows: Vec<Row>,
    /// There are more fields than rows.
    pub(super) is_cut: bool,
    pub(super) times: Times,
    last: Option<Instant>,
}

struct Slot<'a> {
    field: Field<'a>,
    /// Its rows: one, and for a struct one more for each field.
    rows: Range<usize>,
    is_locked: bool,
}

/// A field.
pub(super) struct Row {
    pub(super) path: String,
    pub(super) is_counter: bool,
    pub(super) shown: Shown,
    /// How much it changes per second.
    pub(super) rate: Option<f64>,
    pub(super) history: History,
    pub(super) lock: Option<Lock>,
}

/// What is shown of a field.
pub(super) enum Shown {
    Value(Value),
    /// A struct: its fields follow.
    Heading,
    Error(String),
}

/// The lock of a slot.
pub(super) struct Lock {
    pub(super) version: u64,
    pub(super) holder: Option<Holder>,
}

impl<'a> Watch<'a> {
    pub(super) fn new(inspector: &'a Inspector) -> Watch<'a> {
        let mut slots = Vec::new();
        let mut rows = Vec::new();
        for found in walk::slots(inspector.fields(), usize::MAX, 0) {
            let Found::Slot(field) = found else { continue };
            if rows.len() >= MOST_ROWS {
                let is_cut = true;
                return Watch::of(slots, rows, is_cut);
            }
            let start = rows.len();
            add_rows(&field, &mut rows);
            slots.push(Slot {
                is_locked: field.version().is_some(),
                rows: start..rows.len(),
                field,
            });
        }
        Watch::of(slots, rows, false)
    }

    fn of(slots: Vec<Slot<'a>>, rows: Vec<Row>, is_cut: bool) -> Watch<'a> {
        Watch {
            slots,
            rows,
            is_cut,
            times: Times::default(),
            last: None,
        }
    }

    /// Reads all fields.
    pub(super) fn update(&mut self, now: Instant) {
        let elapsed = self
            .last
            .replace(now)
            .map(|last| now.duration_since(last).as_secs_f64());
        let gone = self.times.tick(now);
        for slot in &self.slots {
            let rows = &mut self.rows[slot.rows.clone()];
            if slot.is_locked {
                rows[0].lock = Some(Lock {
                    version: slot.field.version().unwrap_or(0),
                    holder: slot.field.holder(),
                });
            }
            match slot.field.get() {
                Ok(value) => {
                    let mut rows = rows.iter_mut();
                    take(value, &mut rows, elapsed);
                }
                Err(error) => {
                    for row in rows.iter_mut() {
                        row.set(Shown::Heading, None);
                    }
                    rows[0].set(Shown::Error(error.to_string()), None);
                }
            }
            if let Some(gone) = gone {
                for row in rows {
                    row.keep(gone);
                }
            }
        }
    }

    /// The locks that are held, each with the path of its slot.
    pub(super) fn held(&self) -> impl Iterator<Item = (&str, &Holder)> {
        self.rows.iter().filter_map(|row| {
            let holder = row.lock.as_ref()?.holder.as_ref()?;
            Some((row.path.as_str(), holder))
        })
    }
}

fn add_rows(field: &Field<'_>, rows: &mut Vec<Row>) {
    rows.push(Row {
        path: field.path().to_owned(),
        is_counter: field.is_counter(),
        shown: Shown::Heading,
        rate: None,
        history: History::default(),
        lock: None,
    });
    if has_named_parts(field) {
        for part in field.clone().children() {
            add_rows(&part, rows);
        }
    }
}

/// Puts a value in its rows, which are in the order of [`add_rows`].
fn take<'r>(value: Value, rows: &mut impl Iterator<Item = &'r mut Row>, elapsed: Option<f64>) {
    let Some(row) = rows.next() else { return };
    match value {
        Value::Struct(fields) => {
            row.set(Shown::Heading, None);
            for (_, value) in fields {
                take(value, rows, elapsed);
            }
        }
        value => row.set(Shown::Value(value), elapsed),
    }
}

impl Row {
    fn set(&mut self, shown: Shown, elapsed: Option<f64>) {
        self.rate = match (&self.shown, &shown, elapsed) {
            (Shown::Value(before), Shown::Value(now), Some(elapsed)) if elapsed > 0.0 => {
                difference(before, now).map(|difference| difference / elapsed)
            }
            _ => None,
        };
        self.shown = shown;
    }

    /// Records a point for the last minute: the value, or for a counter, how fast it grows.
    fn keep(&mut self, gone: usize) {
        let number = match &self.shown {
            _ if self.is_counter => self.rate,
            Shown::Value(value) => value.as_f64(),
            _ => None,
        };
        self.history.push(number.unwrap_or(f64::NAN), gone);
    }

    pub(super) fn number(&self) -> Option<f64> {
        match &self.shown {
            Shown::Value(value) => value.as_f64(),
            _ => None,
        }
    }
}

/// Exact where the numbers are larger than what a float can tell apart.
#[allow(clippy::cast_precision_loss)] // of differences, a few digits are shown
fn difference(before: &Value, now: &Value) -> Option<f64> {
    Some(match (before, now) {
        (Value::Unsigned(before), Value::Unsigned(now)) => {
            let distance = now.abs_diff(*before) as f64;
            if now < before { -distance } else { distance }
        }
        (Value::Signed(before), Value::Signed(now)) => {
            let distance = now.abs_diff(*before) as f64;
            if now < before { -distance } else { distance }
        }
        // It is not a number of something.
        (Value::Bool(_), _) | (_, Value::Bool(_)) => return None,
        (before, now) => now.as_f64()? - before.as_f64()?,
    })
}
