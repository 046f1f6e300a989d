//! Reading a field: its bytes, and its value.

use super::error::ReadError;
use super::field::Field;
use super::tree::{MOST_BYTES, TreeNode, TreePart};
use super::value::Value;
use crate::access::Access;
use crate::format::Corrupt;
use crate::format::kind::EntryKind;
use crate::lock::LockedBytes;
use crate::walk::{Bytes, Content, Node, Part, Primitive};

/// The most parts a value may have. Larger values must be read in pieces.
const MOST_PARTS: usize = 1 << 20;
/// The most bytes that the names in a value may take.
const MOST_NAMES: usize = 1 << 27;

impl<A: Access> Field<'_, A> {
    /// Reads the value: of an atomic by one load, of a lock-guarded slot, or a part of one, by a copy of the whole
    /// slot; a struct or array of several slots is read one slot after the other (not all at one instant).
    ///
    /// Takes no lock and does not wait for writers, but tries for up to 100 ms to copy a slot that changes all the time.
    ///
    /// # Errors
    ///
    /// [`ReadError::Corrupt`] if the bytes are not a value of the type, with the path of the field;
    /// [`ReadError::TooLarge`] if there are more than a million parts, or a slot is larger than 1 GiB.
    pub fn get(&self) -> Result<Value, ReadError> {
        let value = if self.within.is_none() {
            value(self.slot())
        } else {
            match self.bytes()? {
                Some(bytes) => value(Part::new(Bytes::Private(&bytes), self.node)),
                None => Ok(Value::Absent),
            }
        };
        value.map_err(|error| error.in_path(&self.path))
    }

    /// The bytes as they are, little-endian: of a lock-guarded slot those of the current image, or of the field's part
    /// of it; of a struct or array of several slots those of each in its place, and zeros between them. `None` for
    /// what is not there now, as [`Value::Absent`].
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get), but any bytes are valid.
    pub fn bytes(&self) -> Result<Option<Vec<u8>>, ReadError> {
        let bytes = if self.locked().is_none() {
            copy(self.slot()).map(Some)
        } else {
            self.image()
                .map(|image| self.in_image(&image).map(|part| image[part].to_vec()))
        };
        bytes.map_err(|error| error.in_path(&self.path))
    }

    /// A copy of the current image of the slot that it is, or lies in.
    pub(super) fn image(&self) -> Result<Vec<u8>, ReadError> {
        let slot = self.locked().ok_or_else(Corrupt::unsettled);
        copy_image(slot.map_err(ReadError::Corrupt)?)
    }
}

/// The value that these bytes mean.
pub(super) fn value(part: TreePart<'_>) -> Result<Value, ReadError> {
    let (parts, names) = (MOST_PARTS, MOST_NAMES);
    Reader { parts, names }.read(part)
}

/// Decodes a value that has at most so many parts, and bytes in its names.
struct Reader {
    parts: usize,
    names: usize,
}

impl Reader {
    fn read(&mut self, part: TreePart<'_>) -> Result<Value, ReadError> {
        self.parts = less(self.parts, 1)?;
        Ok(match part.content().map_err(ReadError::Corrupt)? {
            Content::Nothing => Value::Nothing,
            Content::Primitive(number) => number.into(),
            Content::PresentPrimitive(number) => Value::Optional(Some(Box::new(number.into()))),
            Content::Variant(name, number) => {
                self.names = less(self.names, name.len())?;
                let name = name.to_owned();
                Value::Variant { name, number }
            }
            Content::Struct => self.structure(part)?,
            Content::Array(len) => Value::Array(self.elements(part, len)?),
            Content::List(len) => Value::List(self.elements(part, len)?),
            Content::Locked(slot) => {
                let copy = copy_image(slot)?;
                self.read(Part::new(Bytes::Private(&copy), part.node.inner()))?
            }
            Content::Duration(duration) => Value::Duration(duration),
            Content::Fixed(text) => Value::Literal(text),
            Content::Option(None) => Value::Optional(None),
            Content::Option(Some(value)) => Value::Optional(Some(Box::new(self.read(value)?))),
            Content::Text(text) => Value::Text(text.to_owned()),
            Content::Opaque(bytes) => Value::Bytes(bytes.to_vec()),
        })
    }

    fn structure(&mut self, part: TreePart<'_>) -> Result<Value, ReadError> {
        let mut fields = Vec::new();
        for (name, field) in part.fields() {
            self.names = less(self.names, name.len())?;
            let value = self.read(field).map_err(|error| error.in_field(name))?;
            fields.push((name, value));
        }
        let fields = fields.into_iter();
        Ok(if part.node.is_tuple() {
            Value::Tuple(fields.map(|(_, value)| value).collect())
        } else {
            let named = fields.map(|(name, value)| (name.to_owned(), value));
            Value::Struct(named.collect())
        })
    }

    fn elements(&mut self, part: TreePart<'_>, len: usize) -> Result<Vec<Value>, ReadError> {
        less(self.parts, len)?;
        let elements = part.elements(len).enumerate();
        let values = elements.map(|(i, it)| self.read(it).map_err(|error| error.at_index(i)));
        values.collect()
    }
}

/// What is left of a limit; fails if that is exceeded. The path of the field is still to be filled in.
fn less(left: usize, by: usize) -> Result<usize, ReadError> {
    let field = String::new();
    left.checked_sub(by).ok_or(ReadError::TooLarge { field })
}

impl From<Primitive> for Value {
    fn from(number: Primitive) -> Value {
        match number {
            Primitive::Bool(value) => Value::Bool(value),
            Primitive::Char(value) => Value::Char(value),
            Primitive::Unsigned(value) => Value::Unsigned(value),
            Primitive::Signed(value) => Value::Signed(value),
            Primitive::F32(value) => Value::F32(value),
            Primitive::F64(value) => Value::F64(value),
        }
    }
}

/// A copy of the bytes, each slot in its place, and zeros between them.
fn copy(slots: TreePart<'_>) -> Result<Vec<u8>, ReadError> {
    less(MOST_BYTES, slots.node.size())?;
    let mut out = vec![0; slots.node.size()];
    copy_to(slots, &mut out)?;
    Ok(out)
}

fn copy_to<'t>(slots: TreePart<'t>, out: &mut [u8]) -> Result<(), ReadError> {
    let mut copy_part = |offset, node: TreeNode<'t>| {
        let out = &mut out[offset..][..node.size()];
        copy_to(slots.part(offset, node), out)
    };
    let node = slots.node;
    match node.kind() {
        Some(EntryKind::Struct) => {
            for (_, offset, field) in node.fields() {
                copy_part(offset, field)?;
            }
        }
        Some(EntryKind::Array) => {
            let (element, stride) = (node.inner(), node.stride());
            for i in 0..node.count() {
                copy_part(i * stride, element)?;
            }
        }
        _ => {
            if let Some(slot) = slots.locked() {
                let image = copy_image(slot)?;
                out[..image.len()].copy_from_slice(&image);
            } else if let Some(size) = node.atomic_size() {
                // Without the event word of a watched one.
                let bits = slots.bytes.number(0, size).unwrap_or(0);
                out[..size].copy_from_slice(&bits.to_le_bytes()[..size]);
            }
        }
    }
    Ok(())
}

/// A copy of the current image.
fn copy_image(slot: LockedBytes<'_>) -> Result<Vec<u8>, ReadError> {
    less(MOST_BYTES, slot.len())?;
    let copy = slot.read().ok_or_else(Corrupt::unsettled);
    copy.map_err(ReadError::Corrupt)
}
