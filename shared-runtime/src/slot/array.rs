//! An array of slots is a slot: the elements, one after the other.

#![allow(unsafe_code)]

use core::mem::MaybeUninit;

use super::Slot;
use crate::error::Corrupt;
use crate::shape::Shape;

// SAFETY: (1), (2) the elements are slots and an array adds no bytes; (3) an array has its elements
// `size_of::<S>()` apart, from the start.
unsafe impl<S: Slot, const N: usize> Slot for [S; N] {
    type Value = [S::Value; N];
    const SHAPE: &'static Shape = &Shape::array(N, size_of::<S>(), S::SHAPE);

    fn try_snapshot(&self) -> Result<Self::Value, Corrupt> {
        let mut partial = Partial {
            elements: [const { MaybeUninit::uninit() }; N],
            filled: 0,
        };
        for (i, slot) in self.iter().enumerate() {
            let value = slot.try_snapshot().map_err(|c| c.at_index(i))?;
            partial.elements[i].write(value);
            partial.filled = i + 1;
        }
        Ok(partial.finish())
    }

    fn try_snapshot_into(&self, out: &mut Self::Value) -> Result<(), Corrupt> {
        for (i, (slot, out)) in self.iter().zip(out).enumerate() {
            slot.try_snapshot_into(out).map_err(|c| c.at_index(i))?;
        }
        Ok(())
    }
}

/// An array being filled; drops what it has if a later element fails.
///
/// Invariant: the first `filled` elements are initialised.
struct Partial<T, const N: usize> {
    elements: [MaybeUninit<T>; N],
    filled: usize,
}

impl<T, const N: usize> Partial<T, N> {
    fn finish(mut self) -> [T; N] {
        assert_eq!(self.filled, N);
        self.filled = 0; // the elements move out: nothing is left to drop
        // SAFETY: by the invariant all N elements were initialised, and an array of `MaybeUninit<T>`
        // is laid out as an array of `T`. The drop above no longer touches them.
        unsafe { core::mem::transmute_copy(&self.elements) }
    }
}

impl<T, const N: usize> Drop for Partial<T, N> {
    fn drop(&mut self) {
        for element in &mut self.elements[..self.filled] {
            // SAFETY: by the invariant the element is initialised, and nobody uses it after this.
            unsafe {
                element.assume_init_drop();
            }
        }
    }
}
