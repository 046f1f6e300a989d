//! Types whose value is a fixed number of bytes: 128-bit integers and durations here, and, by the macros, the kinds that
//! are listed in `format/fixed.rs`. What is wider than an atomic is locked as a whole.

#![allow(unsafe_code)]

use std::time::Duration;

use super::field::Zeroed;
use super::locked::whole;
use super::mode::Inline;
use super::plain::Plain;
use crate::format::kind::Wide;
use crate::format::shape::Shape;
use crate::format::{CapacityExceeded, Corrupt, value};
use crate::lock::Packed as CellOf;

/// A type that is too wide for an atomic, by its bytes at rest. Zero bytes are a value.
macro_rules! wide {
    ($ty:ty, $bytes:ty, $shape:expr, $as_is:expr, $to_bytes:expr, $of_bytes:expr) => {
        // SAFETY: (1) the image is bytes; (2) `AS_IS` is true only of integers on a little-endian machine, which has
        // their bytes in the same order.
        unsafe impl Plain<Inline> for $ty {
            type Image = $bytes;
            type Cell = CellOf<Self::Image>;
            const AS_IS: bool = $as_is;
            const SHAPE: &'static Shape = &$shape;

            #[inline]
            fn encode(&self, image: &mut Self::Image) -> Result<(), CapacityExceeded> {
                *image = $to_bytes(self);
                Ok(())
            }

            #[inline]
            fn decode(image: &Self::Image) -> Result<Self, Corrupt> {
                $of_bytes(image)
            }
        }

        whole!([] $ty);
        impl Zeroed for $ty {}
    };
}

/// A listed type that is too wide for an atomic.
macro_rules! fixed_locked {
    ($($ty:ty),*) => {$(
        wide! {
            $ty, <$ty as Fixed>::Bytes, Shape::fixed(<$ty>::KIND), false,
            <$ty as Fixed>::to_bytes,
            |image| <$ty>::of_bytes(image).ok_or_else(|| Corrupt::fixed(<$ty>::CALLED, image))
        }
    )*};
}

/// A listed type that fits an atomic, of which the integer has the bytes at rest. Zero bytes are a value.
macro_rules! fixed_atomic {
    ($ty:ty, $raw:ident) => {
        scalar!(
            $ty,
            $raw,
            Shape::fixed(<$ty>::KIND),
            |value| $raw::of_bytes(value.to_bytes()),
            |bits| Self::of_bytes(&$raw::to_bytes(bits))
        );
        atomic_field!($ty);
        impl Single for $ty {}
        impl Zeroed for $ty {}
    };
}

/// The text of a listed type, where it is that of `Display` and `FromStr`.
macro_rules! text_as_displayed {
    () => {
        fn text(&self) -> String {
            self.to_string()
        }

        fn of_text(text: &str) -> Option<Self> {
            text.parse().ok()
        }
    };
}

pub(super) use {fixed_atomic, fixed_locked, text_as_displayed, wide};

const LITTLE: bool = cfg!(target_endian = "little");

wide!(
    u128,
    [u8; 16],
    Shape::wide(Wide::U128),
    LITTLE,
    |v: &u128| v.to_le_bytes(),
    |image: &_| Ok(u128::from_le_bytes(*image))
);
wide!(
    i128,
    [u8; 16],
    Shape::wide(Wide::I128),
    LITTLE,
    |v: &i128| v.to_le_bytes(),
    |image: &_| Ok(i128::from_le_bytes(*image))
);
wide!(
    Duration,
    [u8; 12],
    Shape::wide(Wide::Duration),
    false,
    duration_to_bytes,
    duration_of_bytes
);

/// Seconds in 64 bits, then nanoseconds in 32.
#[inline]
fn duration_to_bytes(duration: &Duration) -> [u8; 12] {
    let mut bytes = [0; 12];
    bytes[..8].copy_from_slice(&duration.as_secs().to_le_bytes());
    bytes[8..].copy_from_slice(&duration.subsec_nanos().to_le_bytes());
    bytes
}

#[inline]
fn duration_of_bytes(bytes: &[u8; 12]) -> Result<Duration, Corrupt> {
    let (mut seconds, mut nanoseconds) = ([0; 8], [0; 4]);
    seconds.copy_from_slice(&bytes[..8]);
    nanoseconds.copy_from_slice(&bytes[8..]);
    value::duration(u64::from_le_bytes(seconds), u32::from_le_bytes(nanoseconds))
}
