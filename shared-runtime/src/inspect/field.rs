//! One field of a segment, and what is below it.

use core::fmt;
use core::marker::PhantomData;
use core::ops::Range;

use super::opened::Opened;
use super::tree::{TreeNode, TreePart};
use crate::access::{Access, Read};
use crate::format::kind::{EntryKind, Kind, Wide, Zero};
use crate::format::schema;
use crate::format::shape::LENGTH_LEN;
use crate::lock::LockedBytes;
use crate::walk::{Bytes, Node};

/// A field of an [`Inspector`](super::Inspector), or an element or part of one.
///
/// It is a place in the segment, not a value: [`get`](Self::get) reads what is there at that moment.
pub struct Field<'a, A: Access = Read> {
    pub(super) opened: &'a Opened,
    pub(super) node: TreeNode<'a>,
    /// From the start of the slots; of a part of a lock-guarded slot, from the start of an image.
    offset: usize,
    /// Of a part of a lock-guarded slot.
    pub(super) within: Option<Within<'a>>,
    pub(super) path: String,
    /// The entry that has its name, or that of the array, list or option that it is in.
    named: TreeNode<'a>,
    access: PhantomData<A>,
}

/// The lock-guarded slot that a field is a part of.
#[derive(Clone)]
pub(super) struct Within<'a> {
    slot: TreeNode<'a>,
    /// From the start of the slots.
    slot_offset: usize,
    /// For the part to be there.
    conditions: Vec<Condition>,
}

