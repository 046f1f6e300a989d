//! Private copies of what lock-guarded slots hold.

use crate::format::Corrupt;
use crate::format::shape::LENGTH_LEN;
use crate::lock::LockedBytes;
use crate::walk::Bytes;

use super::error::ReadError;

/// The most bytes that are copied at once.
pub(super) const MOST_BYTES: usize = 1 << 30;

/// Why something cannot be read, with the path from the field on.
#[derive(Debug)]
pub(super) enum Unread {
    Corrupt(Corrupt),
    TooLarge,
}

impl From<Corrupt> for Unread {
    fn from(corrupt: Corrupt) -> Self {
        Unread::Corrupt(corrupt)
    }
}

impl Unread {
    pub(super) fn in_field(self, name: &str) -> Unread {
        match self {
            Unread::Corrupt(corrupt) => Unread::Corrupt(corrupt.in_field(name)),
            Unread::TooLarge => self,
        }
    }

    pub(super) fn at_index(self, i: usize) -> Unread {
        match self {
            Unread::Corrupt(corrupt) => Unread::Corrupt(corrupt.at_index(i)),
            Unread::TooLarge => self,
        }
    }

    /// Of the field of that path, which is empty for the state itself.
    pub(super) fn of(self, path: &str) -> ReadError {
        match self {
            Unread::Corrupt(corrupt) if path.is_empty() => ReadError::Corrupt(corrupt),
            Unread::Corrupt(corrupt) => ReadError::Corrupt(corrupt.in_field(path)),
            Unread::TooLarge => ReadError::TooLarge {
                field: path.to_owned(),
            },
        }
    }
}

/// A copy of the current image.
pub(super) fn copy(slot: LockedBytes<'_>) -> Result<Vec<u8>, Unread> {
    if slot.len() > MOST_BYTES {
        return Err(Unread::TooLarge);
    }
    Ok(slot.read().ok_or_else(Corrupt::unsettled)?)
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
    fn holds(self, image: &[u8]) -> bool {
        let image = Bytes::Private(image);
        match self {
            Condition::Some(offset) => image.number(offset, 1) == Some(1),
            Condition::Longer { offset, index } => image
                .number(offset, LENGTH_LEN)
                .is_some_and(|len| len > index as u64),
        }
    }

    pub(super) fn all_hold(conditions: &[Condition], image: &[u8]) -> bool {
        conditions.iter().all(|condition| condition.holds(image))
    }
}
