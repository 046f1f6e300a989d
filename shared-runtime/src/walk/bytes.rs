//! The bytes of a value: in shared memory, or in a private copy of an image.

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

    /// The number of 1, 2, 4 or 8 bytes at `offset`, zero-extended.
    pub(crate) fn number(self, offset: usize, len: usize) -> Option<u64> {
        match self.part(offset, len)? {
            Bytes::Shared(region) => region.load(),
            Bytes::Private(bytes) if matches!(len, 1 | 2 | 4 | 8) => {
                let mut word = [0; 8];
                word[..len].copy_from_slice(bytes);
                Some(u64::from_le_bytes(word))
            }
            Bytes::Private(_) => None,
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
