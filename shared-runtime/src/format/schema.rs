//! The field table as users see it.

use core::fmt;
use std::collections::HashMap;

use super::entry::{ACCESS_ATOMIC, ACCESS_LOCKED, ACCESS_WATCHED};
use super::kind::{EntryKind, Zero};
use super::shape::Shape;
use super::table::{Row, Table};

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
/// The fields of a nested struct are listed as `outer.inner`, those of an array's or list's element as
/// `array[].inner`, behind a line for the array itself, and those of a locked struct as `locked.inner`, behind
/// a line for the slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaField {
    path: String,
    ty: String,
    access: &'static str,
    offset: usize,
    size: usize,
    help: String,
    counter: bool,
}

impl Schema {
    pub(crate) fn of(shape: &'static Shape) -> Schema {
        Schema::from_table(&Table::of(shape))
    }

    pub(crate) fn from_table(table: &Table) -> Schema {
        let rows: Vec<Row<'_>> = table.rows().collect();
        let root = rows[0]; // every table has one
        let mut fields = Vec::new();
        list(&rows, &mut fields, "", root.facts.offset, true);
        Schema {
            name: root.name.to_owned(),
            size: saturate(root.facts.size),
            fingerprint: table.fingerprint(),
            fields,
        }
    }

    /// The name of the state's struct; empty for a state that is not a struct.
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

    /// Whether the state is a struct: any other has a field without a path.
    fn is_struct(&self) -> bool {
        !self.fields.iter().any(|field| field.path.is_empty())
    }

    /// What the state is as a whole.
    fn root(&self) -> String {
        match self.fields.first() {
            Some(field) if !self.is_struct() => field.to_string(),
            _ => format!(
                "the struct `{}` ({} bytes)",
                self.name.escape_debug(),
                self.size
            ),
        }
    }

    fn by_path(&self) -> HashMap<&str, &SchemaField> {
        let fields = self.fields.iter();
        fields.map(|field| (field.path(), field)).collect()
    }

    /// How the fields of a segment (`theirs`) differ from these, at most `most` of them.
    pub(crate) fn differences(&self, theirs: &Schema, creator: u32, most: usize) -> Vec<String> {
        let differ = |what: &str, ours: &str, theirs: &str| {
            format!("{what} {ours} here, but {theirs} in the segment created by pid {creator}")
        };
        if self.is_struct() != theirs.is_struct() {
            return vec![differ("the state is", &self.root(), &theirs.root())];
        }
        let (in_ours, in_theirs) = (self.by_path(), theirs.by_path());
        let mut differences = Vec::new();
        for ours in &self.fields {
            let theirs = match in_theirs.get(ours.path()) {
                Some(field) if field.stored() == ours.stored() => continue,
                Some(field) => field.to_string(),
                None => "absent".to_owned(),
            };
            differences.push(differ(&ours.subject(), &ours.to_string(), &theirs));
        }
        for field in &theirs.fields {
            if !in_ours.contains_key(field.path()) {
                differences.push(differ(&field.subject(), "absent", &field.to_string()));
            }
        }
        if differences.is_empty() && self.size != theirs.size {
            let ours = format!("{} bytes", self.size);
            differences.push(differ("the fields take", &ours, &theirs.size.to_string()));
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
            "the state is".to_owned()
        } else {
            format!("field `{}` is", self.path)
        }
    }

    /// What has to be equal for two programs to share the field: the help text and the counter mark do not count.
    fn stored(&self) -> impl PartialEq + '_ {
        (&self.ty, self.access, self.offset, self.size)
    }

    /// What the field is for: the text of `#[shared(help = "…")]`, or else the first paragraph of the field's doc
    /// comment; empty if there is none.
    #[must_use]
    pub fn help(&self) -> &str {
        &self.help
    }

    /// Whether the field is marked as a number that only grows, by `#[shared(counter)]`.
    #[must_use]
    pub fn is_counter(&self) -> bool {
        self.counter
    }

    /// The path of the field, such as `limits.low`; empty for a state that is a single value.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The type, such as `u64`, `nonzero u32`, `optional u32`, `enum(u8) { Idle = 0, Busy = 1 }`, `[bool; 8]`,
    /// `struct`, `option of u32`, `text of at most 64 bytes` or `list of at most 32 u32`.
    #[must_use]
    pub fn ty(&self) -> &str {
        &self.ty
    }

    /// How the field is accessed: `atomic`; `watched` for an atomic that can be waited for; `locked` for a lock-guarded slot
    /// and the fields in it; or `-` for what has no bytes to access.
    #[must_use]
    pub fn access(&self) -> &str {
        self.access
    }

    /// The distance from the start of the slots, in bytes; within an array's or list's element, or a
    /// lock-guarded slot, from the start of the element or image.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// The length in bytes; of an array, that of all its elements; of a lock-guarded slot, that of the lock and
    /// all images.
    #[must_use]
    pub fn size(&self) -> usize {
        self.size
    }
}

