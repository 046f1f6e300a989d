//! Reading a field: its bytes, and what they mean.

use std::time::Duration;

use super::Field;
use super::Value;
use super::field::{Place, number};
use super::layout::{Layout, index};
use crate::access::Access;
use crate::format::Corrupt;
use crate::format::shape::{Kind, LENGTH_LEN, Zero};
use crate::format::table::EntryKind;
use crate::inspect::ReadError;
use crate::lock::LockedBytes;
use crate::region::Region;
use crate::walk::Bytes;

/// Of so many parts a value is made at most: beyond that, parts of it are to be read.
const MOST_PARTS: usize = 1 << 20;
/// And of so many bytes of names.
const MOST_NAMES: usize = 1 << 27;
/// So many bytes are copied at most.
pub(super) const MOST_BYTES: usize = 1 << 30;

impl<A: Access> Field<'_, A> {
    /// Reads the value: of an atomic by one load, of a lock-guarded slot, or a part of one, by a copy of the whole
    /// slot; a struct or array of several slots is read one slot after the other (not all at one instant).
    ///
    /// Takes no lock and waits for no writer, but up to 100 ms for a slot that does not hold still.
    ///
    /// # Errors
    ///
    /// [`ReadError::Corrupt`] if the bytes are no value of the type, with the path of the field;
    /// [`ReadError::TooLarge`] if there are more than a million parts, or a slot is larger than 1 GiB.
    pub fn get(&self) -> Result<Value, ReadError> {
        let mut reader = Reader::new(self.inspector.layout());
        let value = match &self.place {
            Place::Slots { offset } => {
                let region = self.region(self.node, *offset);
                reader.read(self.node, Bytes::Shared(region))
            }
            Place::Image { .. } => match self.image() {
                Ok(image) => self.get_of(&image, &mut reader),
                Err(why) => Err(why),
            },
        };
        value.map_err(|why| self.read_error(why))
    }

    /// The bytes as they are, little-endian: of a lock-guarded slot those of the current image, or of the field's part
    /// of it; of a struct or array of several slots those of each in its place, and zeros between them. `None` for
    /// what is not there now, as [`Value::Absent`].
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get), but any bytes are good.
    pub fn bytes(&self) -> Result<Option<Vec<u8>>, ReadError> {
        let bytes = match &self.place {
            Place::Image {
                offset, conditions, ..
            } => self.image().map(|image| {
                let there = conditions.iter().all(|condition| condition.holds(&image));
                there.then(|| image[*offset..*offset + self.size()].to_vec())
            }),
            Place::Slots { offset } => {
                let mut reader = Reader::new(self.inspector.layout());
                let region = self.region(self.node, *offset);
                reader.copy(self.node, region).map(Some)
            }
        };
        bytes.map_err(|why| self.read_error(why))
    }

    /// How many elements an array has, or a list has now, or bytes a text has now; `None` for anything else, and for
    /// a list or text that is not there now or has a length that it cannot have.
    pub fn len(&self) -> Option<usize> {
        let layout = self.inspector.layout();
        let node = self.node_of_form()?;
        match layout.kind(node) {
            EntryKind::Array => self.capacity(),
            EntryKind::List | EntryKind::Text => {
                let image = self.image().ok()?;
                let (offset, conditions) = match &self.place {
                    Place::Slots { .. } => (0, [].as_slice()),
                    Place::Image {
                        offset, conditions, ..
                    } => (*offset, conditions.as_slice()),
                };
                let there = conditions.iter().all(|condition| condition.holds(&image));
                let len = Bytes::Private(&image).number(offset, LENGTH_LEN)?;
                let len = usize::try_from(len).ok()?;
                (there && len <= self.capacity()?).then_some(len)
            }
            _ => None,
        }
    }

    /// Whether there are no elements or bytes, by [`len`](Self::len).
    pub fn is_empty(&self) -> bool {
        self.len().is_none_or(|len| len == 0)
    }

    /// A copy of the current image of the slot that it is, or lies in.
    fn image(&self) -> Result<Vec<u8>, Why> {
        let untyped = self.locked().ok_or(Corrupt::unsettled())?;
        copied(untyped)
    }

    /// Its value in an image of the slot that it lies in.
    pub(super) fn get_of(&self, image: &[u8], reader: &mut Reader<'_>) -> Result<Value, Why> {
        let Place::Image {
            offset, conditions, ..
        } = &self.place
        else {
            return reader.read_inner(self.node, Bytes::Private(image));
        };
        if !conditions.iter().all(|condition| condition.holds(image)) {
            return Ok(Value::Absent);
        }
        match Bytes::Private(image).part(*offset, self.size()) {
            Some(bytes) => reader.read(self.node, bytes),
            None => Err(Corrupt::unsettled().into()),
        }
    }

    pub(super) fn read_error(&self, why: Why) -> ReadError {
        match why {
            Why::Corrupt(corrupt) if self.path().is_empty() => ReadError::Corrupt(corrupt),
            Why::Corrupt(corrupt) => ReadError::Corrupt(corrupt.in_field(self.path())),
            Why::TooLarge => ReadError::TooLarge {
                field: self.path().to_owned(),
            },
        }
    }
}

