//! Foreign types of plain bytes.

#![allow(unsafe_code)]

use bytemuck::Pod;

use super::{Plain, PodImage};
use crate::format::shape::Shape;
use crate::format::{CapacityExceeded, Corrupt};
use crate::lock::Line;
use crate::slot::mode;

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
