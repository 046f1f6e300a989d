//! A value that does not fit its slot.

use core::fmt;

/// A value is larger than the capacity that its field was declared with; the old value stays.
///
/// No slot of this version has a capacity, so no call returns this yet: it stands in the signature of
/// [`Shared::restore`](crate::Shared::restore).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CapacityExceeded {
    /// The path of the field.
    pub field: String,
    /// What the field holds at most: bytes of text, or elements.
    pub capacity: usize,
    /// What the value would have needed.
    pub needed: usize,
}

impl fmt::Display for CapacityExceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "field `{}` holds at most {}, and the value needs {}; shorten it, or raise the `capacity`",
            self.field, self.capacity, self.needed
        )
    }
}

impl std::error::Error for CapacityExceeded {}
