//! The field table of a segment, checked once, so that the places that it names can be used without checks.

use core::ops::Range;
use std::collections::HashMap;

use super::image::MOST_BYTES;
use crate::format::entry::{ACCESS_ATOMIC, ACCESS_LOCKED, ACCESS_NONE, ACCESS_WATCHED, Facts};
use crate::format::kind::{EntryKind, Zero};
use crate::format::shape::{LENGTH_LEN, SLOTS_ALIGN};
use crate::format::table::{Row, Table};
use crate::lock::{HEAD_LEN, IMAGES, LockedBytes};
use crate::region::Region;
use crate::walk::{Bytes, Form, Node, Part};

/// A field table that has been checked: whatever it describes lies within the slots.
///
/// Invariants, where `size` and `offset` are those of an entry:
/// 1. what is below an entry lies within it, in order and without overlap, and the first within the slots;
/// 2. scalars have the size of their kind, and outside of images are aligned to it; behind those that can be waited for,
///    within their size, lies an event word, aligned;
/// 3. lock-guarded slots have the layout that `docs/format.md` gives them, and images are no longer than their stride;
/// 4. arrays, texts and lists are as long as they say.
#[derive(Debug)]
pub(super) struct Tree {
    table: Table,
    /// For each entry, the index behind the last entry below it.
    ends: Vec<usize>,
    /// The variants of enums, by the entry of the enum and the number that is stored.
    variants: HashMap<(usize, u64), usize>,
}

