//! `shmstate show`

use std::cell::RefCell;
use std::io::{self, Write};

use serde::Serialize;
use serde::ser::Serializer;
use shmstate::Inspector;
use shmstate::inspect::{Field, Value};

use super::{find, shown_path};
use crate::args::Show;
use crate::failure::Failure;
use crate::output::{self, Table, clean, moment, write_json};
use crate::target;
use crate::walk::{Found, parts, slots};

/// Of an array, how many elements are shown if not all are asked for.
const ELEMENTS_SHOWN: usize = 64;

pub(super) fn run(args: &Show, trusting: bool, out: &mut dyn Write) -> Result<(), Failure> {
    let inspector = target::open(&args.name, Inspector::options().foreign_owner(trusting))?;
    let chosen: Vec<Field<'_>> = if args.fields.is_empty() {
        inspector.fields().collect()
    } else {
        let find = |text: &String| find(&inspector, &args.name, text);
        args.fields.iter().map(find).collect::<Result<_, _>>()?
    };
    let written = if args.json {
        let document = Document {
            segment: About::of(&inspector),
            fields: Slotwise {
                fields: RefCell::new(chosen),
                raw: args.raw,
            },
        };
        write_json(out, &document)
    } else if args.values {
        values(chosen, args, out)
    } else {
        headline(&args.name, &inspector, out).and_then(|()| table(chosen, args, out))
    };
    written.map_err(Failure::io("write the output"))
}

fn headline(name: &str, inspector: &Inspector, out: &mut dyn Write) -> io::Result<()> {
    let type_name = match inspector.type_name() {
        "" => String::new(),
        name => format!("{}, ", clean(name)),
    };
    let told = inspector.description();
    writeln!(
        out,
        "segment `{}`: {type_name}{}, created {} ago by pid {}\n",
        clean(name),
        output::size(inspector.size()),
        output::age(told.created),
        output::creator(told.creator, told.creator_lives),
    )
}

fn most(args: &Show) -> usize {
    if args.all { usize::MAX } else { ELEMENTS_SHOWN }
}

fn table(fields: Vec<Field<'_>>, args: &Show, out: &mut dyn Write) -> io::Result<()> {
    let mut table = Table::new(out, &["FIELD", "TYPE", "VALUE", "SLOT"])?;
    for found in slots(fields.into_iter(), most(args), ELEMENTS_SHOWN) {
        match found {
            Found::Slot(field) => {
                for row in rows(&field, args.raw) {
                    table.row(&row)?;
                }
            }
            Found::Cut { path, shown, len } => table.row(&[
                shown_path(&path),
                String::new(),
                format!("… {} more elements: add `--all`", len - shown),
            ])?,
        }
    }
    table.end()
}

fn values(fields: Vec<Field<'_>>, args: &Show, out: &mut dyn Write) -> io::Result<()> {
    for found in slots(fields.into_iter(), usize::MAX, 0) {
        if let Found::Slot(field) = found {
            writeln!(out, "{}", shown_value(&field, args.raw))?;
        }
    }
    Ok(())
}

/// The rows of a slot: one, and one for each part of a struct.
fn rows(field: &Field<'_>, raw: bool) -> Vec<[String; 4]> {
    let mut slot = slot(field);
    let value = match field.get() {
        Ok(value) if !raw => value,
        _ => {
            let row = [
                shown_path(field.path()),
                clean(&field.ty()),
                shown_value(field, raw),
                slot,
            ];
            return vec![row];
        }
    };
    let mut rows = Vec::new();
    parts(field, &value, &mut |part, value| {
        rows.push([
            shown_path(part.path()),
            clean(&part.ty()),
            value.map_or_else(String::new, |value| clean(&value.to_string())),
            std::mem::take(&mut slot),
        ]);
    });
    rows
}

/// The value in one line, or why there is no value.
fn shown_value(field: &Field<'_>, raw: bool) -> String {
    if raw {
        return match field.bytes() {
            Ok(Some(bytes)) => hex(&bytes),
            Ok(None) => "-".to_owned(),
            Err(error) => format!("({})", clean(&error.to_string())),
        };
    }
    match field.get() {
        Ok(value) => clean(&value.to_string()),
        Err(error) => format!("({})", clean(&error.to_string())),
    }
}