impl fmt::Display for SchemaField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = if self.size == 1 { "byte" } else { "bytes" };
        if let "locked" | "watched" = self.access {
            write!(f, "{} ", self.access)?;
        }
        let SchemaField {
            ty, size, offset, ..
        } = self;
        write!(f, "{ty} ({size} {bytes} at offset {offset})")
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

/// Lists the leaves of the entry `rows[0]`, which stands at `offset` and has the path `path`. If it is what another entry is
/// made of, it has no line of its own, and its fields are listed from its start.
fn list(rows: &[Row<'_>], fields: &mut Vec<SchemaField>, path: &str, offset: u64, has_line: bool) {
    let entry = rows[0];
    if entry.kind() == Some(EntryKind::Struct) {
        let mut below = children(rows);
        while let Some(row) = below.first() {
            let separator = if path.is_empty() { "" } else { "." };
            let path = format!("{path}{separator}{}", row.name);
            let offset = offset.saturating_add(row.facts.offset);
            list(below, fields, &path, offset, true);
            below = &below[1 + children(below).len()..];
        }
        return;
    }
    if has_line {
        fields.push(SchemaField {
            path: path.to_owned(),
            ty: type_name(rows),
            access: access(rows),
            offset: saturate(offset),
            size: saturate(entry.facts.size),
            help: entry.help().to_owned(),
            counter: entry.counter,
        });
    }
    let Some(inner) = inner(rows) else { return };
    let path = match entry.kind() {
        // An array of arrays is one array.
        Some(EntryKind::Array) if inner[0].kind() == entry.kind() => path,
        Some(EntryKind::Array | EntryKind::List) => &format!("{path}[]"),
        _ => path,
    };
    list(inner, fields, path, 0, false);
}

/// What an entry is made of: the element of an array or list, the value of an option, the image of a
/// locked slot.
fn inner<'r, 'a>(rows: &'r [Row<'a>]) -> Option<&'r [Row<'a>]> {
    use EntryKind::{Array, List, Locked, Option};
    // Not the next row, which need not be below this one: nothing in a table is trusted.
    let below = children(rows);
    let has_one = matches!(rows[0].kind(), Some(Array | List | Option | Locked));
    (has_one && !below.is_empty()).then_some(below)
}

pub(crate) fn access(rows: &[Row<'_>]) -> &'static str {
    let has = |access| {
        let mut all = children(rows).iter().chain(&rows[..1]);
        all.any(|row| row.facts.access == access)
    };
    if has(ACCESS_LOCKED) {
        "locked"
    } else if has(ACCESS_WATCHED) {
        "watched"
    } else if has(ACCESS_ATOMIC) {
        "atomic"
    } else {
        "-"
    }
}

fn inner_name(rows: &[Row<'_>]) -> String {
    inner(rows).map_or_else(|| "()".to_owned(), type_name)
}

pub(crate) fn type_name(rows: &[Row<'_>]) -> String {
    let facts = rows[0].facts;
    match rows[0].kind() {
        None => format!("kind {:#x}", facts.kind),
        Some(EntryKind::Struct) => "struct".to_owned(),
        Some(EntryKind::Variant) => "variant".to_owned(),
        Some(EntryKind::Wide(kind)) => kind.name().to_owned(),
        Some(EntryKind::Fixed(kind)) => kind.name.to_owned(),
        Some(EntryKind::Opaque) => format!("{} opaque bytes", facts.size),
        Some(EntryKind::Text) => format!("text of at most {} bytes", facts.count),
        Some(EntryKind::List) => format!("list of at most {} {}", facts.count, inner_name(rows)),
        Some(EntryKind::Option) => format!("option of {}", inner_name(rows)),
        Some(EntryKind::Locked) => inner_name(rows),
        Some(EntryKind::Array) => {
            let Some(element) = inner(rows) else {
                return format!("[?; {}]", facts.count);
            };
            let stride = if element[0].facts.size == facts.stride {
                String::new()
            } else {
                format!(" each {} bytes apart", facts.stride)
            };
            format!("[{}; {}]{stride}", type_name(element), facts.count)
        }
        Some(EntryKind::Scalar(kind)) => {
            let zero = match facts.zero() {
                Zero::Invalid => "nonzero ",
                Zero::Absent => "optional ",
                Zero::Number => "",
            };
            format!("{zero}{}", kind.name())
        }
        Some(EntryKind::Enum(kind)) => {
            let variants = children(rows).iter();
            let variants: Vec<String> = variants
                .map(|row| format!("{} = {}", row.name, kind.number(row.facts.value)))
                .collect();
            format!("enum({}) {{ {} }}", kind.name(), variants.join(", "))
        }
    }
}
