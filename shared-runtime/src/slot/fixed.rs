//! Types whose value is a fixed number of bytes: 128-bit integers, durations, and the kinds that are listed in
//! `format/fixed.rs`. What is wider than an atomic is locked as a whole. Zero bytes are a value of each of them.

#![allow(unsafe_code)]

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::{Duration, SystemTime};

use super::atomic::atomic_field;
use super::field::{Single, Zeroed};
use super::locked::whole;
use super::mode::Inline;
use super::plain::Plain;
use super::scalar::{Bits, Scalar, scalar};
use crate::format::fixed::{Fixed, Listed, Timestamp};
use crate::format::kind::Wide;
use crate::format::shape::Shape;
use crate::format::{CapacityExceeded, Corrupt, value};
use crate::lock::Packed;
use crate::sync::{AtomicU32, AtomicU64, RawAtomic};

/// A type that is too wide for an atomic, by its bytes at rest.
macro_rules! wide {
    (
        $ty:ty: $bytes:ty, $shape:expr, as is: $as_is:expr,
        |$value:ident| $to_bytes:expr, |$image:ident| $of_bytes:expr
    ) => {
        // SAFETY: (1) the image is bytes; (2) `AS_IS` is true only of integers on a little-endian machine, which has
        // their bytes in the same order.
        unsafe impl Plain<Inline> for $ty {
            type Image = $bytes;
            type Cell = Packed<Self::Image>;
            const AS_IS: bool = $as_is;
            const SHAPE: &'static Shape = &$shape;

            #[inline]
            fn encode(&self, image: &mut Self::Image) -> Result<(), CapacityExceeded> {
                let $value = self;
                *image = $to_bytes;
                Ok(())
            }

            #[inline]
            fn decode($image: &Self::Image) -> Result<Self, Corrupt> {
                $of_bytes
            }
        }

        whole!([] $ty);
        impl Zeroed for $ty {}
    };
}

macro_rules! wide_integers {
    ($($int:ident $kind:ident;)*) => {$(wide! {
        $int: [u8; 16], Shape::wide(Wide::$kind), as is: cfg!(target_endian = "little"),
        |value| value.to_le_bytes(), |image| Ok($int::from_le_bytes(*image))
    })*};
}

/// Listed types that are too wide for an atomic.
macro_rules! fixed_locked {
    ($($ty:ty;)*) => {$(wide! {
        $ty: <$ty as Fixed>::Bytes, Shape::fixed(<$ty>::KIND), as is: false,
        |value| value.to_bytes(),
        |image| <$ty>::of_bytes(image).ok_or_else(|| Corrupt::fixed(<$ty>::CALLED, image))
    })*};
}

/// Listed types that fit an atomic, of which the integer has the bytes at rest.
macro_rules! fixed_atomic {
    ($($ty:ty: $raw:ident;)*) => {$(
        scalar!(
            $ty, $raw, Shape::fixed(<$ty>::KIND),
            |value| $raw::of_bytes(value.to_bytes()), |bits| Self::of_bytes(&$raw::to_bytes(bits))
        );
        atomic_field!($ty);
        impl Single for $ty {}
        impl Zeroed for $ty {}
    )*};
}

wide_integers! {
    u128 U128;
    i128 I128;
}

wide! {
    Duration: [u8; 12], Shape::wide(Wide::Duration), as is: false,
    |value| time_to_bytes(value.as_secs().to_le_bytes(), value.subsec_nanos()),
    |image| {
        let (seconds, nanoseconds) = time_of_bytes(*image);
        value::duration(u64::from_le_bytes(seconds), nanoseconds)
    }
}

fixed_locked! {
    IpAddr;
    Ipv6Addr;
    SocketAddr;
    SystemTime;
}

fixed_atomic! {
    Ipv4Addr: AtomicU32;
    Timestamp: AtomicU64;
}

/// Seconds in 64 bits, then nanoseconds in 32.
#[inline]
pub(super) fn time_to_bytes(seconds: [u8; 8], nanoseconds: u32) -> [u8; 12] {
    let mut bytes = [0; 12];
    bytes[..8].copy_from_slice(&seconds);
    bytes[8..].copy_from_slice(&nanoseconds.to_le_bytes());
    bytes
}

#[inline]
pub(super) fn time_of_bytes(bytes: [u8; 12]) -> ([u8; 8], u32) {
    let [seconds @ .., a, b, c, d] = bytes;
    (seconds, u32::from_le_bytes([a, b, c, d]))
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
pub(super) use text_as_displayed;
