//! The field table of a segment, checked once, so that the places that it names can be used without checks.

use std::collections::HashMap;

use crate::format::entry::{ACCESS_ATOMIC, ACCESS_LOCKED, ACCESS_NONE, ACCESS_WATCHED, Facts};
use crate::format::kind::EntryKind;
use crate::format::shape::{LENGTH_LEN, SLOTS_ALIGN};
use crate::format::table::{Row, Table};
use crate::lock::{Event, HEAD_LEN, IMAGES, event_at};
use crate::sync::AnyInteger;
use crate::walk::{Node, Part, index};

/// A field table that has been checked: whatever it describes lies within the slots.
///
/// Invariants, where `size` and `offset` are those of an entry:
/// 1. what is below an entry lies within it, in order and without overlap, and the first within the slots;
/// 2. scalars have the size of their kind, and outside of images are aligned to it; those that can be waited for are
///    longer: behind the value lies an event word, aligned;
/// 3. lock-guarded slots have the layout that `docs/format.md` gives them, and images are no longer than their stride;
/// 4. arrays, texts and lists are as long as they say.
#[derive(Debug)]
pub(super) struct Tree {
    pub table: Table,
    /// For each entry, the index behind the last entry below it.
    ends: Vec<usize>,
    /// The variants of enums, by the entry of the enum and the number that is stored.
    variants: HashMap<(usize, u64), usize>,
}

/// The most bytes that are copied at once.
pub(super) const MOST_BYTES: usize = 1 << 30;

/// The size of the event word, on which waiters sleep.
const EVENT_LEN: u64 = 4;

type Checked<T> = Result<T, &'static str>;

const OUTSIDE: &str = "a field lies outside of what it is in, or over another one";
const UNKNOWN_ACCESS: &str = "a field is accessed in a way that this program does not know";
const WRONG_SIZE: &str = "a field does not have the size of its kind";

impl Tree {
    /// Checks the table of a segment whose slots take `slots_len` bytes.
    ///
    /// # Errors
    ///
    /// What is wrong with the table, for a message.
    pub(super) fn new(table: Table, slots_len: u64) -> Checked<Tree> {
        let mut ends = vec![table.len(); table.len()];
        // The entries that an entry is below, by their depths: when a table is read, it is checked that none is skipped.
        let mut above: Vec<usize> = Vec::new();
        let mut variants = HashMap::new();
        for (i, row) in table.rows().enumerate() {
            let depth = index(row.facts.depth.into()).min(above.len());
            for ended in above.drain(depth..) {
                ends[ended] = i;
            }
            if let Some(parent) = above.last().filter(|_| is_variant(row)) {
                variants.entry((*parent, row.facts.value)).or_insert(i);
            }
            above.push(i);
        }
        let tree = Tree {
            table,
            ends,
            variants,
        };
        let root = tree.row(0).facts;
        if root.offset != 0 || root.size > slots_len || usize::try_from(root.size).is_err() {
            return Err("the fields do not fit the segment");
        }
        tree.check(0, false)?;
        Ok(tree)
    }

