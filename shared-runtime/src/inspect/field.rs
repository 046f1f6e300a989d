//! One field of a segment, and what is below it.

use core::fmt;

use super::Inspector;
use super::layout::index;
use crate::access::{Access, Read};
use crate::format::schema;
use crate::format::shape::{Kind, LENGTH_LEN, Zero};
use crate::format::table::EntryKind;
use crate::lock::LockedBytes;
use crate::region::Region;
use crate::walk::Bytes;

/// A field of an [`Inspector`], or an element or part of one.
///
/// It is a place, not a value: [`get`](Self::get) reads what is there at that moment.
pub struct Field<'a, A: Access = Read> {
    pub(super) inspector: &'a Inspector<A>,
    /// Its entry of the field table.
    pub(super) node: usize,
    pub(super) place: Place,
    path: String,
    /// The entry that has its name, or that of the array, list or option that it is in.
    named: usize,
}

/// Where the bytes of a field lie.
#[derive(Clone)]
pub(super) enum Place {
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

/// What must be so for a part of an image to be there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Condition {
    /// The option at this offset has a value.
    Some(usize),
    /// The list at `offset` has more than `index` elements.
    Longer { offset: usize, index: usize },
}

impl Condition {
    pub(super) fn holds(self, image: &[u8]) -> bool {
        let image = Bytes::Private(image);
        match self {
            Condition::Some(offset) => image.number(offset, 1) == Some(1),
            Condition::Longer { offset, index } => image
                .number(offset, LENGTH_LEN)
                .is_some_and(|len| len > index as u64),
        }
    }
}

