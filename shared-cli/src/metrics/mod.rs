//! The numbers in segments as metrics.
//!
//! An export is a snapshot, taken when it is requested; nothing is kept from one to the next.

mod collect;
mod names;
mod serve;

use std::collections::BTreeMap;
use std::fmt;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, NoLabelSet};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::exemplar::Exemplar;
use prometheus_client::registry::{Registry, Unit};

pub(crate) use collect::{Collected, collect};
pub(crate) use serve::serve;

/// The description of one metric, and its series.
#[derive(Clone, Debug)]
pub(crate) struct Family {
    help: String,
    counter: bool,
    seconds: bool,
    series: Vec<Series>,
}

#[derive(Clone, Debug)]
struct Series {
    labels: Vec<(String, String)>,
    number: Number,
}

/// Whole numbers are written as such: a float has only 53 bits for them.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Number {
    Unsigned(u64),
    Signed(i64),
    Float(f64),
}

/// All metrics, by name.
pub(crate) type Families = BTreeMap<String, Family>;

/// The metrics as text in the format `OpenMetrics`.
///
/// # Errors
///
/// Only what the encoder refuses, which is nothing that occurs here.
pub(crate) fn text(families: Families) -> Result<String, fmt::Error> {
    let mut registry = Registry::default();
    registry.register_collector(Box::new(Picture(families)));
    let mut text = String::new();
    prometheus_client::encoding::text::encode(&mut text, &registry)?;
    Ok(text)
}

#[derive(Debug)]
struct Picture(Families);

impl Collector for Picture {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        for (name, family) in &self.0 {
            let kind = if family.counter {
                MetricType::Counter
            } else {
                MetricType::Gauge
            };
            let unit = family.seconds.then_some(&Unit::Seconds);
            let mut metric = encoder.encode_descriptor(name, &escaped(&family.help), unit, kind)?;
            for series in &family.series {
                let mut metric = metric.encode_family(&series.labels)?;
                if family.counter {
                    let none: Option<&Exemplar<NoLabelSet, f64>> = None;
                    match series.number {
                        Number::Unsigned(number) => metric.encode_counter(&number, none)?,
                        Number::Signed(number) => {
                            metric.encode_counter(&number.unsigned_abs(), none)?;
                        }
                        Number::Float(number) => metric.encode_counter(&number, none)?,
                    }
                } else {
                    match series.number {
                        Number::Unsigned(number) => metric.encode_gauge(&number)?,
                        Number::Signed(number) => metric.encode_gauge(&number)?,
                        Number::Float(number) => metric.encode_gauge(&number)?,
                    }
                }
            }
        }
        Ok(())
    }
}

/// Escapes a help text as the format demands. (The encoder escapes the values of labels, but not help texts.)
fn escaped(help: &str) -> String {
    help.replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}