/// Why something cannot be read, with the path from the field on.
#[derive(Debug)]
pub(super) enum Why {
    Corrupt(Corrupt),
    TooLarge,
}

impl From<Corrupt> for Why {
    fn from(corrupt: Corrupt) -> Self {
        Why::Corrupt(corrupt)
    }
}

impl Why {
    fn in_field(self, name: &str) -> Why {
        match self {
            Why::Corrupt(corrupt) => Why::Corrupt(corrupt.in_field(name)),
            Why::TooLarge => self,
        }
    }

    fn at_index(self, i: usize) -> Why {
        match self {
            Why::Corrupt(corrupt) => Why::Corrupt(corrupt.at_index(i)),
            Why::TooLarge => self,
        }
    }
}

/// The lock-guarded slot of that entry, whose bytes these are.
pub(super) fn untyped<'a>(
    layout: &Layout,
    node: usize,
    slot: Region<'a>,
) -> Option<LockedBytes<'a>> {
    let facts = layout.row(node).facts;
    let len = layout.inner(node).map_or(0, |image| layout.size(image));
    LockedBytes::new(slot, index(facts.value), index(facts.stride), len)
}

fn copied(slot: LockedBytes<'_>) -> Result<Vec<u8>, Why> {
    if slot.len() > MOST_BYTES {
        return Err(Why::TooLarge);
    }
    Ok(slot.read().ok_or(Corrupt::unsettled())?)
}

/// Makes values of bytes, and counts their parts.
pub(super) struct Reader<'l> {
    layout: &'l Layout,
    parts: usize,
    names: usize,
}

impl<'l> Reader<'l> {
    pub(super) fn new(layout: &'l Layout) -> Self {
        Reader {
            layout,
            parts: 0,
            names: 0,
        }
    }

