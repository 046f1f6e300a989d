//! Integers of 128 bits: too wide for an atomic.

#![allow(unsafe_code)]

use super::field::Zeroed;
use super::locked::whole;
use super::mode::Inline;
use super::plain::Plain;
use crate::format::kind::Wide;
use crate::format::shape::Shape;
use crate::format::{CapacityExceeded, Corrupt};
use crate::lock::Packed;

macro_rules! wide {
    ($($int:ident $kind:ident;)*) => {$(
        // SAFETY: (1) the image is bytes; (2) as for other integers.
        unsafe impl Plain<Inline> for $int {
            type Image = [u8; 16];
            type Cell = Packed<[u8; 16]>;
            const AS_IS: bool = cfg!(target_endian = "little");
            const SHAPE: &'static Shape = &Shape::wide(Wide::$kind);

            #[inline]
            fn encode(&self, image: &mut [u8; 16]) -> Result<(), CapacityExceeded> {
                *image = self.to_le_bytes();
                Ok(())
            }

            #[inline]
            fn decode(image: &[u8; 16]) -> Result<Self, Corrupt> {
                Ok($int::from_le_bytes(*image))
            }
        }

        whole!([] $int);
        impl Zeroed for $int {}
    )*};
}

wide! {
    u128 U128;
    i128 I128;
}
