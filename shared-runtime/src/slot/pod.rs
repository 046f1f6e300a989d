//! Foreign types of plain bytes.

#![allow(unsafe_code)]

use bytemuck::{Pod, Zeroable};

use super::locked::locked;
use super::mode;
use super::plain::Plain;
use crate::format::shape::Shape;
use crate::format::{CapacityExceeded, Corrupt};
use crate::lock::Line;

/// A foreign type, without its alignment.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
#[repr(C, packed)]
pub struct PodImage<T>(T);

// SAFETY: `T` may be zero.
unsafe impl<T: Pod> Zeroable for PodImage<T> {}
// SAFETY: `T` is plain bytes, and a packed struct of one field has no padding.
unsafe impl<T: Pod> Pod for PodImage<T> {}

locked!([T: Pod] mode::Pod, mode::Pod, T);

// SAFETY: (1) the image is packed; (2) by `Pod`.
unsafe impl<T: Pod> Plain<mode::Pod> for T {
    type Image = PodImage<T>;
    type Cell = Line<PodImage<T>>;
    const AS_IS: bool = true;
    const SHAPE: &'static Shape = &Shape::opaque(size_of::<T>());

    #[inline]
    fn encode(&self, image: &mut PodImage<T>) -> Result<(), CapacityExceeded> {
        *image = PodImage(*self);
        Ok(())
    }

    #[inline]
    fn decode(image: &PodImage<T>) -> Result<T, Corrupt> {
        Ok(image.0)
    }
}
