//! Taking the snapshot.

use std::collections::{HashMap, HashSet};

use shmstate::inspect::{Field, Inspector, Value};

use super::names::{Names, Source};
use super::{Families, Family, Number, Series};
use crate::args::Export;
use crate::failure::Failure;
use crate::output::clean;
use crate::target;
use crate::walk::{Found, slots};

/// What was found in the segments.
pub(crate) struct Collected {
    pub(crate) families: Families,
    /// What was left out, and why: a sentence each.
    pub(crate) left_out: Vec<String>,
    /// The segments that could not be opened.
    pub(crate) failures: Vec<Failure>,
}

/// Reads all numbers of some segments.
pub(crate) fn collect(args: &Export, trusting: bool) -> Collected {
    let mut picture = Picture {
        names: Names::new(args.prefix.as_deref()),
        families: Families::new(),
        left_out: Vec::new(),
        counts: HashMap::new(),
        made: 0,
    };
    let mut failures = Vec::new();
    let mut seen = HashSet::new();
    for name in args.names.iter().filter(|name| seen.insert(*name)) {
        let opened = target::open(name, Inspector::options().foreign_owner(trusting));
        picture.up(name, opened.is_ok());
        picture.processes(name);
        match opened {
            Ok(inspector) => picture.segment(name, &inspector, args.most_series),
            Err(failure) => failures.push(failure),
        }
    }
    Collected {
        families: picture.families,
        left_out: picture.left_out,
        failures,
    }
}

struct Picture {
    names: Names,
    families: Families,
    left_out: Vec<String>,
    /// How many series of one segment each metric has.
    counts: HashMap<String, usize>,
    /// How many series have been made, including those that were left out.
    made: usize,
}

/// A forged segment may have more than there is time for.
const MOST_SERIES: usize = 1 << 22;

/// Where in a segment a number is.
#[derive(Clone)]
struct Spot<'a> {
    segment: &'a str,
    type_name: &'a str,
    /// Of the field that tells what the number is for.
    help: &'a str,
    counter: bool,
    path: String,
    /// Of so many series at most.
    most: usize,
}

impl Spot<'_> {
    /// What the number is for; where nobody has said that, what it is.
    fn help(&self) -> String {
        match (self.help, self.path.as_str(), self.type_name) {
            ("", "", _) => "The state.".to_owned(),
            ("", path, "") => clean(&format!("The field `{}`.", labels(path).0)),
            ("", path, name) => clean(&format!("The field `{}` of `{name}`.", labels(path).0)),
            (help, _, _) => help.lines().map(clean).collect::<Vec<_>>().join("\n"),
        }
    }
}

impl Picture {
    /// Whether each segment could be read, as Prometheus has `up` of what it asks.
    fn up(&mut self, segment: &str, up: bool) {
        let help = "Whether the segment could be read.";
        self.of_segment("shmstate_segment_up", help, segment, up.into());
    }

    /// How many have each segment: it may be read when its program is dead. Looks through `/proc`.
    fn processes(&mut self, segment: &str) {
        // This one may have it for the moment.
        let me = std::process::id();
        if let Ok(info) = target::info(segment) {
            let others = info.processes.found.iter().filter(|it| it.pid != me);
            let help = "How many processes are seen to have the segment, this one not counted.";
            let count = others.count() as u64;
            self.of_segment("shmstate_segment_processes", help, segment, count);
        }
    }

    fn of_segment(&mut self, metric: &str, help: &str, segment: &str, number: u64) {
        let family = self.families.entry(metric.to_owned());
        let family = family.or_insert_with(|| Family {
            help: help.to_owned(),
            counter: false,
            seconds: false,
            series: Vec::new(),
        });
        family.series.push(Series {
            labels: vec![label("segment", segment)],
            number: Number::Unsigned(number),
        });
    }

    fn segment(&mut self, name: &str, inspector: &Inspector, most: usize) {
        self.counts.clear();
        // An array that is too long is left out as a whole: a part of it would look like all of it.
        for found in slots(inspector.fields(), most, 0) {
            match found {
                Found::Slot(field) => self.slot(name, inspector.type_name(), &field, most),
                Found::Cut { path, len, .. } => self.leave_out(name, &path, len, most),
            }
        }
        let counts = std::mem::take(&mut self.counts);
        for (metric, count) in counts.into_iter().filter(|(_, count)| *count > most) {
            if let Some(family) = self.families.get_mut(&metric) {
                let this = label("segment", name);
                let of_others = |series: &Series| series.labels[0] != this;
                family.series.retain(of_others);
                if family.series.is_empty() {
                    self.families.remove(&metric);
                }
            }
            self.leave_out(name, &metric, count, most);
        }
    }

