//! JSON. The names of its fields are an interface: the README lists them, and they are only added to.

use std::io::{self, Write};
use std::time::SystemTime;

use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};
use shmstate::processes::{Liveness, Place, SegmentInfo};

/// Prints a value as JSON, indented, with an end of line.
pub(crate) fn write_json(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    let format = Escaping(PrettyFormatter::new());
    let mut serializer = Serializer::with_formatter(&mut *out, format);
    value.serialize(&mut serializer).map_err(io::Error::from)?;
    writeln!(out)
}

/// Indented, and with all that could move a terminal's cursor written as `\u….` in strings. (JSON wants that only of
/// the first 32 characters.)
struct Escaping<'a>(PrettyFormatter<'a>);

/// As the inner formatter.
macro_rules! as_pretty {
    ($($method:ident($($argument:ident: $ty:ty)?);)*) => {$(
        fn $method<W: ?Sized + Write>(&mut self, out: &mut W $(, $argument: $ty)?) -> io::Result<()> {
            self.0.$method(out $(, $argument)?)
        }
    )*};
}

impl Formatter for Escaping<'_> {
    as_pretty! {
        begin_array();
        end_array();
        begin_array_value(first: bool);
        end_array_value();
        begin_object();
        end_object();
        begin_object_key(first: bool);
        begin_object_value();
        end_object_value();
    }

    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut plain = fragment.char_indices();
        let mut start = 0;
        while let Some((at, c)) = plain.find(|(_, c)| is_odd(*c)) {
            out.write_all(&fragment.as_bytes()[start..at])?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            start = at + c.len_utf8();
        }
        out.write_all(&fragment.as_bytes()[start..])
    }
}

/// Whether `{:?}` would write it out. (Quotes and backslashes are not in a fragment.)
fn is_odd(c: char) -> bool {
    !c.is_ascii_graphic() && c != ' ' && c.escape_debug().len() > 1
}

/// A segment in `shmstate ls --json`.
#[derive(Serialize)]
pub(crate) struct Segment {
    /// `null` for a segment without a name.
    name: Option<String>,
    /// `named`, `unfinished`, `removed` or `anonymous`.
    place: &'static str,
    /// What opens it, if it can be opened.
    token: Option<String>,
    id: Option<String>,
    r#type: Option<String>,
    fields: Option<usize>,
    size: u64,
    uid: Option<u32>,
    mode: Option<String>,
    created: Option<String>,
    age_seconds: Option<u64>,
    creator: Option<Creator>,
    keeps_name: Option<bool>,
    fingerprint: Option<String>,
    /// `live`, `stale`, `kept`, `unreadable` or `unknown`.
    liveness: &'static str,
    liveness_reason: String,
    processes: Vec<Process>,
    /// Whether all processes could be examined.
    processes_complete: bool,
    /// Why its description cannot be read.
    error: Option<String>,
}

#[derive(Serialize)]
struct Creator {
    pid: u32,
    alive: Option<bool>,
}

#[derive(Serialize)]
struct Process {
    pid: u32,
    command: String,
    mapped: bool,
    writable: bool,
    descriptors: Vec<u32>,
}

impl Segment {
    pub(crate) fn of(info: &SegmentInfo) -> Segment {
        let (place, name) = match &info.place {
            Place::Named { name } => ("named", Some(name.clone())),
            Place::Unfinished { name } => ("unfinished", Some(name.clone())),
            Place::Removed { name } => ("removed", Some(name.clone())),
            _ => ("anonymous", None),
        };
        let description = info.description.as_ref().ok();
        Segment {
            name,
            place,
            token: info.token(),
            id: description.map(|it| format!("{:032x}", it.id)),
            r#type: description.map(|it| it.type_name.clone()),
            fields: description.map(|it| it.fields),
            size: info.size,
            uid: info.uid,
            mode: info.mode.map(|mode| format!("{mode:04o}")),
            created: description.map(|it| moment(it.created)),
            age_seconds: description.map(|it| it.created.elapsed().unwrap_or_default().as_secs()),
            creator: description.map(|it| Creator {
                pid: it.creator,
                alive: it.creator_lives,
            }),
            keeps_name: description.map(|it| it.keeps_name),
            fingerprint: description.map(|it| format!("{:016x}", it.fingerprint)),
            liveness: liveness(&info.liveness),
            liveness_reason: info.liveness.to_string(),
            processes: info
                .processes
                .found
                .iter()
                .map(|process| Process {
                    pid: process.pid,
                    command: process.command.clone(),
                    mapped: process.mapped,
                    writable: process.writable,
                    descriptors: process.descriptors.clone(),
                })
                .collect(),
            processes_complete: info.processes.complete,
            error: info.description.as_ref().err().map(ToString::to_string),
        }
    }
}

/// One word for it.
pub(crate) fn liveness(liveness: &Liveness) -> &'static str {
    match liveness {
        Liveness::Live => "live",
        Liveness::Unseen => "unseen",
        Liveness::Stale => "stale",
        Liveness::Kept => "kept",
        Liveness::Unreadable => "unreadable",
        _ => "unknown",
    }
}

/// By RFC 3339. Of a forged segment, the year may be one that this cannot write.
pub(crate) fn moment(time: SystemTime) -> String {
    let far = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(253_402_300_799);
    humantime::format_rfc3339_seconds(time.min(far)).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_move_the_cursor_is_escaped_and_the_value_the_same() {
        let value = ["a\u{7f}b\u{9b}2J", "\u{202e}\u{e0001}", "größe 😀 \"\\\n"];
        let mut json = Vec::new();
        write_json(&mut json, &value).expect("it is written");
        let json = String::from_utf8(json).expect("UTF-8");
        assert!(json.contains(r#""a\u007fb\u009b2J""#), "{json}");
        assert!(json.contains(r#""\u202e\udb40\udc01""#), "{json}");
        assert!(json.contains(r#""größe 😀 \"\\\n""#), "{json}");
        let back: [String; 3] = serde_json::from_str(&json).expect("it is JSON");
        assert_eq!(back, value);
    }
}
