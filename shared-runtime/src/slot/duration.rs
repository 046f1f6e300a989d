//! Durations: seconds in 64 bits, then nanoseconds in 32.

#![allow(unsafe_code)]

use std::time::Duration;

use super::field::Zeroed;
use super::locked::whole;
use super::mode::Inline;
use super::plain::Plain;
use crate::format::kind::Wide;
use crate::format::shape::Shape;
use crate::format::{CapacityExceeded, Corrupt, value};
use crate::lock::Packed;

// SAFETY: (1) the image is bytes; (2) `AS_IS` is false.
unsafe impl Plain<Inline> for Duration {
    type Image = [u8; 12];
    type Cell = Packed<[u8; 12]>;
    const SHAPE: &'static Shape = &Shape::wide(Wide::Duration);

    #[inline]
    fn encode(&self, image: &mut [u8; 12]) -> Result<(), CapacityExceeded> {
        let (seconds, nanoseconds) = image.split_at_mut(8);
        seconds.copy_from_slice(&self.as_secs().to_le_bytes());
        nanoseconds.copy_from_slice(&self.subsec_nanos().to_le_bytes());
        Ok(())
    }

    #[inline]
    fn decode(image: &[u8; 12]) -> Result<Self, Corrupt> {
        let (mut seconds, mut nanoseconds) = ([0; 8], [0; 4]);
        seconds.copy_from_slice(&image[..8]);
        nanoseconds.copy_from_slice(&image[8..]);
        value::duration(u64::from_le_bytes(seconds), u32::from_le_bytes(nanoseconds))
    }
}

whole!([] Duration);
impl Zeroed for Duration {}