    /// The value of an entry whose bytes these are.
    pub(super) fn read(&mut self, node: usize, bytes: Bytes<'_>) -> Result<Value, Why> {
        self.parts += 1;
        if self.parts > MOST_PARTS {
            return Err(Why::TooLarge);
        }
        let facts = self.layout.row(node).facts;
        let number = |offset, len| {
            let number = bytes.number(offset, len);
            number.ok_or_else(Corrupt::unsettled)
        };
        Ok(match self.layout.kind(node) {
            EntryKind::Scalar(kind) => scalar(kind, facts.zero, number(0, kind.size())?)?,
            EntryKind::Enum(kind) => self.variant(node, kind, number(0, kind.size())?)?,
            EntryKind::Struct => self.structure(node, bytes)?,
            EntryKind::Array => {
                let count = index(facts.count);
                Value::Array(self.elements(node, bytes, 0, count)?)
            }
            EntryKind::Locked => {
                let Bytes::Shared(region) = bytes else {
                    return Err(Corrupt::unsettled().into());
                };
                let slot = untyped(self.layout, node, region).ok_or_else(Corrupt::unsettled)?;
                let image = copied(slot)?;
                self.read_inner(node, Bytes::Private(&image))?
            }
            EntryKind::Wide { signed } => {
                let bits = u128::from(number(0, 8)?) | u128::from(number(8, 8)?) << 64;
                if signed {
                    Value::Signed(bits.cast_signed())
                } else {
                    Value::Unsigned(bits)
                }
            }
            EntryKind::Duration => match u32::try_from(number(8, 4)?) {
                Ok(nanoseconds @ 0..1_000_000_000) => {
                    Value::Duration(Duration::new(number(0, 8)?, nanoseconds))
                }
                nanoseconds => return Err(Corrupt::nanoseconds(nanoseconds.unwrap_or(0)).into()),
            },
            EntryKind::Option => match number(0, 1)? {
                0 => Value::Optional(None),
                1 => {
                    let value = bytes.part(1, self.layout.size(node) - 1);
                    let value = value.ok_or_else(Corrupt::unsettled)?;
                    Value::Optional(Some(Box::new(self.read_inner(node, value)?)))
                }
                tag => return Err(Corrupt::option(tag.to_le_bytes()[0]).into()),
            },
            EntryKind::Text => {
                let len = length(number(0, LENGTH_LEN)?, facts.count)?;
                let text = bytes.part(LENGTH_LEN, len).and_then(Bytes::private);
                text_of(text.unwrap_or_default())?
            }
            EntryKind::List => {
                let len = length(number(0, LENGTH_LEN)?, facts.count)?;
                Value::List(self.elements(node, bytes, LENGTH_LEN, len)?)
            }
            EntryKind::Opaque => Value::Bytes(bytes.private().unwrap_or_default().to_vec()),
            EntryKind::Variant => Value::Nothing,
        })
    }

    /// Counts a name, which the value has a copy of.
    fn names(&mut self, name: &str) -> Result<(), Why> {
        self.names += name.len();
        if self.names > MOST_NAMES {
            return Err(Why::TooLarge);
        }
        Ok(())
    }

    /// The value of what an entry is made of, if that has bytes.
    fn read_inner(&mut self, node: usize, bytes: Bytes<'_>) -> Result<Value, Why> {
        match self.layout.inner(node) {
            None => {
                self.parts += 1;
                Ok(Value::Nothing)
            }
            Some(inner) => match bytes.part(0, self.layout.size(inner)) {
                Some(bytes) => self.read(inner, bytes),
                None => Err(Corrupt::unsettled().into()),
            },
        }
    }

    fn structure(&mut self, node: usize, bytes: Bytes<'_>) -> Result<Value, Why> {
        let mut fields = Vec::new();
        let layout = self.layout;
        for (child, row) in layout.rows_below(node) {
            let part = bytes.part(index(row.facts.offset), self.layout.size(child));
            let part = part.ok_or_else(Corrupt::unsettled)?;
            self.names(row.name)?;
            let value = self
                .read(child, part)
                .map_err(|why| why.in_field(row.name))?;
            fields.push((row.name, value));
        }
        // The parts of a tuple are named by number.
        Ok(if fields.first().is_some_and(|(name, _)| *name == "0") {
            Value::Tuple(fields.into_iter().map(|(_, value)| value).collect())
        } else {
            let named = fields.into_iter();
            Value::Struct(
                named
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect(),
            )
        })
    }

    fn elements(
        &mut self,
        node: usize,
        bytes: Bytes<'_>,
        offset: usize,
        count: usize,
    ) -> Result<Vec<Value>, Why> {
        if count > MOST_PARTS - self.parts.min(MOST_PARTS) {
            return Err(Why::TooLarge);
        }
        let stride = index(self.layout.row(node).facts.stride);
        let element = |i: usize| {
            let bytes = bytes.part(offset + i * stride, stride);
            let bytes = bytes.ok_or_else(Corrupt::unsettled)?;
            let value = self.read_inner(node, bytes);
            value.map_err(|why| why.at_index(i))
        };
        (0..count).map(element).collect()
    }

