//! Lists: their length, in 32 bits, then room for as many images of elements as the capacity says.

#![allow(unsafe_code)]

use super::array::decode_all;
use super::text::{length, to_length};
use super::{ListImage, Plain};
use crate::access::Access;
use crate::format::shape::Shape;
use crate::format::{CapacityExceeded, Corrupt};
use crate::lock::Line;
use crate::slot::List;
use crate::slot::field::{Field, Zeroed, padded};
use crate::slot::mode::{Capacity, Inline};

/// The image of a list.
pub(crate) type Image<T, const N: usize> = ListImage<<T as Plain>::Image, N>;

// SAFETY: (1) the image is made of images; (2) `AS_IS` is false.
unsafe impl<T: Plain, const N: usize> Plain<Capacity<N>> for Vec<T> {
    type Image = Image<T, N>;
    type Cell = Line<Image<T, N>>;
    const SHAPE: &'static Shape = &Shape::list(N, size_of::<T::Image>(), T::SHAPE);

    #[inline]
    fn encode(&self, image: &mut Image<T, N>) -> Result<(), CapacityExceeded> {
        encode::<T, N>(image, self)
    }

    #[inline]
    fn decode(image: &Image<T, N>) -> Result<Self, Corrupt> {
        let mut out = Vec::new();
        <Self as Plain<Capacity<N>>>::decode_into(image, &mut out)?;
        Ok(out)
    }

    /// Elements that `out` has already are decoded in place.
    #[inline]
    fn decode_into(image: &Image<T, N>, out: &mut Self) -> Result<(), Corrupt> {
        let items = &image.items[..length(image.len, N)?];
        out.truncate(items.len());
        let (old, new) = items.split_at(out.len());
        decode_all::<T, Inline>(old, out)?;
        out.reserve_exact(new.len());
        for (i, item) in (out.len()..).zip(new) {
            out.push(T::decode(item).map_err(|corrupt| corrupt.at_index(i))?);
        }
        Ok(())
    }
}

impl<T: Plain, const N: usize> Field<Capacity<N>> for Vec<T> {
    type Slot<A: Access> = List<T, N, A>;

    fn put(self, slot: &List<T, N>) {
        if let Err(exceeded) = slot.set(self) {
            panic!("{exceeded}"); // the caller has called `fits`
        }
    }

    fn fits(&self) -> Result<(), CapacityExceeded> {
        CapacityExceeded::check_list(N, self.len())?;
        for (i, value) in self.iter().enumerate() {
            super::fits(value).map_err(|exceeded| exceeded.at_index(i))?;
        }
        Ok(())
    }
}
padded!([T: Plain, const N: usize] Capacity<N>, Vec<T>);
impl<T> Zeroed for Vec<T> {}

#[inline]
pub(crate) fn encode<T: Plain, const N: usize>(
    image: &mut Image<T, N>,
    values: &[T],
) -> Result<(), CapacityExceeded> {
    image.len = [0; 4];
    append::<T, N>(image, values)
}

/// Puts `values` behind what is there.
#[inline]
pub(crate) fn append<T: Plain, const N: usize>(
    image: &mut Image<T, N>,
    values: &[T],
) -> Result<(), CapacityExceeded> {
    let len = u32::from_le_bytes(image.len) as usize;
    let needed = len.saturating_add(values.len());
    CapacityExceeded::check_list(N, needed)?;
    for (i, (value, item)) in (len..).zip(values.iter().zip(&mut image.items[len..needed])) {
        value
            .encode(item)
            .map_err(|exceeded| exceeded.at_index(i))?;
    }
    image.len = to_length(needed);
    Ok(())
}

/// The element at `index`, if the list is so long.
#[inline]
pub(crate) fn element<T: Plain, const N: usize>(
    image: &Image<T, N>,
    index: usize,
) -> Result<Option<T>, Corrupt> {
    if index < length(image.len, N)? {
        T::decode(&image.items[index])
            .map(Some)
            .map_err(|corrupt| corrupt.at_index(index))
    } else {
        Ok(None)
    }
}

/// Takes the last element away.
#[inline]
pub(crate) fn pop<T: Plain, const N: usize>(image: &mut Image<T, N>) -> Result<Option<T>, Corrupt> {
    let Some(last) = length(image.len, N)?.checked_sub(1) else {
        return Ok(None);
    };
    let value = element(image, last)?;
    image.len = to_length(last);
    Ok(value)
}
