//! The bytes of a value: in shared memory, or in a private copy of an image.

use crate::format::shape::{Body, Shape};
use crate::lock::LockedBytes;
use crate::region::Region;

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

    /// The bytes as one number, zero-extended: 1, 2, 4 or 8 of them.
    pub(crate) fn load(self) -> Option<u64> {
        match self {
            Bytes::Shared(region) => region.load(),
            Bytes::Private(bytes) if matches!(bytes.len(), 1 | 2 | 4 | 8) => {
                let mut word = [0; 8];
                word[..bytes.len()].copy_from_slice(bytes);
                Some(u64::from_le_bytes(word))
            }
            Bytes::Private(_) => None,
        }
    }

    /// The number at `offset`, of `len` bytes.
    pub(crate) fn number(self, offset: usize, len: usize) -> Option<u64> {
        self.part(offset, len)?.load()
    }

    /// The bytes themselves, of a private copy.
    pub(crate) fn private(self) -> Option<&'a [u8]> {
        match self {
            Bytes::Shared(_) => None,
            Bytes::Private(bytes) => Some(bytes),
        }
    }

    /// A copy of the current image of a lock-guarded slot of that shape; `None` if it does not hold still.
    pub(crate) fn image(self, shape: &Shape) -> Option<Vec<u8>> {
        match (self, &shape.body) {
            (
                Bytes::Shared(slot),
                Body::Locked {
                    offset,
                    stride,
                    image,
                    ..
                },
            ) => LockedBytes::new(slot, *offset, *stride, image.size())?.try_read(),
            _ => None,
        }
    }
}
