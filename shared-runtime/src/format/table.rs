//! The field table in a segment: the shape of a state written out for any reader.
//!
//! `docs/format.md` has the layout byte by byte. Entries stand in pre-order, each with its depth; names lie
//! in a string pool behind them.

#![allow(unsafe_code)]

use core::ops::Range;

use bytemuck::{Pod, Zeroable};

use super::entry::Facts;
use super::fingerprint::{OFFSET_BASIS, fold_facts};
use super::kind::EntryKind;
use super::shape::{FieldShape, Shape};

/// One row of the table.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct Entry {
    name_offset: u32,
    name_len: u32,
    facts: Facts,
    /// Of its help text in the string pool, or 0.
    help_offset: u32,
    help_len: u16,
    flags: u16,
}

// SAFETY: all fields may be zero.
unsafe impl Zeroable for Entry {}
// SAFETY: integers, in an order that leaves no padding (their sizes add up to that of the struct).
unsafe impl Pod for Entry {}

/// Flag: a number that only grows.
const COUNTER: u16 = 1;

pub(crate) const ENTRY_LEN: usize = size_of::<Entry>();
const _: () = assert!(ENTRY_LEN == 64);

/// A table and its string pool, as bytes. Both have a length that is a multiple of 8.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    entries: Vec<Entry>,
    strings: Vec<u8>,
}

/// An entry with its name looked up.
#[derive(Clone, Copy)]
pub(crate) struct Row<'a> {
    pub name: &'a str,
    pub facts: Facts,
    help: &'a [u8],
    pub counter: bool,
}

impl<'a> Row<'a> {
    /// `None` for a kind of a later format.
    pub(crate) fn kind(&self) -> Option<EntryKind> {
        EntryKind::of(self.facts.kind)
    }

    /// Empty if there is none, and if it is damaged: it is only for people.
    pub(crate) fn help(&self) -> &'a str {
        core::str::from_utf8(self.help).unwrap_or_default()
    }
}

impl Table {
    /// The most that is read of a segment's table, which another program may have written.
    pub(crate) const MOST_ENTRIES: u32 = 1 << 16;
    pub(crate) const MOST_STRINGS: u64 = 1 << 24;
    const DEEPEST: u32 = 64;
    /// The length of all paths together, in bytes. Names may share bytes in the pool, and each is part of every path below
    /// it.
    const LONGEST_PATHS: u64 = 1 << 24;
    const LONGEST_NAME: u32 = 1024;
    /// The length of all help texts together, which may share bytes as well.
    const LONGEST_HELP: u64 = 1 << 24;

    pub(crate) fn of(shape: &'static Shape) -> Table {
        let mut table = Table::default();
        table.push_part(FieldShape::new(shape.name, 0, shape), 0, false);
        table
            .strings
            .resize(table.strings.len().next_multiple_of(8), 0);
        table
    }

    pub(crate) fn entries(&self) -> &[u8] {
        bytemuck::cast_slice(&self.entries)
    }

    pub(crate) fn strings(&self) -> &[u8] {
        &self.strings
    }

    /// The order is that of `fold_part`, which hashes the same entries at compile time.
    fn push_part(&mut self, part: FieldShape, depth: u32, in_image: bool) {
        let shape = part.shape;
        let facts = shape.facts.at(part.offset, depth, in_image);
        self.push(part.name, part.help, part.counter, facts);
        for variant in shape.variants {
            let facts = Facts::of_variant(variant, depth + 1);
            self.push(variant.name, "", false, facts);
        }
        let in_image = in_image || shape.kind == Some(EntryKind::Locked);
        for part in shape.parts().iter().filter(|part| !part.shape.is_nothing()) {
            self.push_part(*part, depth + 1, in_image);
        }
    }

    fn push(&mut self, name: &str, help: &str, counter: bool, facts: Facts) {
        let help = cut(help, u16::MAX.into());
        let name_offset = self.push_text(name);
        let help_offset = self.push_text(help);
        self.entries.push(Entry {
            name_offset,
            name_len: small(name.len()),
            facts,
            help_offset: if help.is_empty() { 0 } else { help_offset },
            help_len: u16::try_from(help.len()).expect("it has been cut"),
            flags: if counter { COUNTER } else { 0 },
        });
    }

    /// Returns where it begins.
    fn push_text(&mut self, text: &str) -> u32 {
        let offset = small(self.strings.len());
        self.strings.extend_from_slice(text.as_bytes());
        offset
    }

