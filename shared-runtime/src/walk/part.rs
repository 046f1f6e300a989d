//! What bytes mean: one step of the walk.

use core::fmt;
use core::time::Duration;

use super::node::{Node, index};
use crate::format::Corrupt;
use crate::format::kind::{EntryKind, Kind, Wide, Zero};
use crate::format::shape::LENGTH_LEN;
use crate::format::value;
use crate::lock::LockedBytes;
use crate::region::Region;

/// The bytes of a value: in shared memory, or in a private copy of an image.
#[derive(Clone, Copy)]
pub(crate) enum Bytes<'a> {
    Shared(Region<'a>),
    Private(&'a [u8]),
}

impl<'a> Bytes<'a> {
    pub(crate) fn part(self, offset: usize, len: usize) -> Option<Bytes<'a>> {
        match self {
            Bytes::Shared(region) => region.part(offset, len).map(Bytes::Shared),
            Bytes::Private(bytes) => {
                let end = offset.checked_add(len)?;
                bytes.get(offset..end).map(Bytes::Private)
            }
        }
    }

    /// The number of 1, 2, 4 or 8 bytes at `offset`, zero-extended.
    pub(crate) fn number(self, offset: usize, len: usize) -> Option<u64> {
        match self.part(offset, len)? {
            Bytes::Shared(region) => region.load(),
            Bytes::Private(bytes) => {
                let mut word = [0; 8];
                word.get_mut(..len)?.copy_from_slice(bytes);
                Some(u64::from_le_bytes(word))
            }
        }
    }

    pub(crate) fn shared(self) -> Option<Region<'a>> {
        match self {
            Bytes::Shared(region) => Some(region),
            Bytes::Private(_) => None,
        }
    }

    /// The bytes of a private copy. Shared bytes are only ever read as single numbers, so none are returned for them.
    pub(crate) fn private(self) -> &'a [u8] {
        match self {
            Bytes::Shared(_) => &[],
            Bytes::Private(bytes) => bytes,
        }
    }
}

/// Bytes, and what describes them: at least as many as the node has.
#[derive(Clone, Copy)]
pub(crate) struct Part<'b, N> {
    pub bytes: Bytes<'b>,
    pub node: N,
}

