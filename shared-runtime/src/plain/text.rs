//! Text: its length in bytes, in 32 bits, then room for as many bytes as the capacity says.

#![allow(unsafe_code)]

use super::{Plain, TextImage};
use crate::access::Access;
use crate::format::shape::Shape;
use crate::format::{CapacityExceeded, Corrupt, value};
use crate::lock::Line;
use crate::slot::Text;
use crate::slot::field::{Field, Zeroed, padded};
use crate::slot::mode::Capacity;

// SAFETY: (1) the image is bytes; (2) `AS_IS` is false.
unsafe impl<const N: usize> Plain<Capacity<N>> for String {
    type Image = TextImage<N>;
    type Cell = Line<TextImage<N>>;
    const SHAPE: &'static Shape = &Shape::text(N);

    #[inline]
    fn encode(&self, image: &mut TextImage<N>) -> Result<(), CapacityExceeded> {
        encode(image, self)
    }

    #[inline]
    fn decode(image: &TextImage<N>) -> Result<Self, Corrupt> {
        text(image).map(str::to_owned)
    }

    #[inline]
    fn decode_into(image: &TextImage<N>, out: &mut Self) -> Result<(), Corrupt> {
        let text = text(image)?;
        out.clear();
        out.push_str(text);
        Ok(())
    }
}

impl<const N: usize> Field<Capacity<N>> for String {
    type Slot<A: Access> = Text<N, A>;

    fn put(self, slot: &Text<N>) {
        if let Err(exceeded) = slot.set(self) {
            panic!("{exceeded}"); // the caller has called `fits`
        }
    }

    fn fits(&self) -> Result<(), CapacityExceeded> {
        CapacityExceeded::check_text(N, self.len())
    }
}
padded!([const N: usize] Capacity<N>, String);
impl Zeroed for String {}

/// The length of a text or list that has room for `capacity`.
#[inline]
pub(crate) fn length(len: [u8; 4], capacity: usize) -> Result<usize, Corrupt> {
    value::length(u32::from_le_bytes(len), capacity)
}

/// A length that is no more than a capacity, which has 32 bits at most.
#[allow(clippy::cast_possible_truncation)] // `Shape::text` and `Shape::list` check the capacity
pub(super) fn to_length(len: usize) -> [u8; 4] {
    (len as u32).to_le_bytes()
}

pub(crate) fn text<const N: usize>(image: &TextImage<N>) -> Result<&str, Corrupt> {
    let bytes = &image.bytes[..length(image.len, N)?];
    value::text(bytes)
}

#[inline]
pub(crate) fn encode<const N: usize>(
    image: &mut TextImage<N>,
    text: &str,
) -> Result<(), CapacityExceeded> {
    image.len = [0; 4];
    append(image, text)
}

/// Puts `text` behind what is there.
#[inline]
pub(crate) fn append<const N: usize>(
    image: &mut TextImage<N>,
    text: &str,
) -> Result<(), CapacityExceeded> {
    let len = u32::from_le_bytes(image.len) as usize;
    let needed = len.saturating_add(text.len());
    CapacityExceeded::check_text(N, needed)?;
    image.bytes[len..needed].copy_from_slice(text.as_bytes());
    image.len = to_length(needed);
    Ok(())
}