    /// The state as a whole.
    pub(super) fn root(&self) -> TreeNode<'_> {
        self.node(Some(0))
    }

    fn node(&self, entry: Option<usize>) -> TreeNode<'_> {
        TreeNode { tree: self, entry }
    }

    fn row(&self, entry: usize) -> Row<'_> {
        let mut rows = self.table.rows_of(entry..entry + 1);
        rows.next().expect("one row was asked for")
    }

    /// The entries directly below: the fields of a struct, the variants of an enum; or one, which is the element of an
    /// array or list, the value of an option, or the image of a lock-guarded slot, and is left out if it has no bytes.
    fn children(&self, entry: usize) -> impl Iterator<Item = (usize, Row<'_>)> {
        let end = self.ends[entry];
        let within = move |child: usize| (child < end).then_some(child);
        let children =
            core::iter::successors(within(entry + 1), move |child| within(self.ends[*child]));
        children.map(|child| (child, self.row(child)))
    }

    /// Checks an entry and all below it; returns its alignment.
    fn check(&self, entry: usize, in_image: bool) -> Checked<u64> {
        let facts = self.row(entry).facts;
        let kind = EntryKind::of(facts.kind);
        let kind = kind.ok_or("a field has a kind that this program does not know")?;
        match kind {
            EntryKind::Struct | EntryKind::Array if facts.access != ACCESS_NONE => {
                Err(UNKNOWN_ACCESS)
            }
            EntryKind::Struct => self.check_struct(entry, in_image),
            EntryKind::Array => self.check_array(entry, in_image),
            EntryKind::Scalar(_) | EntryKind::Enum(_)
                if !self.children(entry).all(|(_, row)| is_variant(row)) =>
            {
                Err("what is below a scalar is not a variant")
            }
            kind => match kind.atomic_size() {
                Some(size) if in_image => exactly(facts.size, size as u64).map(|()| 1),
                Some(size @ (1 | 2 | 4 | 8)) => check_atomic(facts, size as u64),
                Some(_) => Err(WRONG_SIZE),
                None if in_image => self.check_in_image(entry, kind).map(|()| 1),
                None if kind == EntryKind::Locked => self.check_locked(entry),
                None => Err("a field lies outside of the images in which its kind may lie"),
            },
        }
    }

    fn check_struct(&self, entry: usize, in_image: bool) -> Checked<u64> {
        let (mut end, mut most) = (0, 1);
        for (child, row) in self.children(entry) {
            let align = self.check(child, in_image)?;
            if row.facts.offset < end || row.facts.offset % align != 0 {
                return Err(OUTSIDE);
            }
            let after = row.facts.offset.checked_add(row.facts.size);
            end = after.ok_or(OUTSIDE)?;
            most = most.max(align);
        }
        if end > self.row(entry).facts.size {
            return Err(OUTSIDE);
        }
        Ok(most)
    }

    fn check_array(&self, entry: usize, in_image: bool) -> Checked<u64> {
        let facts = self.row(entry).facts;
        exactly(facts.size, elements_len(facts)?)?;
        if facts.stride == 0 {
            return Err("an array has elements without bytes");
        }
        let align = self.check_inner(entry, 0, facts.stride, in_image)?;
        if self.children(entry).next().is_none() || facts.stride % align != 0 {
            return Err("an array has elements where they cannot lie");
        }
        Ok(align)
    }

    fn check_locked(&self, entry: usize) -> Checked<u64> {
        let facts = self.row(entry).facts;
        let images = facts.stride.checked_mul(IMAGES as u64);
        let end = images.and_then(|images| facts.value.checked_add(images));
        let good = facts.access == ACCESS_LOCKED
            && facts.count == IMAGES as u64
            && facts.value >= HEAD_LEN as u64
            && facts.value % 8 == 0
            && facts.stride % 8 == 0
            && end.is_some_and(|end| end <= facts.size);
        if !good {
            return Err("a lock-guarded slot has a layout that it cannot have");
        }
        // Changing a slot copies its image while the lock is held.
        if facts.stride > MOST_BYTES as u64 {
            return Err("a lock-guarded slot holds more than 1 GiB");
        }
        self.check_inner(entry, 0, facts.stride, true)?;
        Ok(SLOTS_ALIGN as u64)
    }

    /// Checks an entry that lies in an image, and could not be an atomic, a struct or an array elsewhere.
    fn check_in_image(&self, entry: usize, kind: EntryKind) -> Checked<()> {
        let facts = self.row(entry).facts;
        let behind_length = |len: u64| {
            exactly(facts.value, LENGTH_LEN as u64)?;
            exactly(facts.size, len.saturating_add(LENGTH_LEN as u64))
        };
        match kind {
            EntryKind::Wide(kind) => exactly(facts.size, kind.size() as u64)?,
            EntryKind::Text => behind_length(facts.count)?,
            EntryKind::List => {
                behind_length(elements_len(facts)?)?;
                self.check_inner(entry, 0, facts.stride, true)?;
            }
            EntryKind::Option => {
                let value = facts.size.checked_sub(1).ok_or(WRONG_SIZE)?;
                self.check_inner(entry, 1, value, true)?;
            }
            EntryKind::Opaque => {}
            _ => return Err("an image holds what it cannot hold"),
        }
        Ok(())
    }

    /// Checks the one entry below, if there is one, which has `room` bytes at `offset`; returns its alignment.
    fn check_inner(&self, entry: usize, offset: u64, room: u64, in_image: bool) -> Checked<u64> {
        let Some((inner, row)) = self.children(entry).next() else {
            return Ok(1);
        };
        let is_last = self.ends[inner] == self.ends[entry];
        if !is_last || row.facts.offset != offset || row.facts.size > room {
            return Err(OUTSIDE);
        }
        self.check(inner, in_image)
    }
}