/// The size of the event word, on which waiters sleep.
pub(super) const EVENT_LEN: u64 = 4;

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
        let mut open: Vec<(usize, u32)> = Vec::new();
        let mut variants = HashMap::new();
        for (i, row) in table.rows().enumerate() {
            while let Some((above, depth)) = open.last().copied() {
                if depth < row.facts.depth {
                    break;
                }
                ends[above] = i;
                open.pop();
            }
            let above = open
                .last()
                .filter(|_| EntryKind::of(row.facts.kind) == Some(EntryKind::Variant));
            if let Some((above, _)) = above {
                variants.entry((*above, row.facts.value)).or_insert(i);
            }
            open.push((i, row.facts.depth));
        }
        let tree = Tree {
            table,
            ends,
            variants,
        };
        if tree.ends[0] != tree.table.len() {
            return Err("its entries do not form a tree");
        }
        let root = tree.row(0).facts;
        if root.offset != 0 || root.size > slots_len || usize::try_from(root.size).is_err() {
            return Err("the fields do not fit the segment");
        }
        tree.check(0, false)?;
        Ok(tree)
    }

    pub(super) fn table(&self) -> &Table {
        &self.table
    }

    pub(super) fn row(&self, node: usize) -> Row<'_> {
        let mut rows = self.table.rows_of(node..node + 1);
        rows.next().expect("one row was asked for")
    }

    pub(super) fn kind(&self, node: usize) -> EntryKind {
        self.kind_of(node).expect("the kinds have been checked")
    }

    /// The size of an entry in bytes.
    pub(super) fn size(&self, node: usize) -> usize {
        index(self.row(node).facts.size)
    }

    /// The entry and all below it.
    pub(super) fn whole(&self, node: usize) -> Range<usize> {
        node..self.ends[node]
    }

    /// The entries directly below.
    pub(super) fn children(&self, node: usize) -> impl Iterator<Item = usize> {
        let end = self.ends[node];
        let within = move |child: usize| (child < end).then_some(child);
        core::iter::successors(within(node + 1), move |child| within(self.ends[*child]))
    }

    /// The fields of a struct, or the variants of an enum, with their rows.
    pub(super) fn rows_below(&self, node: usize) -> impl Iterator<Item = (usize, Row<'_>)> {
        self.children(node).map(|child| (child, self.row(child)))
    }

    /// The element of an array or list, the value of an option, the image of a lock-guarded slot; `None` if it has no
    /// bytes.
    pub(super) fn inner(&self, node: usize) -> Option<usize> {
        self.children(node).next()
    }

    /// The same as a node of the walk: if it has no bytes, one without an entry.
    fn inner_entry(&self, node: usize) -> TreeNode<'_> {
        let row = self.inner(node);
        TreeNode { tree: self, row }
    }

    /// An entry as a node of the walk.
    pub(super) fn entry(&self, node: usize) -> TreeNode<'_> {
        let row = Some(node);
        TreeNode { tree: self, row }
    }

    /// An entry and its bytes, for the walk.
    pub(super) fn part<'b>(&self, node: usize, bytes: Bytes<'b>) -> Part<'b, TreeNode<'_>> {
        Part::new(bytes, self.entry(node))
    }

    /// Checks an entry and all below it; returns its alignment.
    fn check(&self, node: usize, in_image: bool) -> Checked<u64> {
        let facts = self.row(node).facts;
        let kind = self.kind_of(node);
        match kind.ok_or("a field has a kind that this program does not know")? {
            EntryKind::Struct => return self.check_struct(node, in_image),
            EntryKind::Array => return self.check_array(node, in_image),
            EntryKind::Scalar(kind) | EntryKind::Enum(kind) => {
                let variants = |child| self.kind_of(child) == Some(EntryKind::Variant);
                if !self.children(node).all(variants) {
                    return Err("what is below a scalar is not a variant");
                }
                if !in_image {
                    return check_atomic(facts, kind.size() as u64);
                }
                exactly(facts.size, kind.size() as u64)?;
            }
            EntryKind::Fixed(kind) if !in_image && matches!(kind.size, 4 | 8) => {
                return check_atomic(facts, kind.size as u64);
            }
            EntryKind::Fixed(kind) if in_image => exactly(facts.size, kind.size as u64)?,
            EntryKind::Fixed(_) => return Err(WRONG_SIZE),
            EntryKind::Locked if !in_image => return self.check_locked(node),
            _ if !in_image => {
                return Err("a field lies outside of the images in which its kind may lie");
            }
            EntryKind::Locked | EntryKind::Variant => {
                return Err("an image holds what it cannot hold");
            }
            EntryKind::Wide(kind) => exactly(facts.size, kind.size() as u64)?,
            EntryKind::Opaque => {}
            EntryKind::Text => {
                exactly(facts.value, LENGTH_LEN as u64)?;
                exactly(facts.size, facts.count.saturating_add(LENGTH_LEN as u64))?;
            }
            EntryKind::List => {
                exactly(facts.value, LENGTH_LEN as u64)?;
                let elements = facts.count.checked_mul(facts.stride).ok_or(WRONG_SIZE)?;
                exactly(facts.size, elements.saturating_add(LENGTH_LEN as u64))?;
                self.check_inner(node, 0, facts.stride, true)?;
            }
            EntryKind::Option => {
                let value = facts.size.checked_sub(1).ok_or(WRONG_SIZE)?;
                self.check_inner(node, 1, value, true)?;
            }
        }
        Ok(1)
    }

    fn kind_of(&self, node: usize) -> Option<EntryKind> {
        EntryKind::of(self.row(node).facts.kind)
    }

    fn check_struct(&self, node: usize, in_image: bool) -> Checked<u64> {
        let facts = self.row(node).facts;
        if facts.access != ACCESS_NONE {
            return Err(UNKNOWN_ACCESS);
        }
        let size = facts.size;
        let (mut end, mut most) = (0, 1);
        for (child, row) in self.rows_below(node) {
            let align = self.check(child, in_image)?;
            if row.facts.offset < end || row.facts.offset % align != 0 {
                return Err(OUTSIDE);
            }
            let after = row.facts.offset.checked_add(row.facts.size);
            end = after.ok_or(OUTSIDE)?;
            most = most.max(align);
        }
        if end > size {
            return Err(OUTSIDE);
        }
        Ok(most)
    }

    fn check_array(&self, node: usize, in_image: bool) -> Checked<u64> {
        let facts = self.row(node).facts;
        if facts.access != ACCESS_NONE {
            return Err(UNKNOWN_ACCESS);
        }
        exactly(
            facts.size,
            facts.count.checked_mul(facts.stride).ok_or(WRONG_SIZE)?,
        )?;
        if facts.stride == 0 {
            return Err("an array has elements without bytes");
        }
        let align = self.check_inner(node, 0, facts.stride, in_image)?;
        if self.inner(node).is_none() || facts.stride % align != 0 {
            return Err("an array has elements where they cannot lie");
        }
        Ok(align)
    }

    fn check_locked(&self, node: usize) -> Checked<u64> {
        let facts = self.row(node).facts;
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
        self.check_inner(node, 0, facts.stride, true)?;
        Ok(SLOTS_ALIGN as u64)
    }

    /// Checks the one entry below, if there is one, which has `room` bytes at `offset`; returns its alignment.
    fn check_inner(&self, node: usize, offset: u64, room: u64, in_image: bool) -> Checked<u64> {
        let Some(inner) = self.inner(node) else {
            return Ok(1);
        };
        let facts = self.row(inner).facts;
        if self.ends[inner] != self.ends[node] || facts.offset != offset || facts.size > room {
            return Err(OUTSIDE);
        }
        self.check(inner, in_image)
    }
}

