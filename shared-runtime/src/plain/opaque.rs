//! Foreign types of plain bytes.

use bytemuck::Pod;

use super::{Plain, PodImage};
use crate::error::{CapacityExceeded, Corrupt};
use crate::mode;
use crate::shape::Shape;
use crate::slot::raw::Line;

impl<T: Pod> Plain<mode::Pod> for T {
    type Image = PodImage<T>;
    type Cell = Line<PodImage<T>>;
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