impl<A: Access> Clone for Field<'_, A> {
    fn clone(&self) -> Self {
        Field {
            within: self.within.clone(),
            path: self.path.clone(),
            ..*self
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
    pub(super) fn root(opened: &'a Opened) -> Self {
        let root = opened.tree.root();
        Field {
            opened,
            node: root,
            offset: 0,
            within: None,
            path: String::new(),
            named: root,
            access: PhantomData,
        }
    }

    /// The path, such as `window.low` or `per_worker[3]`; empty for the state itself.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The type, such as `u64` or `[bool; 8]`: see [`SchemaField::ty`](crate::SchemaField::ty). Allocates.
    pub fn ty(&self) -> String {
        schema::type_name(&self.node.rows())
    }

    /// What it is for; for an element, what its array or list is for: see [`SchemaField::help`](crate::SchemaField::help).
    pub fn help(&self) -> &'a str {
        self.named.row().map_or("", |row| row.help())
    }

    /// Whether it is marked as a number that only grows, by `#[shared(counter)]`, or is an element of an array that is.
    pub fn is_counter(&self) -> bool {
        self.named.row().is_some_and(|row| row.counter)
    }

    /// How it is accessed, such as `locked`: see [`SchemaField::access`](crate::SchemaField::access).
    pub fn access(&self) -> &'static str {
        match self.within {
            Some(_) => "locked",
            None => schema::access(&self.node.rows()),
        }
    }

    /// The distance in bytes from the start of the slots; of a part of a lock-guarded slot, from the start of an image.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// The length in bytes: see [`SchemaField::size`](crate::SchemaField::size).
    pub fn size(&self) -> usize {
        self.node.size()
    }

    /// What the value is, locked or not; `None` if it has no bytes.
    fn kind(&self) -> Option<EntryKind> {
        self.node.unlocked().kind()
    }

    /// Whether it can be [added](Field::add) to: an integer or a float, but not a `NonZero*` or an optional one.
    pub fn is_number(&self) -> bool {
        match self.kind() {
            Some(EntryKind::Wide(kind)) => kind != Wide::Duration,
            Some(EntryKind::Scalar(Kind::Bool | Kind::Char)) => false,
            Some(EntryKind::Scalar(_)) => self.node.unlocked().zero() == Zero::Number,
            _ => false,
        }
    }

    /// Whether it is a struct or a tuple: its value is that of its [`children`](Self::children).
    pub fn is_struct(&self) -> bool {
        self.kind() == Some(EntryKind::Struct)
    }

    /// Whether it is an array.
    pub fn is_array(&self) -> bool {
        self.kind() == Some(EntryKind::Array)
    }

    /// Whether it is one slot, or a part of one, and not a struct or array of several slots.
    pub fn is_leaf(&self) -> bool {
        let kind = self.node.kind();
        self.within.is_some() || !matches!(kind, Some(EntryKind::Struct | EntryKind::Array))
    }

    /// The variants of an enum, each with the number that is stored for it; empty for anything else.
    pub fn variants(&self) -> Vec<(&'a str, i128)> {
        let Some(EntryKind::Enum(kind)) = self.kind() else {
            return Vec::new();
        };
        let variants = self.node.unlocked().variants();
        variants
            .map(|(name, bits)| (name, kind.number(bits)))
            .collect()
    }

    /// How many elements an array has, or bytes a text or elements a list may have at most; `None` for anything else.
    pub fn capacity(&self) -> Option<usize> {
        match self.kind()? {
            EntryKind::Array | EntryKind::List | EntryKind::Text => {
                Some(self.node.unlocked().count())
            }
            _ => None,
        }
    }

    /// How many elements an array has, or a list has now, or bytes a text has now; `None` for anything else, and for
    /// a list or text that is not there now or has a length that it cannot have.
    pub fn len(&self) -> Option<usize> {
        let capacity = self.capacity()?;
        if self.is_array() {
            return Some(capacity);
        }
        let image = self.image().ok()?;
        let len = Bytes::Private(&image).number(self.in_image(&image)?.start, LENGTH_LEN)?;
        usize::try_from(len).ok().filter(|len| *len <= capacity)
    }

    /// Whether there are no elements or bytes, by [`len`](Self::len).
    pub fn is_empty(&self) -> bool {
        self.len().is_none_or(|len| len == 0)
    }

    /// The fields of a struct, the elements of an array, or those that a list has now, in order; what lies in an
    /// option, as if it were not in one; empty for anything else. Lazy, because an array may have very many elements.
    ///
    /// Each element of a list is read with a copy of its whole slot: to look at many, [`get`](Self::get) the list.
    pub fn children(self) -> Box<dyn Iterator<Item = Field<'a, A>> + 'a> {
        let field = self.unwrapped();
        match field.node.kind() {
            Some(EntryKind::Struct) => {
                let parts = field.node.fields();
                Box::new(parts.map(move |(name, offset, node)| field.part(name, offset, node)))
            }
            Some(EntryKind::Array | EntryKind::List) => {
                let count = field.len().unwrap_or(0);
                Box::new((0..count).map_while(move |i| field.element(i)))
            }
            _ => Box::new(core::iter::empty()),
        }
    }

    /// All [leaves](Self::is_leaf) at or below it, in order and lazily.
    pub fn leaves(self) -> impl Iterator<Item = Field<'a, A>> + 'a {
        let leaves: Box<dyn Iterator<Item = Self>> = if self.is_leaf() {
            Box::new(core::iter::once(self))
        } else {
            Box::new(self.children().flat_map(Self::leaves))
        };
        leaves
    }

    /// What is in a lock and in options, with the same path.
    pub(super) fn unwrapped(mut self) -> Self {
        loop {
            let inner = self.node.inner();
            match (self.node.kind(), &mut self.within) {
                _ if inner.is_nothing() => return self,
                (Some(EntryKind::Locked), within) => {
                    *within = Some(Within {
                        slot: self.node,
                        slot_offset: self.offset,
                        conditions: Vec::new(),
                    });
                    self.offset = 0;
                }
                (Some(EntryKind::Option), Some(within)) => {
                    within.conditions.push(Condition::Some(self.offset));
                    self.offset += 1;
                }
                _ => return self,
            }
            self.node = inner;
        }
    }

    pub(super) fn part(&self, name: &str, offset: usize, node: TreeNode<'a>) -> Self {
        let separator = if self.path.is_empty() { "" } else { "." };
        Field {
            node,
            offset: self.offset + offset,
            within: self.within.clone(),
            path: format!("{}{separator}{name}", self.path),
            named: node,
            ..*self
        }
    }

    /// An element of an array or list; `None` if the index is beyond the capacity. A list need not be that long now.
    pub(super) fn element(&self, i: usize) -> Option<Self> {
        let (kind, node) = (self.node.kind()?, self.node.inner());
        let has_elements = matches!(kind, EntryKind::Array | EntryKind::List);
        if !has_elements || i >= self.node.count() || node.is_nothing() {
            return None;
        }
        let mut element = Field {
            node,
            offset: self.offset + i * self.node.stride(),
            within: self.within.clone(),
            path: format!("{}[{i}]", self.path),
            ..*self
        };
        if let (EntryKind::List, Some(within)) = (kind, &mut element.within) {
            let offset = self.offset;
            within
                .conditions
                .push(Condition::Longer { offset, index: i });
            element.offset += LENGTH_LEN;
        }
        Some(element)
    }

    /// The slot that it is, or lies in; or all of the slots that it is made of.
    pub(super) fn slot(&self) -> TreePart<'a> {
        let (node, offset) = match &self.within {
            Some(within) => (within.slot, within.slot_offset),
            None => (self.node, self.offset),
        };
        self.opened.slots().part(offset, node)
    }

    /// The lock-guarded slot that it is, or lies in.
    pub(super) fn locked(&self) -> Option<LockedBytes<'a>> {
        self.slot().locked()
    }

    /// Where it lies in an image of the slot that it is, or lies in; `None` if it is not there in this one.
    pub(super) fn in_image(&self, image: &[u8]) -> Option<Range<usize>> {
        let Some(within) = &self.within else {
            return Some(0..self.node.unlocked().size());
        };
        let there = within.conditions.iter().all(|it| it.holds(image));
        there.then(|| self.offset..self.offset + self.size())
    }
}

/// A condition for a part of an image to be there.
#[derive(Clone, Copy)]
enum Condition {
    /// The option at this offset has a value.
    Some(usize),
    /// The list at `offset` has more than `index` elements.
    Longer { offset: usize, index: usize },
}

impl Condition {
    /// Whether it holds in a copy of the image.
    fn holds(self, image: &[u8]) -> bool {
        let number = |offset, len| Bytes::Private(image).number(offset, len);
        match self {
            Condition::Some(offset) => number(offset, 1) == Some(1),
            Condition::Longer { offset, index } => {
                number(offset, LENGTH_LEN).is_some_and(|len| len > index as u64)
            }
        }
    }
}