/// An entry of the tree, for the walk over the bytes of a value.
#[derive(Clone, Copy)]
pub(super) struct TreeNode<'t> {
    tree: &'t Tree,
    /// `None` for what has no bytes.
    row: Option<usize>,
}

impl TreeNode<'_> {
    /// The lock-guarded slot that it is, if it is one, and whose bytes these are.
    pub(super) fn locked(self, bytes: Region<'_>) -> Option<LockedBytes<'_>> {
        let Form::Locked {
            offset,
            stride,
            image,
        } = self.form()
        else {
            return None;
        };
        LockedBytes::new(bytes, offset, stride, image.size())
    }
}

impl<'t> Node<'t> for TreeNode<'t> {
    fn form(self) -> Form<Self> {
        let Some(node) = self.row else {
            return Form::Nothing;
        };
        let facts = self.tree.row(node).facts;
        let inner = self.tree.inner_entry(node);
        let (count, stride) = (index(facts.count), index(facts.stride));
        match self.tree.kind(node) {
            EntryKind::Variant => Form::Nothing,
            EntryKind::Scalar(kind) => Form::Scalar {
                kind,
                zero: zero(facts),
            },
            EntryKind::Enum(kind) => Form::Enum { kind },
            EntryKind::Struct => Form::Struct,
            EntryKind::Array => Form::Array {
                count,
                stride,
                element: inner,
            },
            EntryKind::Locked => Form::Locked {
                offset: index(facts.value),
                stride,
                image: inner,
            },
            EntryKind::Wide(kind) => Form::Wide(kind),
            EntryKind::Fixed(kind) => Form::Fixed(kind),
            EntryKind::Option => Form::Option { value: inner },
            EntryKind::Text => Form::Text { capacity: count },
            EntryKind::List => Form::List {
                capacity: count,
                stride,
                element: inner,
            },
            EntryKind::Opaque => Form::Opaque,
        }
    }

    fn size(self) -> usize {
        self.row.map_or(0, |node| self.tree.size(node))
    }

    fn fields(self) -> impl Iterator<Item = (&'t str, usize, Self)> {
        let tree = self.tree;
        let rows = self.row.into_iter().flat_map(|node| tree.rows_below(node));
        rows.map(move |(child, row)| {
            let part = Some(child);
            (
                row.name,
                index(row.facts.offset),
                TreeNode { tree, row: part },
            )
        })
    }

    /// A table has only the name of the state's own type, which no walk needs.
    fn type_name(self) -> &'t str {
        ""
    }

    fn variants(self) -> impl Iterator<Item = (&'t str, u64)> {
        let tree = self.tree;
        let rows = self.row.into_iter().flat_map(|node| tree.rows_below(node));
        rows.map(|(_, row)| (row.name, row.facts.value))
    }

    fn variant(self, bits: u64) -> Option<&'t str> {
        let row = self.tree.variants.get(&(self.row?, bits))?;
        Some(self.tree.row(*row).name)
    }

    fn takes_any_bytes(self) -> bool {
        false
    }
}

/// What a zero means in a scalar.
pub(super) fn zero(facts: Facts) -> Zero {
    match facts.zero {
        z if z == Zero::Invalid as u8 => Zero::Invalid,
        z if z == Zero::Absent as u8 => Zero::Absent,
        _ => Zero::Number,
    }
}

/// Checks an atomic of `size` bytes, outside of images; returns its alignment.
fn check_atomic(facts: Facts, size: u64) -> Checked<u64> {
    match facts.access {
        ACCESS_ATOMIC => exactly(facts.size, size).map(|()| size),
        ACCESS_WATCHED => check_watched(facts, size),
        _ => Err(UNKNOWN_ACCESS),
    }
}

/// Checks a scalar of `scalar` bytes, and the event word behind it; returns its alignment.
fn check_watched(facts: Facts, scalar: u64) -> Checked<u64> {
    let end = facts.value.checked_add(EVENT_LEN);
    let good = facts.value >= scalar
        && facts.value % EVENT_LEN == 0
        && end.is_some_and(|end| end <= facts.size);
    if good {
        Ok(scalar.max(EVENT_LEN))
    } else {
        Err("a field that can be waited for has a layout that it cannot have")
    }
}

fn exactly(found: u64, expected: u64) -> Checked<()> {
    if found == expected {
        Ok(())
    } else {
        Err(WRONG_SIZE)
    }
}

/// A number of the table that has been found to lie within the mapping.
pub(super) fn index(n: u64) -> usize {
    usize::try_from(n).expect("checked against the length of a mapping")
}