impl<A: Access> Clone for Field<'_, A> {
    fn clone(&self) -> Self {
        Field {
            inspector: self.inspector,
            node: self.node,
            place: self.place.clone(),
            path: self.path.clone(),
            named: self.named,
        }
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
    pub(super) fn root(inspector: &'a Inspector<A>) -> Self {
        Field {
            inspector,
            node: 0,
            place: Place::Slots { offset: 0 },
            path: String::new(),
            named: 0,
        }
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

    /// What it is for, of an element what its array or list is for: see [`SchemaField::help`](crate::SchemaField::help).
    pub fn help(&self) -> &'a str {
        self.inspector.layout().row(self.named).help()
    }

    /// Whether it is marked as a number that only grows, by `#[shared(counter)]`, or is an element of an array that is.
    pub fn is_counter(&self) -> bool {
        self.inspector.layout().row(self.named).counter
    }

    /// How it is accessed: `atomic`, `watched`, `locked` or `-`: see
    /// [`SchemaField::access`](crate::SchemaField::access).
    pub fn access(&self) -> &'static str {
        if let Place::Image { .. } = self.place {
            return "locked";
        }
        schema::access(&self.rows())
    }

    fn rows(&self) -> Vec<crate::format::table::Row<'a>> {
        let layout = self.inspector.layout();
        let rows = layout.table().rows_of(layout.whole(self.node));
        rows.collect()
    }

    /// The distance in bytes from the start of the slots; of a part of a lock-guarded slot, from the start of an
    /// image.
    pub fn offset(&self) -> usize {
        match self.place {
            Place::Slots { offset } | Place::Image { offset, .. } => offset,
        }
    }

    /// The length in bytes: see [`SchemaField::size`](crate::SchemaField::size).
    pub fn size(&self) -> usize {
        self.inspector.layout().size(self.node)
    }

    /// Whether it is an integer or a float, so that it can be [added](Field::add) to. A `NonZero*` and an optional one
    /// cannot.
    pub fn is_number(&self) -> bool {
        match self.form() {
            Some(EntryKind::Wide { .. }) => true,
            Some(EntryKind::Scalar(kind)) => {
                !matches!(kind, Kind::Bool | Kind::Char) && self.zero() == Zero::Number as u8
            }
            _ => false,
        }
    }

    /// Whether it is a struct (or a tuple), which has no value of its own but those of its
    /// [`children`](Self::children).
    pub fn is_struct(&self) -> bool {
        self.form() == Some(EntryKind::Struct)
    }

    /// Whether it is an array.
    pub fn is_array(&self) -> bool {
        self.form() == Some(EntryKind::Array)
    }

    /// Whether it is a slot, or a part of one: not a struct or array of several.
    pub fn is_leaf(&self) -> bool {
        let several = matches!(self.kind(), EntryKind::Struct | EntryKind::Array);
        !several || matches!(self.place, Place::Image { .. })
    }

    /// The variants of an enum, each with the number that is stored for it; empty for anything else.
    pub fn variants(&self) -> Vec<(&'a str, i128)> {
        let layout = self.inspector.layout();
        match self.node_of_form().map(|node| (node, layout.kind(node))) {
            Some((node, EntryKind::Enum(kind))) => layout
                .rows_below(node)
                .map(|(_, row)| (row.name, number(kind, row.facts.value)))
                .collect(),
            _ => Vec::new(),
        }
    }

    /// How many elements an array has, or bytes a text or elements a list may have at most; `None` for anything else.
    pub fn capacity(&self) -> Option<usize> {
        let layout = self.inspector.layout();
        let node = self.node_of_form()?;
        match layout.kind(node) {
            EntryKind::Array | EntryKind::Text | EntryKind::List => {
                Some(index(layout.row(node).facts.count))
            }
            _ => None,
        }
    }

    /// The fields of a struct, the elements of an array, or those that a list has now, in order; what lies in an
    /// option, as if it were not in one. Lazily: an array may have very many. Nothing for anything else.
    ///
    /// Each element of a list is read with a copy of its whole slot: to look at many, [`get`](Self::get) the list.
    pub fn children(self) -> Box<dyn Iterator<Item = Field<'a, A>> + 'a> {
        let field = self.unwrapped();
        let layout = field.inspector.layout();
        match layout.kind(field.node) {
            EntryKind::Struct => Box::new(
                layout
                    .rows_below(field.node)
                    .map(move |(node, row)| field.part(node, index(row.facts.offset), row.name)),
            ),
            EntryKind::Array | EntryKind::List => {
                let count = field.len().unwrap_or(0);
                Box::new((0..count).map_while(move |i| field.element(i)))
            }
            _ => Box::new(core::iter::empty()),
        }
    }

    /// All slots at or below it, in order and lazily: what is not [a leaf](Self::is_leaf) is replaced with what it is
    /// made of.
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
        self.inspector.layout().kind(self.node)
    }

    /// The kind of the value, locked or not; `None` if it has no bytes.
    fn form(&self) -> Option<EntryKind> {
        Some(self.inspector.layout().kind(self.node_of_form()?))
    }

    pub(super) fn node_of_form(&self) -> Option<usize> {
        match self.kind() {
            EntryKind::Locked => self.inspector.layout().inner(self.node),
            _ => Some(self.node),
        }
    }

    fn zero(&self) -> u8 {
        let node = self.node_of_form().unwrap_or(self.node);
        self.inspector.layout().row(node).facts.zero
    }

    /// What is in a lock and in options, with the same path.
    pub(super) fn unwrapped(mut self) -> Self {
        while matches!(self.kind(), EntryKind::Locked | EntryKind::Option)
            && let Some(inner) = self.inspector.layout().inner(self.node)
        {
            let path = core::mem::take(&mut self.path);
            let place = match &self.place {
                Place::Slots { offset } => Place::Image {
                    slot: self.node,
                    slot_offset: *offset,
                    offset: 0,
                    conditions: Vec::new(),
                },
                Place::Image { offset, .. } => self.place.within(1, Some(Condition::Some(*offset))),
            };
            self = Field {
                inspector: self.inspector,
                node: inner,
                place,
                path,
                named: self.named,
            };
        }
        self
    }

    pub(super) fn part(&self, node: usize, offset: usize, name: &str) -> Self {
        let separator = if self.path.is_empty() { "" } else { "." };
        Field {
            inspector: self.inspector,
            node,
            place: self.place.within(offset, None),
            path: format!("{}{separator}{name}", self.path),
            named: node,
        }
    }

    /// An element of an array or list, which need not be there now; `None` behind the last that may be.
    pub(super) fn element(&self, i: usize) -> Option<Self> {
        let layout = self.inspector.layout();
        let facts = layout.row(self.node).facts;
        let node = layout.inner(self.node)?;
        if i as u64 >= facts.count {
            return None;
        }
        let at = i * index(facts.stride);
        let place = if self.kind() == EntryKind::List {
            let offset = self.offset();
            let there = Condition::Longer { offset, index: i };
            self.place.within(LENGTH_LEN + at, Some(there))
        } else {
            self.place.within(at, None)
        };
        Some(Field {
            inspector: self.inspector,
            node,
            place,
            path: format!("{}[{i}]", self.path),
            named: self.named,
        })
    }

    /// The lock-guarded slot that it is, or lies in.
    pub(super) fn locked(&self) -> Option<LockedBytes<'a>> {
        let (slot, offset) = match &self.place {
            Place::Image {
                slot, slot_offset, ..
            } => (*slot, *slot_offset),
            Place::Slots { offset } if self.kind() == EntryKind::Locked => (self.node, *offset),
            Place::Slots { .. } => return None,
        };
        let region = self.region(slot, offset);
        super::read::untyped(self.inspector.layout(), slot, region)
    }

    /// The bytes of an entry at that place in the slots.
    pub(super) fn region(&self, node: usize, offset: usize) -> Region<'a> {
        let slots = self.inspector.region();
        let part = slots.part(offset, self.inspector.layout().size(node));
        part.expect("the layout has been checked")
    }
}

impl Place {
    fn within(&self, by: usize, condition: Option<Condition>) -> Place {
        match self {
            Place::Slots { offset } => Place::Slots {
                offset: offset + by,
            },
            Place::Image {
                slot,
                slot_offset,
                offset,
                conditions,
            } => Place::Image {
                slot: *slot,
                slot_offset: *slot_offset,
                offset: offset + by,
                conditions: conditions.iter().copied().chain(condition).collect(),
            },
        }
    }
}

/// The number of a variant.
pub(super) fn number(kind: Kind, bits: u64) -> i128 {
    if kind.is_signed() {
        bits.cast_signed().into()
    } else {
        bits.into()
    }
}
