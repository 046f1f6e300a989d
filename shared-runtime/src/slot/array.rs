//! An array of slots is a slot: the elements, one after the other.

#![allow(unsafe_code)]

use super::Slot;
use crate::format::Corrupt;
use crate::format::shape::Shape;
use crate::plain::try_array;

// SAFETY: (1), (2) the elements are slots and an array adds no bytes; (3) an array has its elements
// `size_of::<S>()` apart, from the start.
unsafe impl<S: Slot, const N: usize> Slot for [S; N] {
    type Value = [S::Value; N];
    type Access = S::Access;
    const SHAPE: &'static Shape = &Shape::array(N, size_of::<S>(), S::SHAPE);

    fn try_snapshot(&self) -> Result<Self::Value, Corrupt> {
        try_array(|i| self[i].try_snapshot().map_err(|c| c.at_index(i)))
    }

    fn try_snapshot_into(&self, out: &mut Self::Value) -> Result<(), Corrupt> {
        for (i, (slot, out)) in self.iter().zip(out).enumerate() {
            slot.try_snapshot_into(out).map_err(|c| c.at_index(i))?;
        }
        Ok(())
    }
}
