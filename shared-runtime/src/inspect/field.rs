//! One field of a segment, and what is below it.

use core::fmt;
use core::marker::PhantomData;

use super::error::ReadError;
use super::image::{self, Condition};
use super::opened::Opened;
use super::tree::{EVENT_LEN, Tree, index, zero};
use crate::access::{Access, Read};
use crate::format::Corrupt;
use crate::format::entry::ACCESS_WATCHED;
use crate::format::kind::{EntryKind, Kind, Wide, Zero};
use crate::format::schema;
use crate::format::shape::LENGTH_LEN;
use crate::format::table::Row;
use crate::lock::{Event, LockedBytes, event_at};
use crate::region::Region;
use crate::walk::Bytes;

/// A field of an [`Inspector`](super::Inspector), or an element or part of one.
///
/// It is a place in the segment, not a value: [`get`](Self::get) reads what is there at that moment.
pub struct Field<'a, A: Access = Read> {
    pub(super) opened: &'a Opened,
    /// Its entry of the field table.
    pub(super) node: usize,
    pub(super) position: Position,
    path: String,
    /// The entry that has its name, or that of the array, list or option that it is in.
    named: usize,
    access: PhantomData<A>,
}

/// Where the bytes of a field lie.
#[derive(Clone)]
pub(super) enum Position {
    /// From the start of the slots.
    Slots { offset: usize },
    /// In the images of a lock-guarded slot.
    Image {
        /// The slot's entry, and its place from the start of the slots.
        slot: usize,
        slot_offset: usize,
        /// From the start of an image.
        offset: usize,
        conditions: Vec<Condition>,
    },
}

impl<A: Access> Clone for Field<'_, A> {
    fn clone(&self) -> Self {
        let (position, path) = (self.position.clone(), self.path.clone());
        self.at(self.node, position, path, self.named)
    }
}

impl<A: Access> fmt::Debug for Field<'_, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Field")
            .field("path", &self.path)
            .field("ty", &self.ty())
            .finish_non_exhaustive()
    }
}

impl<'a, A: Access> Field<'a, A> {
    pub(super) fn root(opened: &'a Opened) -> Self {
        Field {
            opened,
            node: 0,
            position: Position::Slots { offset: 0 },
            path: String::new(),
            named: 0,
            access: PhantomData,
        }
    }

    /// The same as another field, but for where it lies and what it is.
    fn at(&self, node: usize, position: Position, path: String, named: usize) -> Self {
        Field {
            opened: self.opened,
            node,
            position,
            path,
            named,
            access: PhantomData,
        }
    }