/// What there is to say of a lock: `version 3, 1 recovery, held by pid 412`. Or that the slot is `watched`.
fn slot(field: &Field<'_>) -> String {
    use std::fmt::Write as _;
    let Some(version) = field.version() else {
        let watched = field.access() == "watched";
        return if watched { "watched" } else { "" }.to_owned();
    };
    let mut text = format!("version {version}");
    match field.recoveries() {
        Some(1) => text.push_str(", 1 recovery"),
        Some(n) if n > 1 => drop(write!(text, ", {n} recoveries")),
        _ => {}
    }
    if let Some(holder) = field.holder() {
        text.push_str(", ");
        text.push_str(&output::holder(&holder));
    }
    text
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[derive(Serialize)]
struct Document<'a> {
    segment: About<'a>,
    fields: Slotwise<'a>,
}

#[derive(Serialize)]
struct About<'a> {
    name: Option<&'a str>,
    id: String,
    r#type: &'a str,
    size: u64,
    created: String,
    creator: Creator,
    keeps_name: bool,
    fingerprint: String,
}

#[derive(Serialize)]
struct Creator {
    pid: u32,
    alive: Option<bool>,
}

impl<'a> About<'a> {
    fn of(inspector: &'a Inspector) -> About<'a> {
        let told = inspector.description();
        About {
            name: inspector.name(),
            id: format!("{:032x}", told.id),
            r#type: inspector.type_name(),
            size: inspector.size(),
            created: moment(told.created),
            creator: Creator {
                pid: told.creator,
                alive: told.creator_lives,
            },
            keeps_name: told.keeps_name,
            fingerprint: format!("{:016x}", told.fingerprint),
        }
    }
}

/// All slots of some fields, each read as it is written out: there may be millions.
struct Slotwise<'a> {
    /// Taken when written.
    fields: RefCell<Vec<Field<'a>>>,
    raw: bool,
}

impl Serialize for Slotwise<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fields = self.fields.take().into_iter();
        serializer.collect_seq(
            slots(fields, usize::MAX, 0).filter_map(|found| match found {
                Found::Slot(field) => Some(SlotJson::of(&field, self.raw)),
                Found::Cut { .. } => None,
            }),
        )
    }
}

#[derive(Serialize)]
struct SlotJson {
    path: String,
    r#type: String,
    access: &'static str,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
    /// It only grows.
    #[serde(skip_serializing_if = "Option::is_none")]
    counter: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<String>,
    /// Why it has no value.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    /// Only of lock-guarded slots.
    #[serde(skip_serializing_if = "Option::is_none")]
    lock: Option<LockJson>,
}

#[derive(Serialize)]
struct LockJson {
    version: u64,
    recoveries: u64,
    holder: Option<HolderJson>,
}

#[derive(Serialize)]
struct HolderJson {
    thread: Option<u32>,
    pid: Option<u32>,
    alive: Option<bool>,
}

impl SlotJson {
    fn of(field: &Field<'_>, raw: bool) -> SlotJson {
        let (value, bytes, error) = if raw {
            match field.bytes() {
                Ok(bytes) => (None, bytes.map(|bytes| hex(&bytes)), None),
                Err(error) => (None, None, Some(error)),
            }
        } else {
            match field.get() {
                Ok(value) => (Some(value), None, None),
                Err(error) => (None, None, Some(error)),
            }
        };
        SlotJson {
            path: field.path().to_owned(),
            r#type: field.ty(),
            access: field.access(),
            help: Some(field.help().to_owned()).filter(|help| !help.is_empty()),
            counter: field.is_counter().then_some(true),
            value,
            bytes,
            error: error.map(|error| error.to_string()),
            lock: field.version().map(|version| LockJson {
                version,
                recoveries: field.recoveries().unwrap_or(0),
                holder: field.holder().map(|holder| HolderJson {
                    thread: holder.thread,
                    pid: holder.process,
                    alive: holder.alive,
                }),
            }),
        }
    }
}