/// Checks an atomic of `size` bytes, outside of images; returns its alignment.
fn check_atomic(facts: Facts, size: u64) -> Checked<u64> {
    match facts.access {
        ACCESS_ATOMIC => exactly(facts.size, size).map(|()| size),
        ACCESS_WATCHED => {
            let end = facts.value.checked_add(EVENT_LEN);
            let good = facts.value >= size
                && facts.value % EVENT_LEN == 0
                && end.is_some_and(|end| end <= facts.size);
            good.then_some(size.max(EVENT_LEN))
                .ok_or("a field that can be waited for has a layout that it cannot have")
        }
        _ => Err(UNKNOWN_ACCESS),
    }
}

fn exactly(found: u64, expected: u64) -> Checked<()> {
    (found == expected).then_some(()).ok_or(WRONG_SIZE)
}

fn elements_len(facts: Facts) -> Checked<u64> {
    facts.count.checked_mul(facts.stride).ok_or(WRONG_SIZE)
}

fn is_variant(row: Row<'_>) -> bool {
    EntryKind::of(row.facts.kind) == Some(EntryKind::Variant)
}

/// An entry of the tree, for the walk over the bytes of a value.
#[derive(Clone, Copy)]
pub(super) struct TreeNode<'t> {
    tree: &'t Tree,
    /// `None` for what has no bytes.
    entry: Option<usize>,
}

/// An entry and its bytes.
pub(super) type TreePart<'t> = Part<'t, TreeNode<'t>>;

impl<'t> TreeNode<'t> {
    pub(super) fn row(self) -> Option<Row<'t>> {
        Some(self.tree.row(self.entry?))
    }

    /// The rows of it and of all below it.
    pub(super) fn rows(self) -> Vec<Row<'t>> {
        let rows = self
            .entry
            .map_or(0..0, |entry| entry..self.tree.ends[entry]);
        self.tree.table.rows_of(rows).collect()
    }

    /// What lies in it, if it is a lock-guarded slot; else itself.
    pub(super) fn unlocked(self) -> Self {
        match self.kind() {
            Some(EntryKind::Locked) => self.inner(),
            _ => self,
        }
    }

    /// The bytes of a value that can be one atomic, without the event word of a watched one; `None` of other kinds.
    pub(super) fn atomic_size(self) -> Option<usize> {
        self.kind()?.atomic_size()
    }

    fn below(self) -> impl Iterator<Item = (usize, Row<'t>)> {
        let entry = self.entry.into_iter();
        entry.flat_map(move |entry| self.tree.children(entry))
    }
}

impl<'t> Node<'t> for TreeNode<'t> {
    fn facts(self) -> Option<Facts> {
        Some(self.tree.table.facts(self.entry?))
    }

    fn inner(self) -> Self {
        let below = self.entry.map(|entry| (entry + 1, self.tree.ends[entry]));
        let inner = below.filter(|(first, end)| first < end);
        self.tree.node(inner.map(|(first, _)| first))
    }

    fn fields(self) -> impl Iterator<Item = (&'t str, usize, Self)> {
        self.below().map(move |(child, row)| {
            let node = self.tree.node(Some(child));
            (row.name, index(row.facts.offset), node)
        })
    }

    fn variants(self) -> impl Iterator<Item = (&'t str, u64)> {
        self.below().map(|(_, row)| (row.name, row.facts.value))
    }

    fn variant(self, bits: u64) -> Option<&'t str> {
        let entry = self.tree.variants.get(&(self.entry?, bits))?;
        Some(self.tree.row(*entry).name)
    }
}

/// The atomic that the slot is; `None` for anything else.
pub(super) fn atomic(slot: TreePart<'_>) -> Option<&dyn AnyInteger> {
    let size = slot.node.atomic_size()?;
    slot.bytes.shared()?.part(0, size)?.integer()
}

/// The event word of the watched atomic that the slot is; `None` for anything else.
pub(super) fn event(slot: TreePart<'_>) -> Option<&Event> {
    let facts = slot.node.facts()?;
    if facts.access != ACCESS_WATCHED {
        return None;
    }
    let word = slot.bytes.shared()?;
    event_at(word.part(index(facts.value), index(EVENT_LEN))?)
}
