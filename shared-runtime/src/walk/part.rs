//! What bytes mean: one step of the walk.

use core::fmt;
use core::time::Duration;

use super::bytes::Bytes;
use super::node::{Elements, Form, Node};
use crate::format::Corrupt;
use crate::format::kind::{Kind, Wide, Zero};
use crate::format::shape::LENGTH_LEN;
use crate::format::value;
use crate::lock::LockedBytes;

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
    Array(Sequence<'b, N>),
    List(Sequence<'b, N>),
    /// A lock-guarded slot. The visitor copies the current image, and decides how long it tries and how large a copy may
    /// be.
    Locked(LockedBytes<'b>, N),
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

/// The elements of an array, or the current elements of a list.
#[derive(Clone, Copy)]
pub(crate) struct Sequence<'b, N> {
    bytes: Bytes<'b>,
    /// Of the first one.
    offset: usize,
    elements: Elements<N>,
    pub len: usize,
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
        Ok(match node.form() {
            Form::Nothing => Content::Nothing,
            Form::Scalar { kind, zero } => {
                let bits = kind.extend(self.number(0, kind.size())?);
                let number = value::is_scalar(kind, zero, bits)
                    .then(|| Primitive::of(kind, bits))
                    .flatten();
                let number = number.ok_or_else(|| Corrupt::of_kind(kind, bits))?;
                match zero {
                    Zero::Absent if bits == 0 => Content::Option(None),
                    Zero::Absent => Content::PresentPrimitive(number),
                    _ => Content::Primitive(number),
                }
            }
            Form::Enum { kind } => {
                let bits = kind.extend(self.number(0, kind.size())?);
                let name = node.variant(bits);
                let name = name.ok_or_else(|| Corrupt::variant(kind, node.variants(), bits))?;
                Content::Variant(name, kind.number(bits))
            }
            Form::Struct => Content::Struct,
            Form::Array(elements) => Content::Array(Sequence {
                bytes,
                offset: 0,
                elements,
                len: elements.count,
            }),
            Form::Locked { .. } => {
                let (slot, image) = self.locked().ok_or_else(Corrupt::unsettled)?;
                Content::Locked(slot, image)
            }
            Form::Wide(kind) => self.wide(kind)?,
            Form::Fixed(kind) => {
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
            Form::Option { value } => {
                #[allow(clippy::cast_possible_truncation)] // a number of 1 byte
                let is_there = value::is_some(self.number(0, 1)? as u8)?;
                Content::Option(is_there.then(|| self.part(1, value)))
            }
            Form::Text { capacity } => {
                let len = self.length(capacity)?;
                let bytes = bytes.part(LENGTH_LEN, len);
                let bytes = bytes.ok_or_else(Corrupt::unsettled)?;
                Content::Text(value::text(bytes.private())?)
            }
            Form::List(elements) => Content::List(Sequence {
                bytes,
                offset: LENGTH_LEN,
                elements,
                len: self.length(elements.count)?,
            }),
            Form::Opaque => Content::Opaque(bytes.private()),
        })
    }

    /// The lock-guarded slot that it is, and what lies in its images; `None` for anything else.
    pub(crate) fn locked(self) -> Option<(LockedBytes<'b>, N)> {
        let Form::Locked {
            offset,
            stride,
            image,
        } = self.node.form()
        else {
            return None;
        };
        let slot = LockedBytes::new(self.bytes.shared()?, offset, stride, image.size())?;
        Some((slot, image))
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

    fn length(self, capacity: usize) -> Result<usize, Corrupt> {
        #[allow(clippy::cast_possible_truncation)] // a number of 4 bytes
        value::length(self.number(0, LENGTH_LEN)? as u32, capacity)
    }
}

impl<'b, 'n, N: Node<'n>> Sequence<'b, N> {
    pub(crate) fn get(self, i: usize) -> Part<'b, N> {
        let Elements {
            stride, element, ..
        } = self.elements;
        Part::new(self.bytes, element).part(self.offset + i * stride, element)
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