    fn leave_out(&mut self, segment: &str, what: &str, count: usize, most: usize) {
        self.left_out.push(format!(
            "segment `{}`: left out `{}`, which has {count} numbers; to have them, add `--most-series {count}` ({most} now)",
            clean(segment),
            clean(what)
        ));
    }

    fn slot(&mut self, segment: &str, type_name: &str, field: &Field<'_>, most: usize) {
        // What cannot be read has no number, which Prometheus expects as a missing series.
        if let Ok(value) = field.get() {
            let spot = Spot {
                segment,
                type_name,
                help: field.help(),
                counter: field.is_counter(),
                path: field.path().to_owned(),
                most,
            };
            self.value(&spot, field, &value);
        }
    }

    fn value(&mut self, spot: &Spot<'_>, field: &Field<'_>, value: &Value) {
        if self.made > MOST_SERIES {
            return;
        }
        match value {
            Value::Optional(Some(value)) => self.value(spot, field, value),
            Value::Struct(values) => {
                for (part, (_, value)) in field.clone().children().zip(values) {
                    let spot = Spot {
                        help: part.help(),
                        counter: part.is_counter(),
                        path: part.path().to_owned(),
                        ..spot.clone()
                    };
                    self.value(&spot, &part, value);
                }
            }
            Value::List(values) | Value::Array(values) | Value::Tuple(values) => {
                for (part, value) in field.clone().children().zip(values) {
                    let path = part.path().to_owned();
                    self.value(
                        &Spot {
                            path,
                            ..spot.clone()
                        },
                        &part,
                        value,
                    );
                }
            }
            Value::Variant { name, .. } => {
                for (variant, _) in field.variants() {
                    let number = Number::Unsigned((variant == name).into());
                    self.push(spot, Some(variant), number, false);
                }
            }
            Value::Duration(_) => {
                let seconds = value.as_f64().unwrap_or(f64::NAN);
                self.push(spot, None, Number::Float(seconds), true);
            }
            _ => {
                if let Some(number) = number(value) {
                    self.push(spot, None, number, false);
                }
            }
        }
    }

    fn push(&mut self, spot: &Spot<'_>, variant: Option<&str>, number: Number, seconds: bool) {
        let counter = spot.counter && variant.is_none();
        if counter && !is_count(number) {
            return;
        }
        self.made += 1;
        let (pattern, mut labels) = labels(&spot.path);
        labels.insert(0, label("segment", spot.segment));
        labels.extend(variant.map(|variant| label("state", variant)));
        let name = self.names.of(&Source {
            type_name: spot.type_name.to_owned(),
            pattern,
            counter,
            seconds,
            labels: labels.len(),
        });
        let count = self.counts.entry(name.clone()).or_default();
        *count += 1;
        if *count > spot.most {
            return;
        }
        let family = self.families.entry(name).or_insert_with(|| Family {
            help: spot.help(),
            counter,
            seconds,
            series: Vec::new(),
        });
        family.series.push(Series { labels, number });
    }
}

fn label(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), clean(value))
}

/// A path without its indices, and those as labels: `index`, and `index_2` and so on within.
fn labels(path: &str) -> (String, Vec<(String, String)>) {
    let mut pattern = String::new();
    let mut labels = Vec::new();
    let mut rest = path;
    while let Some((before, behind)) = rest.split_once('[') {
        let (index, behind) = behind.split_once(']').unwrap_or((behind, ""));
        let name = match labels.len() {
            0 => "index".to_owned(),
            n => format!("index_{}", n + 1),
        };
        labels.push((name, clean(index)));
        pattern.push_str(before);
        pattern.push_str("[]");
        rest = behind;
    }
    pattern.push_str(rest);
    (pattern, labels)
}

#[allow(clippy::cast_precision_loss)] // more than 64 bits are more than the format has
fn number(value: &Value) -> Option<Number> {
    Some(match value {
        Value::Bool(value) => Number::Unsigned((*value).into()),
        Value::Unsigned(value) => {
            u64::try_from(*value).map_or(Number::Float(*value as f64), Number::Unsigned)
        }
        Value::Signed(value) => {
            i64::try_from(*value).map_or(Number::Float(*value as f64), Number::Signed)
        }
        Value::F32(value) => Number::Float((*value).into()),
        Value::F64(value) => Number::Float(*value),
        _ => return None,
    })
}

/// Whether it can be the value of a counter, which begins at 0 and only grows.
fn is_count(number: Number) -> bool {
    match number {
        Number::Unsigned(_) => true,
        Number::Signed(number) => number >= 0,
        Number::Float(number) => number >= 0.0,
    }
}
