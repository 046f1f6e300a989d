//! Arrays: the slots, or in an image the images, of their elements, one after the other.

#![allow(unsafe_code)]

use core::mem::MaybeUninit;

use super::base::{Slot, Writing};
use super::field::{Field, SharedState, Zeroed};
use super::mode::{Each, Elementwise, Nested};
use super::plain::{Plain, decode_all, is_image};
use crate::access::Access;
use crate::format::shape::Shape;
use crate::format::{CapacityExceeded, Corrupt};
use crate::lock::Line;

// SAFETY: (1), (2) the elements are slots and an array adds no bytes; (3) an array has its elements
// `size_of::<S>()` apart, from the start; (4) they are the only ones that are written to.
unsafe impl<S: Slot, const N: usize> Slot for [S; N] {
    type Value = [S::Value; N];
    type Access = S::Access;
    const SHAPE: &'static Shape = &Shape::array(N, size_of::<S>(), S::SHAPE);

    fn try_snapshot(&self) -> Result<Self::Value, Corrupt> {
        try_array(|i| {
            self[i]
                .try_snapshot()
                .map_err(|corrupt| corrupt.at_index(i))
        })
    }

    fn try_snapshot_into(&self, out: &mut Self::Value) -> Result<(), Corrupt> {
        for (i, (slot, out)) in self.iter().zip(out).enumerate() {
            slot.try_snapshot_into(out)
                .map_err(|corrupt| corrupt.at_index(i))?;
        }
        Ok(())
    }

    fn fits(value: &Self::Value) -> Result<(), CapacityExceeded> {
        if S::SHAPE.has_capacity() {
            for (i, value) in value.iter().enumerate() {
                S::fits(value).map_err(|exceeded| exceeded.at_index(i))?;
            }
        }
        Ok(())
    }

    #[track_caller]
    fn put(&self, value: Self::Value, writing: Writing) {
        for (slot, value) in self.iter().zip(value) {
            slot.put(value, writing);
        }
    }
}

impl<T: Field<M>, M: Elementwise, const N: usize> Field<M> for [T; N] {
    type Slot<A: Access> = [T::Slot<A>; N];
}

impl<T: Field<M>, M, const N: usize> Field<Each<M>> for [T; N] {
    type Slot<A: Access> = [T::Slot<A>; N];
}

impl<T: SharedState, const N: usize> SharedState for [T; N] {
    type Slots = [T::Slots; N];
}

impl<T: Zeroed, const N: usize> Zeroed for [T; N] {}

// SAFETY: (1) the image is made of images; (2) if each element is its image, so is the array.
unsafe impl<T: Plain<M>, M: Nested, const N: usize> Plain<M> for [T; N] {
    type Image = [T::Image; N];
    type Cell = Line<[T::Image; N]>;
    const AS_IS: bool = is_image::<T, M>();
    const SHAPE: &'static Shape = &Shape::array(N, size_of::<T::Image>(), T::SHAPE);

    #[inline]
    fn encode(&self, image: &mut Self::Image) -> Result<(), CapacityExceeded> {
        for (i, (value, image)) in self.iter().zip(image).enumerate() {
            value
                .encode(image)
                .map_err(|exceeded| exceeded.at_index(i))?;
        }
        Ok(())
    }

    #[inline]
    fn decode(image: &Self::Image) -> Result<Self, Corrupt> {
        try_array(|i| T::decode(&image[i]).map_err(|corrupt| corrupt.at_index(i)))
    }

    #[inline]
    fn decode_into(image: &Self::Image, out: &mut Self) -> Result<(), Corrupt> {
        decode_all(image, out)
    }
}

/// An array of what `element` returns for each index, or its first error.
#[inline]
fn try_array<T, const N: usize, E>(
    mut element: impl FnMut(usize) -> Result<T, E>,
) -> Result<[T; N], E> {
    let mut array = [const { MaybeUninit::<T>::uninit() }; N];
    for i in 0..N {
        match element(i) {
            Ok(value) => array[i].write(value),
            Err(error) => {
                for filled in &mut array[..i] {
                    // SAFETY: it has been written, and nobody uses it after this.
                    unsafe { filled.assume_init_drop() };
                }
                return Err(error);
            }
        };
    }
    // SAFETY: all N elements have been written, and an array of `MaybeUninit<T>`, which drops nothing, is laid out as an
    // array of `T`.
    Ok(unsafe { core::mem::transmute_copy(&array) })
}