/// What the bytes of a part mean; the parts below it are not looked at.
pub(crate) enum Content<'b, 'n, N> {
    Nothing,
    Primitive(Primitive),
    /// An optional number that is there, and is stored alone, because 0 means `None`.
    PresentPrimitive(Primitive),
    /// The variant of an enum, and what is stored for it.
    Variant(&'n str, i128),
    /// See [`Part::fields`].
    Struct,
    /// How many [elements](Part::elements) it has.
    Array(usize),
    List(usize),
    /// A lock-guarded slot. The visitor copies the current image, whose node is inside, and decides how long it tries and
    /// how large a copy may be.
    Locked(LockedBytes<'b>),
    Duration(Duration),
    /// The text of a value of a kind that has one.
    Fixed(String),
    Option(Option<Part<'b, N>>),
    Text(&'b str),
    Opaque(&'b [u8]),
}

/// The value of a scalar that is not an enum, or of an integer of 128 bits.
#[derive(Clone, Copy)]
pub(crate) enum Primitive {
    Bool(bool),
    Char(char),
    Unsigned(u128),
    Signed(i128),
    F32(f32),
    F64(f64),
}

impl<'b, N> Part<'b, N> {
    pub(crate) fn new(bytes: Bytes<'b>, node: N) -> Self {
        Part { bytes, node }
    }
}

impl<'b, 'n, N: Node<'n>> Part<'b, N> {
    /// What the bytes mean.
    ///
    /// # Errors
    ///
    /// [`Corrupt`] if they are not a value, with the path from here on.
    pub(crate) fn content(self) -> Result<Content<'b, 'n, N>, Corrupt> {
        let Part { bytes, node } = self;
        Ok(match node.kind() {
            None | Some(EntryKind::Variant) => Content::Nothing,
            Some(EntryKind::Scalar(kind)) => {
                let bits = kind.extend(self.number(0, kind.size())?);
                let zero = node.zero();
                let number = Primitive::of(kind, bits);
                let number = number.filter(|_| value::is_scalar(kind, zero, bits));
                let number = number.ok_or_else(|| Corrupt::of_kind(kind, bits))?;
                match zero {
                    Zero::Absent if bits == 0 => Content::Option(None),
                    Zero::Absent => Content::PresentPrimitive(number),
                    _ => Content::Primitive(number),
                }
            }
            Some(EntryKind::Enum(kind)) => {
                let bits = kind.extend(self.number(0, kind.size())?);
                let name = node.variant(bits);
                let name = name.ok_or_else(|| Corrupt::variant(kind, node.variants(), bits))?;
                Content::Variant(name, kind.number(bits))
            }
            Some(EntryKind::Struct) => Content::Struct,
            Some(EntryKind::Array) => Content::Array(node.count()),
            Some(EntryKind::List) => Content::List(self.length()?),
            Some(EntryKind::Locked) => {
                Content::Locked(self.locked().ok_or_else(Corrupt::unsettled)?)
            }
            Some(EntryKind::Wide(kind)) => self.wide(kind)?,
            Some(EntryKind::Fixed(kind)) => {
                let bits;
                let bytes = match bytes {
                    Bytes::Private(bytes) => bytes,
                    // As a slot it is one atomic.
                    Bytes::Shared(_) => {
                        bits = self.number(0, kind.size)?.to_le_bytes();
                        &bits[..kind.size]
                    }
                };
                let text = kind.text(bytes);
                Content::Fixed(text.ok_or_else(|| Corrupt::fixed(kind.called, bytes))?)
            }
            Some(EntryKind::Option) => {
                #[allow(clippy::cast_possible_truncation)] // a number of 1 byte
                let is_there = value::is_some(self.number(0, 1)? as u8)?;
                Content::Option(is_there.then(|| self.part(1, node.inner())))
            }
            Some(EntryKind::Text) => {
                let bytes = bytes.part(LENGTH_LEN, self.length()?);
                let bytes = bytes.ok_or_else(Corrupt::unsettled)?;
                Content::Text(value::text(bytes.private())?)
            }
            Some(EntryKind::Opaque) => Content::Opaque(bytes.private()),
        })
    }

    /// The lock-guarded slot that it is; `None` for anything else.
    pub(crate) fn locked(self) -> Option<LockedBytes<'b>> {
        let facts = self.node.facts()?;
        if EntryKind::of(facts.kind) != Some(EntryKind::Locked) {
            return None;
        }
        let (offset, stride) = (index(facts.value), index(facts.stride));
        LockedBytes::new(
            self.bytes.shared()?,
            offset,
            stride,
            self.node.inner().size(),
        )
    }

    /// The first elements of an array or list.
    pub(crate) fn elements(self, len: usize) -> impl Iterator<Item = Part<'b, N>> {
        let start = match self.node.kind() {
            Some(EntryKind::List) => LENGTH_LEN,
            _ => 0,
        };
        let (element, stride) = (self.node.inner(), self.node.stride());
        (0..len).map(move |i| self.part(start + i * stride, element))
    }

    /// The fields of a struct, each by its name.
    pub(crate) fn fields(self) -> impl Iterator<Item = (&'n str, Part<'b, N>)> {
        let fields = self.node.fields();
        fields.map(move |(name, offset, node)| (name, self.part(offset, node)))
    }

    /// A part of this one, which its node names.
    ///
    /// # Panics
    ///
    /// Never: shapes are checked at compile time, and tables when a segment is opened.
    pub(crate) fn part(self, offset: usize, node: N) -> Part<'b, N> {
        let bytes = self.bytes.part(offset, node.size());
        Part::new(bytes.expect("parts lie within what they are in"), node)
    }

    fn wide(self, kind: Wide) -> Result<Content<'b, 'n, N>, Corrupt> {
        let low = self.number(0, 8)?;
        let wide = || Ok(u128::from(low) | u128::from(self.number(8, 8)?) << 64);
        Ok(match kind {
            Wide::U128 => Content::Primitive(Primitive::Unsigned(wide()?)),
            #[allow(clippy::cast_possible_wrap)] // the bits stay
            Wide::I128 => Content::Primitive(Primitive::Signed(wide()? as i128)),
            #[allow(clippy::cast_possible_truncation)] // a number of 4 bytes
            Wide::Duration => {
                let nanoseconds = self.number(8, 4)? as u32;
                Content::Duration(value::duration(low, nanoseconds)?)
            }
        })
    }

    fn number(self, offset: usize, len: usize) -> Result<u64, Corrupt> {
        let number = self.bytes.number(offset, len);
        number.ok_or_else(Corrupt::unsettled)
    }

    fn length(self) -> Result<usize, Corrupt> {
        #[allow(clippy::cast_possible_truncation)] // a number of 4 bytes
        value::length(self.number(0, LENGTH_LEN)? as u32, self.node.count())
    }
}

impl Primitive {
    /// From extended bits; `None` if they are not a value of that kind.
    #[allow(clippy::cast_possible_truncation)] // narrow numbers are in the low bits
    fn of(kind: Kind, bits: u64) -> Option<Primitive> {
        Some(match kind {
            Kind::Bool => Primitive::Bool(bits != 0),
            Kind::Char => Primitive::Char(char::from_u32(bits as u32)?),
            Kind::F32 => Primitive::F32(f32::from_bits(bits as u32)),
            Kind::F64 => Primitive::F64(f64::from_bits(bits)),
            _ if kind.is_signed() => Primitive::Signed(kind.number(bits)),
            _ => Primitive::Unsigned(bits.into()),
        })
    }
}

impl fmt::Debug for Primitive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Primitive::Bool(value) => value.fmt(f),
            Primitive::Char(value) => value.fmt(f),
            Primitive::Unsigned(value) => value.fmt(f),
            Primitive::Signed(value) => value.fmt(f),
            Primitive::F32(value) => value.fmt(f),
            Primitive::F64(value) => value.fmt(f),
        }
    }
}
