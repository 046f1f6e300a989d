//! The field table as users see it.

use core::fmt;
use core::fmt::Write as _;
use std::collections::HashMap;

use crate::shape::{Shape, Zero};
use crate::table::{EntryKind, Row, Table};

/// The fields of a state: where each lies and what it is. See [`Shared::schema`](crate::Shared::schema).
///
/// Displayed, it is a table with a line for each field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schema {
    name: String,
    size: usize,
    fingerprint: u64,
    fields: Vec<SchemaField>,
}

/// One field of a [`Schema`].
///
/// The fields of a nested struct are listed as `outer.inner`, those of an array's element as
/// `array[].inner`, behind a line for the array itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaField {
    path: String,
    ty: String,
    access: &'static str,
    offset: usize,
    size: usize,
}

impl Schema {
    pub(crate) fn of(shape: &Shape) -> Schema {
        Schema::from_table(&Table::of(shape))
    }

    pub(crate) fn from_table(table: &Table) -> Schema {
        let rows: Vec<Row<'_>> = table.rows().collect();
        let mut fields = Vec::new();
        if let Some(root) = rows.first() {
            list(&rows, &mut fields, "", root.facts.offset);
        }
        Schema {
            name: rows
                .first()
                .map_or(String::new(), |root| root.name.to_owned()),
            size: rows.first().map_or(0, |root| saturate(root.facts.size)),
            fingerprint: table.fingerprint(),
            fields,
        }
    }

    /// The name of the state's struct; empty for a state that is no struct.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The length of the slots, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.size
    }

    /// The hash by which two definitions are compared when a segment is opened. Equal in every build
    /// of the same definition; names of Rust types do not count.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    /// The fields, in the order of their offsets.
    #[must_use]
    pub fn fields(&self) -> &[SchemaField] {
        &self.fields
    }

    /// How the fields of a segment (`theirs`) differ from these, at most `most` of them.
    pub(crate) fn differences(&self, theirs: &Schema, creator: u32, most: usize) -> Vec<String> {
        let by_path = |schema: &Schema| -> HashMap<String, SchemaField> {
            schema
                .fields
                .iter()
                .map(|field| (field.path.clone(), field.clone()))
                .collect()
        };
        let (in_ours, in_theirs) = (by_path(self), by_path(theirs));
        let mut differences = Vec::new();
        for ours in &self.fields {
            match in_theirs.get(&ours.path) {
                Some(field) if field == ours => {}
                Some(field) => differences.push(format!(
                    "{} is {ours} here, but {field} in the segment created by pid {creator}",
                    ours.subject()
                )),
                None => differences.push(format!(
                    "{} is {ours} here, but absent in the segment created by pid {creator}",
                    ours.subject()
                )),
            }
        }
        for field in &theirs.fields {
            if !in_ours.contains_key(&field.path) {
                differences.push(format!(
                    "{} is absent here, but {field} in the segment created by pid {creator}",
                    field.subject()
                ));
            }
        }
        if differences.is_empty() && self.size != theirs.size {
            differences.push(format!(
                "the fields take {} bytes here, but {} in the segment created by pid {creator}",
                self.size, theirs.size
            ));
        }
        if differences.len() > most {
            let more = differences.len() - most;
            differences.truncate(most);
            differences.push(format!("{more} more differ"));
        }
        differences
    }
}

impl SchemaField {
    fn subject(&self) -> String {
        if self.path.is_empty() {
            "the state".to_owned()
        } else {
            format!("field `{}`", self.path)
        }
    }

    /// The path of the field, such as `limits.low`; empty for a state that is a single value.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The type, such as `u64`, `nonzero u32`, `optional u32`, `enum(u8) { Idle = 0, Busy = 1 }` or
    /// `[bool; 8]`.
    #[must_use]
    pub fn ty(&self) -> &str {
        &self.ty
    }

    /// How the field is accessed: `atomic`, or `-` for an array of structs.
    #[must_use]
    pub fn access(&self) -> &str {
        self.access
    }

    /// The distance from the start of the slots, in bytes; within an array's element, from the start
    /// of the element.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// The length in bytes; of an array, that of all its elements.
    #[must_use]
    pub fn size(&self) -> usize {
        self.size
    }
}