    pub(super) fn tree(&self) -> &'a Tree {
        &self.opened.tree
    }

    /// The path, such as `window.low` or `per_worker[3]`; empty for the state itself.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The type, such as `u64`, `[bool; 8]` or `text of at most 64 bytes`: see
    /// [`SchemaField::ty`](crate::SchemaField::ty). Allocates.
    pub fn ty(&self) -> String {
        schema::type_name(&self.rows())
    }

    /// What it is for; for an element, what its array or list is for: see [`SchemaField::help`](crate::SchemaField::help).
    pub fn help(&self) -> &'a str {
        self.tree().row(self.named).help()
    }

    /// Whether it is marked as a number that only grows, by `#[shared(counter)]`, or is an element of an array that is.
    pub fn is_counter(&self) -> bool {
        self.tree().row(self.named).counter
    }

    /// How it is accessed: `atomic`, `watched`, `locked` or `-`: see
    /// [`SchemaField::access`](crate::SchemaField::access).
    pub fn access(&self) -> &'static str {
        if let Position::Image { .. } = self.position {
            return "locked";
        }
        schema::access(&self.rows())
    }

    fn rows(&self) -> Vec<Row<'a>> {
        let tree = self.tree();
        tree.table().rows_of(tree.whole(self.node)).collect()
    }

    /// The distance in bytes from the start of the slots; of a part of a lock-guarded slot, from the start of an
    /// image.
    pub fn offset(&self) -> usize {
        match self.position {
            Position::Slots { offset } | Position::Image { offset, .. } => offset,
        }
    }

    /// The length in bytes: see [`SchemaField::size`](crate::SchemaField::size).
    pub fn size(&self) -> usize {
        self.tree().size(self.node)
    }

    /// Whether it is an integer or a float, so that it can be [added](Field::add) to. A `NonZero*` and an optional one
    /// cannot.
    pub fn is_number(&self) -> bool {
        match self.form() {
            Some(EntryKind::Wide(Wide::U128 | Wide::I128)) => true,
            Some(EntryKind::Scalar(kind)) => {
                !matches!(kind, Kind::Bool | Kind::Char) && self.zero() == Zero::Number
            }
            _ => false,
        }
    }

    /// Whether it is a struct or a tuple: its value is that of its [`children`](Self::children).
    pub fn is_struct(&self) -> bool {
        self.form() == Some(EntryKind::Struct)
    }

    /// Whether it is an array.
    pub fn is_array(&self) -> bool {
        self.form() == Some(EntryKind::Array)
    }

    /// Whether it is one slot, or a part of one, and not a struct or array of several slots.
    pub fn is_leaf(&self) -> bool {
        let several = matches!(self.kind(), EntryKind::Struct | EntryKind::Array);
        !several || matches!(self.position, Position::Image { .. })
    }

    /// The variants of an enum, each with the number that is stored for it; empty for anything else.
    pub fn variants(&self) -> Vec<(&'a str, i128)> {
        let tree = self.tree();
        match self.node_of_form().map(|node| (node, tree.kind(node))) {
            Some((node, EntryKind::Enum(kind))) => tree
                .rows_below(node)
                .map(|(_, row)| (row.name, kind.number(row.facts.value)))
                .collect(),
            _ => Vec::new(),
        }
    }

    /// How many elements an array has, or bytes a text or elements a list may have at most; `None` for anything else.
    pub fn capacity(&self) -> Option<usize> {
        let tree = self.tree();
        let node = self.node_of_form()?;
        match tree.kind(node) {
            EntryKind::Array | EntryKind::Text | EntryKind::List => {
                Some(index(tree.row(node).facts.count))
            }
            _ => None,
        }
    }

    /// The fields of a struct, the elements of an array, or those that a list has now, in order; what lies in an
    /// option, as if it were not in one; empty for anything else. Lazy, because an array may have very many elements.
    ///
    /// Each element of a list is read with a copy of its whole slot: to look at many, [`get`](Self::get) the list.
    pub fn children(self) -> Box<dyn Iterator<Item = Field<'a, A>> + 'a> {
        let field = self.unwrapped();
        let tree = field.tree();
        match tree.kind(field.node) {
            EntryKind::Struct => Box::new(
                tree.rows_below(field.node)
                    .map(move |(node, row)| field.part(node, index(row.facts.offset), row.name)),
            ),
            EntryKind::Array | EntryKind::List => {
                let count = field.len().unwrap_or(0);
                Box::new((0..count).map_while(move |i| field.element(i)))
            }
            _ => Box::new(core::iter::empty()),
        }
    }

    /// All [leaves](Self::is_leaf) at or below it, in order and lazily.
    pub fn leaves(self) -> impl Iterator<Item = Field<'a, A>> + 'a {
        let start: Box<dyn Iterator<Item = Self>> = Box::new(core::iter::once(self));
        let mut open = vec![start];
        core::iter::from_fn(move || {
            loop {
                match open.last_mut()?.next() {
                    None => drop(open.pop()),
                    Some(field) if field.is_leaf() => return Some(field),
                    Some(field) => open.push(field.children()),
                }
            }
        })
    }

    /// The kind of the entry itself.
    pub(super) fn kind(&self) -> EntryKind {
        self.tree().kind(self.node)
    }

    /// The kind of the value, locked or not; `None` if it has no bytes.
    fn form(&self) -> Option<EntryKind> {
        Some(self.tree().kind(self.node_of_form()?))
    }

    pub(super) fn node_of_form(&self) -> Option<usize> {
        match self.kind() {
            EntryKind::Locked => self.tree().inner(self.node),
            _ => Some(self.node),
        }
    }

    fn zero(&self) -> Zero {
        let node = self.node_of_form().unwrap_or(self.node);
        zero(self.tree().row(node).facts)
    }

    /// What is in a lock and in options, with the same path.
    pub(super) fn unwrapped(mut self) -> Self {
        while let EntryKind::Locked | EntryKind::Option = self.kind() {
            let Some(inner) = self.tree().inner(self.node) else {
                break;
            };
            let position = match &self.position {
                Position::Slots { offset } => Position::Image {
                    slot: self.node,
                    slot_offset: *offset,
                    offset: 0,
                    conditions: Vec::new(),
                },
                Position::Image { offset, .. } => {
                    self.position.within(1, Some(Condition::Some(*offset)))
                }
            };
            let path = core::mem::take(&mut self.path);
            self = self.at(inner, position, path, self.named);
        }
        self
    }

    pub(super) fn part(&self, node: usize, offset: usize, name: &str) -> Self {
        let separator = if self.path.is_empty() { "" } else { "." };
        let path = format!("{}{separator}{name}", self.path);
        self.at(node, self.position.within(offset, None), path, node)
    }

    /// An element of an array or list; `None` if the index is beyond the capacity. A list need not be that long now.
    pub(super) fn element(&self, i: usize) -> Option<Self> {
        let tree = self.tree();
        let facts = tree.row(self.node).facts;
        let node = tree.inner(self.node)?;
        if i as u64 >= facts.count {
            return None;
        }
        let at = i * index(facts.stride);
        let position = if self.kind() == EntryKind::List {
            let offset = self.offset();
            let there = Condition::Longer { offset, index: i };
            self.position.within(LENGTH_LEN + at, Some(there))
        } else {
            self.position.within(at, None)
        };
        let path = format!("{}[{i}]", self.path);
        Some(self.at(node, position, path, self.named))
    }

    /// How many elements an array has, or a list has now, or bytes a text has now; `None` for anything else, and for
    /// a list or text that is not there now or has a length that it cannot have.
    pub fn len(&self) -> Option<usize> {
        let tree = self.tree();
        match tree.kind(self.node_of_form()?) {
            EntryKind::Array => self.capacity(),
            EntryKind::List | EntryKind::Text => {
                let image = self.image().ok()?;
                let (offset, conditions) = self.in_image();
                let len = Bytes::Private(&image).number(offset, LENGTH_LEN)?;
                let len = usize::try_from(len).ok()?;
                let there = Condition::all_hold(conditions, &image);
                (there && len <= self.capacity()?).then_some(len)
            }
            _ => None,
        }
    }

    /// Whether there are no elements or bytes, by [`len`](Self::len).
    pub fn is_empty(&self) -> bool {
        self.len().is_none_or(|len| len == 0)
    }

    /// Its offset in an image of the slot that it is, or lies in, and the conditions for it to be there.
    pub(super) fn in_image(&self) -> (usize, &[Condition]) {
        match &self.position {
            Position::Slots { .. } => (0, &[]),
            Position::Image {
                offset, conditions, ..
            } => (*offset, conditions),
        }
    }

    /// A copy of the current image of the slot that it is, or lies in.
    pub(super) fn image(&self) -> Result<Vec<u8>, ReadError> {
        let slot = self.locked().ok_or_else(Corrupt::unsettled);
        image::copy(slot.map_err(ReadError::Corrupt)?)
    }

    /// The lock-guarded slot that it is, or lies in.
    pub(super) fn locked(&self) -> Option<LockedBytes<'a>> {
        let (slot, offset) = match &self.position {
            Position::Image {
                slot, slot_offset, ..
            } => (*slot, *slot_offset),
            Position::Slots { offset } if self.kind() == EntryKind::Locked => (self.node, *offset),
            Position::Slots { .. } => return None,
        };
        let region = self.region(slot, offset);
        self.tree().entry(slot).locked(region)
    }

    /// The event word of the watched atomic at that place in the slots; `None` for anything else.
    pub(super) fn event(&self, node: usize, offset: usize) -> Option<&'a Event> {
        let facts = self.tree().row(node).facts;
        if facts.access != ACCESS_WATCHED {
            return None;
        }
        let slot = self.region(node, offset);
        event_at(slot.part(index(facts.value), index(EVENT_LEN))?)
    }

    /// The bytes of an entry at that place in the slots.
    pub(super) fn region(&self, node: usize, offset: usize) -> Region<'a> {
        let slots = self.opened.region();
        let part = slots.part(offset, self.tree().size(node));
        part.expect("the tree has been checked")
    }
}

impl Position {
    fn within(&self, by: usize, condition: Option<Condition>) -> Position {
        match self {
            Position::Slots { offset } => Position::Slots {
                offset: offset + by,
            },
            Position::Image {
                slot,
                slot_offset,
                offset,
                conditions,
            } => Position::Image {
                slot: *slot,
                slot_offset: *slot_offset,
                offset: offset + by,
                conditions: conditions.iter().copied().chain(condition).collect(),
            },
        }
    }
}
