//! A value that does not fit its slot.

use super::path::{Located, Location, subject};

/// A value is larger than the capacity that its field was declared with; the old value stays.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{} holds at most {capacity} {unit}, and the value needs {needed}; shorten it, or raise the `capacity`",
    subject(field, segment, "the slot")
)]
#[non_exhaustive]
pub struct CapacityExceeded {
    /// The path of the field in its state, such as `jobs[3].label`; empty if the state is one slot.
    pub field: String,
    segment: String,
    /// What the field holds at most: bytes of text, or elements.
    pub capacity: usize,
    /// What the value would have needed.
    pub needed: usize,
    /// `bytes` or `elements`.
    unit: &'static str,
}

impl CapacityExceeded {
    const fn check(capacity: usize, needed: usize, unit: &'static str) -> Result<(), Self> {
        if needed <= capacity {
            return Ok(());
        }
        Err(CapacityExceeded {
            field: String::new(),
            segment: String::new(),
            capacity,
            needed,
            unit,
        })
    }

    /// Fails if a text of `needed` bytes does not fit.
    pub(crate) const fn check_text(capacity: usize, needed: usize) -> Result<(), Self> {
        Self::check(capacity, needed, "bytes")
    }

    /// Fails if a list of `needed` elements does not fit.
    pub(crate) const fn check_list(capacity: usize, needed: usize) -> Result<(), Self> {
        Self::check(capacity, needed, "elements")
    }

    #[doc(hidden)]
    #[must_use]
    pub fn in_field(mut self, name: &str) -> Self {
        self.prepend(name);
        self
    }

    pub(crate) fn at_index(self, index: usize) -> Self {
        self.in_field(&format!("[{index}]"))
    }
}

impl Located for CapacityExceeded {
    fn location(&mut self) -> Option<Location<'_>> {
        let CapacityExceeded { field, segment, .. } = self;
        Some(Location {
            path: field,
            segment,
        })
    }
}
