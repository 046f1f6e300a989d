//! Private copies of the images of lock-guarded slots.

use super::error::ReadError;
use crate::format::Corrupt;
use crate::format::shape::LENGTH_LEN;
use crate::lock::LockedBytes;
use crate::walk::Bytes;

/// The most bytes that are copied at once.
pub(super) const MOST_BYTES: usize = 1 << 30;

/// A copy of the current image.
pub(super) fn copy(slot: LockedBytes<'_>) -> Result<Vec<u8>, ReadError> {
    if slot.len() > MOST_BYTES {
        return Err(ReadError::too_large());
    }
    let copy = slot.read().ok_or_else(Corrupt::unsettled);
    copy.map_err(ReadError::Corrupt)
}

/// A condition for a part of an image to be there.
#[derive(Clone, Copy)]
pub(super) enum Condition {
    /// The option at this offset has a value.
    Some(usize),
    /// The list at `offset` has more than `index` elements.
    Longer { offset: usize, index: usize },
}

impl Condition {
    /// Whether it holds in a copy of the image.
    pub(super) fn holds(self, image: &[u8]) -> bool {
        let number = |offset, len| Bytes::Private(image).number(offset, len);
        match self {
            Condition::Some(offset) => number(offset, 1) == Some(1),
            Condition::Longer { offset, index } => {
                number(offset, LENGTH_LEN).is_some_and(|len| len > index as u64)
            }
        }
    }
}