    fn variant(&mut self, node: usize, kind: Kind, bits: u64) -> Result<Value, Why> {
        let bits = kind.extend(bits);
        let layout = self.layout;
        if let Some(row) = layout.variant(node, bits) {
            self.names(row.name)?;
            return Ok(Value::Variant {
                name: row.name.to_owned(),
                number: number(kind, bits),
            });
        }
        let variants = self.layout.rows_below(node);
        let variants = variants.map(|(_, row)| (row.name, row.facts.value));
        Err(Corrupt::variant(kind, variants, bits).into())
    }

    /// A copy of the bytes, each slot in its place.
    fn copy(&mut self, node: usize, region: Region<'_>) -> Result<Vec<u8>, Why> {
        if let EntryKind::Locked = self.layout.kind(node) {
            return copied(untyped(self.layout, node, region).ok_or_else(Corrupt::unsettled)?);
        }
        if region.len() > MOST_BYTES {
            return Err(Why::TooLarge);
        }
        let mut out = vec![0; region.len()];
        self.copy_to(node, region, &mut out)?;
        Ok(out)
    }

    fn copy_to(&mut self, node: usize, region: Region<'_>, out: &mut [u8]) -> Result<(), Why> {
        let part = |child, offset| {
            let part = region.part(offset, self.layout.size(child));
            part.ok_or_else(Corrupt::unsettled)
        };
        match self.layout.kind(node) {
            EntryKind::Struct => {
                for (child, row) in self.layout.rows_below(node) {
                    let offset = index(row.facts.offset);
                    let part = part(child, offset)?;
                    let out = &mut out[offset..offset + part.len()];
                    self.copy_to(child, part, out)?;
                }
            }
            EntryKind::Array => {
                let facts = self.layout.row(node).facts;
                let stride = index(facts.stride);
                for (i, out) in out.chunks_exact_mut(stride).enumerate() {
                    let Some(element) = self.layout.inner(node) else {
                        break;
                    };
                    let part = part(element, i * stride)?;
                    self.copy_to(element, part, &mut out[..part.len()])?;
                }
            }
            EntryKind::Scalar(kind) | EntryKind::Enum(kind) => {
                let bits = Bytes::Shared(region).number(0, kind.size()).unwrap_or(0);
                out[..kind.size()].copy_from_slice(&bits.to_le_bytes()[..kind.size()]);
            }
            EntryKind::Locked => {
                let image = self.copy(node, region)?;
                out[..image.len()].copy_from_slice(&image);
            }
            _ => {}
        }
        Ok(())
    }
}

#[allow(clippy::cast_possible_truncation)] // narrow numbers stand in the low bits
fn scalar(kind: Kind, zero: u8, bits: u64) -> Result<Value, Why> {
    let bits = kind.extend(bits);
    let value = match kind {
        Kind::Bool if bits <= 1 => Value::Bool(bits == 1),
        Kind::Char => match char::from_u32(bits as u32) {
            Some(value) => Value::Char(value),
            None => return Err(Corrupt::of_kind(kind, bits).into()),
        },
        Kind::Bool => return Err(Corrupt::of_kind(kind, bits).into()),
        Kind::F32 => Value::F32(f32::from_bits(bits as u32)),
        Kind::F64 => Value::F64(f64::from_bits(bits)),
        _ if kind.is_signed() => Value::Signed(bits.cast_signed().into()),
        _ => Value::Unsigned(bits.into()),
    };
    match zero {
        z if z == Zero::Invalid as u8 && bits == 0 => Err(Corrupt::of_kind(kind, bits).into()),
        z if z == Zero::Absent as u8 && bits == 0 => Ok(Value::Optional(None)),
        z if z == Zero::Absent as u8 => Ok(Value::Optional(Some(Box::new(value)))),
        _ => Ok(value),
    }
}

fn length(found: u64, capacity: u64) -> Result<usize, Why> {
    if found <= capacity {
        return Ok(index(found));
    }
    Err(Corrupt::length(index(found), index(capacity)).into())
}

fn text_of(bytes: &[u8]) -> Result<Value, Why> {
    match str::from_utf8(bytes) {
        Ok(text) => Ok(Value::Text(text.to_owned())),
        Err(error) => {
            let at = error.valid_up_to();
            Err(Corrupt::utf8(at, bytes[at]).into())
        }
    }
}