    /// A table read from a segment. `entries` is a multiple of an entry's length.
    ///
    /// # Errors
    ///
    /// What is wrong with it, for a message: nothing in a segment is trusted.
    pub(crate) fn read(entries: &[u8], strings: &[u8]) -> Result<Table, &'static str> {
        let table = Table {
            entries: bytemuck::allocation::pod_collect_to_vec(entries),
            strings: strings.to_vec(),
        };
        if table.entries.len() > Self::MOST_ENTRIES as usize {
            return Err("it has more entries than this program reads");
        }
        let mut depth = 0;
        let mut path_lens = Vec::new();
        let (mut total, mut help) = (0, 0);
        for (i, entry) in table.entries.iter().enumerate() {
            if i == 0 && entry.facts.depth != 0
                || i > 0 && !(1..=depth + 1).contains(&entry.facts.depth)
            {
                return Err("its entries do not form a tree");
            }
            if entry.facts.depth > Self::DEEPEST {
                return Err("its entries are nested too deeply");
            }
            depth = entry.facts.depth;
            if table.name(entry).is_none() {
                return Err("a name lies outside the string pool or is not UTF-8");
            }
            path_lens.truncate(depth as usize);
            let above = path_lens.last().copied().unwrap_or(0);
            path_lens.push(above + u64::from(entry.name_len));
            total += above + u64::from(entry.name_len);
            if entry.name_len > Self::LONGEST_NAME || total > Self::LONGEST_PATHS {
                return Err("its names are longer than this program reads");
            }
            help += u64::from(entry.help_len);
            if help > Self::LONGEST_HELP {
                return Err("its help texts are longer than this program reads");
            }
        }
        if table.entries.is_empty() {
            return Err("it is empty");
        }
        Ok(table)
    }

    fn name(&self, entry: &Entry) -> Option<&str> {
        core::str::from_utf8(self.part(entry.name_offset, entry.name_len)?).ok()
    }

    fn part(&self, offset: u32, len: u32) -> Option<&[u8]> {
        let start = offset as usize;
        let end = start.checked_add(len as usize)?;
        self.strings.get(start..end)
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows_of(0..self.entries.len())
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// What the row of that number says, which must be there.
    pub(crate) fn facts(&self, row: usize) -> Facts {
        self.entries[row].facts
    }

    /// The rows of these numbers, which must be there.
    pub(crate) fn rows_of(&self, range: Range<usize>) -> impl Iterator<Item = Row<'_>> {
        self.entries[range].iter().map(|entry| Row {
            name: self.name(entry).unwrap_or("?"),
            help: self
                .part(entry.help_offset, entry.help_len.into())
                .unwrap_or_default(),
            counter: entry.flags & COUNTER != 0,
            facts: entry.facts,
        })
    }

    /// The hash of what the table says, by the rule of `docs/format.md`.
    pub(crate) fn fingerprint(&self) -> u64 {
        let mut rows = self.rows();
        let root = rows.next().map_or(OFFSET_BASIS, |root| {
            fold_facts(OFFSET_BASIS, "", root.facts)
        });
        rows.fold(root, |hash, row| fold_facts(hash, row.name, row.facts))
    }
}

fn small(length: usize) -> u32 {
    u32::try_from(length).expect("a state's names take less than 4 GiB")
}

/// The beginning of a text: at most `longest` bytes, and no part of a character.
fn cut(text: &str, longest: usize) -> &str {
    let mut end = longest.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::kind::{Kind, Zero};
    use crate::format::shape::FieldShape;

    // If wrong: a length that does not fit, a text that ends within a character, or the next field without its own.
    #[test]
    fn a_help_text_too_long_for_the_table_is_cut_between_characters() {
        const BYTE: &Shape = &Shape::scalar(Kind::U8, Zero::Number);
        let long: &'static str = Box::leak(format!("xx{}", "€".repeat(22_000)).into_boxed_str());
        let fields = Box::leak(Box::new([
            FieldShape::described("first", 0, BYTE, long, true),
            FieldShape::described("second", 1, BYTE, "Behind it.", false),
        ]));
        let shape = Box::leak(Box::new(Shape::structure("Long", 2, 1, fields)));
        let table = Table::of(shape);
        let table = Table::read(table.entries(), table.strings()).expect("a table");
        let rows: Vec<Row<'_>> = table.rows().collect();
        assert_eq!((rows[1].name, rows[1].help().len()), ("first", 65_534));
        assert!(long.starts_with(rows[1].help()));
        assert_eq!((rows[2].name, rows[2].help()), ("second", "Behind it."));
        assert_eq!((rows[1].counter, rows[2].counter), (true, false));
    }

    /// A table of two levels, of which `forge` changes the second entry; and then that entry 65,000 times.
    fn forged(forge: impl FnOnce(&mut Entry)) -> Result<Table, &'static str> {
        const BYTE: &Shape = &Shape::scalar(Kind::U8, Zero::Number);
        const FIELDS: &[FieldShape] = &[FieldShape::new("first", 0, BYTE)];
        const FORGED: &Shape = &Shape::structure("Forged", 1, 1, FIELDS);
        let mut table = Table::of(FORGED);
        forge(&mut table.entries[1]);
        table.entries.extend(vec![table.entries[1]; 65_000]);
        table.strings.resize(1 << 20, b'x');
        Table::read(table.entries(), table.strings())
    }

    // If wrong: a process that opens such a segment copies gigabytes.
    #[test]
    fn texts_that_share_their_bytes_are_no_longer_than_is_read() {
        assert!(forged(|_| ()).is_ok());
        let names = forged(|entry| entry.name_len = 1 << 11).map(drop);
        assert_eq!(names, Err("its names are longer than this program reads"));
        let help = forged(|entry| entry.help_len = u16::MAX).map(drop);
        assert_eq!(
            help,
            Err("its help texts are longer than this program reads")
        );
    }
}
