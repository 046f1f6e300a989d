//! A value that does not fit its slot.

use core::fmt;

use super::path::{prepend, subject};

/// A value is larger than the capacity that its field was declared with; the old value stays.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CapacityExceeded {
    /// The path of the field, as far as it is known: it is empty when the slot itself was written.
    pub field: String,
    /// What the field holds at most: bytes of text, or elements.
    pub capacity: usize,
    /// What the value would have needed.
    pub needed: usize,
    unit: Unit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Bytes,
    Elements,
}

impl CapacityExceeded {
    const fn new(capacity: usize, needed: usize, unit: Unit) -> Self {
        CapacityExceeded {
            field: String::new(),
            capacity,
            needed,
            unit,
        }
    }

    /// Fails if a text of `needed` bytes does not fit.
    pub(crate) const fn check_text(capacity: usize, needed: usize) -> Result<(), Self> {
        if needed <= capacity {
            Ok(())
        } else {
            Err(Self::new(capacity, needed, Unit::Bytes))
        }
    }

    /// Fails if a list of `needed` elements does not fit.
    pub(crate) const fn check_list(capacity: usize, needed: usize) -> Result<(), Self> {
        if needed <= capacity {
            Ok(())
        } else {
            Err(Self::new(capacity, needed, Unit::Elements))
        }
    }

    #[doc(hidden)]
    #[must_use]
    pub fn in_field(mut self, name: &str) -> Self {
        prepend(&mut self.field, name);
        self
    }

    pub(crate) fn at_index(self, index: usize) -> Self {
        self.in_field(&format!("[{index}]"))
    }
}

impl fmt::Display for CapacityExceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            Unit::Bytes => "bytes",
            Unit::Elements => "elements",
        };
        write!(
            f,
            "{} holds at most {} {unit}, and the value needs {}; shorten it, or raise the `capacity`",
            subject(&self.field),
            self.capacity,
            self.needed
        )
    }
}

impl std::error::Error for CapacityExceeded {}