impl fmt::Display for SchemaField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = if self.size == 1 { "byte" } else { "bytes" };
        write!(
            f,
            "{} ({} {bytes} at offset {})",
            self.ty, self.size, self.offset
        )
    }
}

impl fmt::Display for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} ({} bytes, fingerprint {:016x})",
            self.name, self.size, self.fingerprint
        )?;
        for field in &self.fields {
            writeln!(
                f,
                "{:>8} {:>8} {:<7} {}: {}",
                field.offset, field.size, field.access, field.path, field.ty
            )?;
        }
        Ok(())
    }
}

fn saturate(n: u64) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

/// The rows below `rows[0]`, which lie behind it and deeper.
fn children<'r, 'a>(rows: &'r [Row<'a>]) -> &'r [Row<'a>] {
    let below = &rows[1..];
    let end = below
        .iter()
        .position(|row| row.facts.depth <= rows[0].facts.depth);
    &below[..end.unwrap_or(below.len())]
}

/// Lists the leaves of the entry `rows[0]`, which stands at `offset` and has the path `path`.
fn list(rows: &[Row<'_>], fields: &mut Vec<SchemaField>, path: &str, offset: u64) {
    let entry = rows[0];
    let below = children(rows);
    if EntryKind::of(entry.facts.kind) == Some(EntryKind::Struct) {
        list_fields(below, fields, path, offset);
        return;
    }
    fields.push(SchemaField {
        path: path.to_owned(),
        ty: type_name(rows),
        access: if below
            .iter()
            .chain([&entry])
            .any(|row| row.facts.access == 1)
        {
            "atomic"
        } else {
            "-"
        },
        offset: saturate(offset),
        size: saturate(entry.facts.size),
    });
    let element = innermost(rows);
    if element.len() < rows.len() && EntryKind::of(element[0].facts.kind) == Some(EntryKind::Struct)
    {
        list_fields(children(element), fields, &format!("{path}[]"), 0);
    }
}

fn list_fields(mut rows: &[Row<'_>], fields: &mut Vec<SchemaField>, path: &str, offset: u64) {
    while let Some(row) = rows.first() {
        let separator = if path.is_empty() { "" } else { "." };
        let path = format!("{path}{separator}{}", row.name);
        list(rows, fields, &path, offset.saturating_add(row.facts.offset));
        rows = &rows[1 + children(rows).len()..];
    }
}

/// The element of an array (of arrays); the entry itself if it is none.
fn innermost<'r, 'a>(rows: &'r [Row<'a>]) -> &'r [Row<'a>] {
    let mut rows = rows;
    while EntryKind::of(rows[0].facts.kind) == Some(EntryKind::Array) {
        match children(rows) {
            [] => break,
            element => rows = element,
        }
    }
    rows
}

fn type_name(rows: &[Row<'_>]) -> String {
    let facts = rows[0].facts;
    match EntryKind::of(facts.kind) {
        None => format!("kind {:#x}", facts.kind),
        Some(EntryKind::Struct) => "struct".to_owned(),
        Some(EntryKind::Variant) => "variant".to_owned(),
        Some(EntryKind::Array) if !children(rows).is_empty() => {
            // Not the next row, which need not be below this one: nothing in a table is trusted.
            let element = children(rows);
            let packed = element[0].facts.size == facts.stride;
            let stride = if packed {
                String::new()
            } else {
                format!(" each {} bytes apart", facts.stride)
            };
            format!("[{}; {}]{stride}", type_name(element), facts.count)
        }
        Some(EntryKind::Array) => format!("[?; {}]", facts.count),
        Some(EntryKind::Scalar(kind)) => {
            let zero = match facts.zero {
                z if z == Zero::Invalid as u8 => "nonzero ",
                z if z == Zero::Absent as u8 => "optional ",
                _ => "",
            };
            format!("{zero}{}", kind.name())
        }
        Some(EntryKind::Enum(kind)) => {
            let signed = kind.is_signed();
            let mut text = format!("enum({}) {{", kind.name());
            for (i, row) in children(rows).iter().enumerate() {
                let comma = if i == 0 { "" } else { "," };
                let value = row.facts.value;
                let _ = if signed {
                    write!(text, "{comma} {} = {}", row.name, value.cast_signed())
                } else {
                    write!(text, "{comma} {} = {value}", row.name)
                };
            }
            text + " }"
        }
    }
}
