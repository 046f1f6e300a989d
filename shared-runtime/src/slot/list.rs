//! Lists: their length, in 32 bits, then room for as many images of elements as the capacity says.

#![allow(unsafe_code)]

use super::base::read_or_panic;
use super::field::{Field, Zeroed};
use super::locked::Locked;
use super::mode::{Capacity, Inline};
use super::plain::{Plain, decode_all, image, length, to_length};
use crate::access::{Access, Write};
use crate::format::shape::Shape;
use crate::format::{CapacityExceeded, Corrupt};
use crate::lock::Line;

/// The slot of a `Vec<T>` field with `#[shared(capacity = N)]`: up to `N` elements.
///
/// It changes from one whole list to the next; blocking is as for [`Locked`]. A list that does not fit is
/// refused with [`CapacityExceeded`], and the old one stays. The same error says that a text or list
/// *within* an element does not fit its own capacity.
///
/// Each change copies the whole capacity once, each read the whole capacity once.
///
/// # Panics
///
/// The plain verbs panic if another program has left bytes that are not a list of `T`, where `try_get`,
/// `try_modify` and their kin return [`Corrupt`]; those that change the list also as [`Locked`] does.
///
/// ```
/// use shmstate::slot::List;
///
/// fn remember(recent: &List<u32, 32>) -> Result<(), shmstate::CapacityExceeded> {
///     recent.set([1, 2, 3])?;
///     recent.push(4)?;
///     assert_eq!(recent.get(), [1, 2, 3, 4]);
///     assert_eq!(recent.at(1), Some(2));
///     assert!(recent.set([0; 33]).is_err()); // the old list stays
///     Ok(())
/// }
/// ```
#[repr(transparent)]
pub struct List<T: Plain<M>, const N: usize, A: Access = Write, M: 'static = Inline>(
    pub(crate) Locked<Vec<T>, A, Capacity<N, M>>,
);

impl<T: Plain<M>, const N: usize, A: Access, M: 'static> List<T, N, A, M> {
    /// The element at `index`, if the list is long enough.
    ///
    /// # Panics
    ///
    /// If the slot holds a length beyond the capacity, or if the bytes of that element are not a value of `T`.
    #[track_caller]
    pub fn at(&self, index: usize) -> Option<T> {
        read_or_panic(self, self.0.read_image(|image| element(image, index)))
    }
}

impl<T: Plain<M>, const N: usize, M: 'static> List<T, N, Write, M> {
    /// Appends an element.
    ///
    /// # Errors
    ///
    /// [`CapacityExceeded`], and the old list stays.
    #[track_caller]
    pub fn push(&self, value: T) -> Result<(), CapacityExceeded> {
        self.append(&[value])
    }

    /// Takes the last element away and returns it, if there is one.
    ///
    /// # Panics
    ///
    /// If the slot holds a length beyond the capacity, or if the bytes of that element are not a value of `T`.
    #[track_caller]
    pub fn pop(&self) -> Option<T> {
        let last = self.0.modify_image(None, |image| {
            let Some(last) = length(image.len, N)?.checked_sub(1) else {
                return Ok(None);
            };
            let value = element(image, last)?;
            image.len = to_length(last);
            Ok(value)
        });
        self.0.changed_or_panic(last)
    }

    /// Appends all elements, or none. They are collected before the lock is taken.
    ///
    /// # Errors
    ///
    /// [`CapacityExceeded`], and the old list stays.
    #[track_caller]
    pub fn extend(&self, values: impl IntoIterator<Item = T>) -> Result<(), CapacityExceeded> {
        self.append(&values.into_iter().collect::<Vec<T>>())
    }

    #[track_caller]
    fn append(&self, values: &[T]) -> Result<(), CapacityExceeded> {
        self.0.or_capacity_error(self.0.modify_image(None, |image| {
            length(image.len, N)?;
            Ok(append(image, values)?)
        }))
    }
}

image! {
    /// A list: its length, and room for `N` elements. Bytes beyond the length mean nothing.
    ListImage [I] [const N] { len: [u8; 4], items: [I; N], }
}

/// The image of a list.
type Image<T, M, const N: usize> = ListImage<<T as Plain<M>>::Image, N>;

// SAFETY: (1) the image is made of images; (2) `AS_IS` is false.
unsafe impl<T: Plain<M>, M: 'static, const N: usize> Plain<Capacity<N, M>> for Vec<T> {
    type Image = Image<T, M, N>;
    type Cell = Line<Image<T, M, N>>;
    const SHAPE: &'static Shape = &Shape::list(N, size_of::<T::Image>(), T::SHAPE);

    #[inline]
    fn encode(&self, image: &mut Image<T, M, N>) -> Result<(), CapacityExceeded> {
        encode(image, self)
    }

    fn fits(&self) -> Result<(), CapacityExceeded> {
        CapacityExceeded::check_list(N, self.len())?;
        if T::SHAPE.has_capacity() {
            for (i, value) in self.iter().enumerate() {
                value.fits().map_err(|exceeded| exceeded.at_index(i))?;
            }
        }
        Ok(())
    }

    #[inline]
    fn decode(image: &Image<T, M, N>) -> Result<Self, Corrupt> {
        let mut out = Vec::new();
        <Self as Plain<Capacity<N, M>>>::decode_into(image, &mut out)?;
        Ok(out)
    }

    /// Elements that `out` has already are decoded in place.
    #[inline]
    fn decode_into(image: &Image<T, M, N>, out: &mut Self) -> Result<(), Corrupt> {
        let items = &image.items[..length(image.len, N)?];
        out.truncate(items.len());
        let (old, new) = items.split_at(out.len());
        decode_all(old, out)?;
        out.reserve_exact(new.len());
        for (i, item) in (out.len()..).zip(new) {
            out.push(T::decode(item).map_err(|corrupt| corrupt.at_index(i))?);
        }
        Ok(())
    }
}

impl<T: Plain<M>, M: 'static, const N: usize> Field<Capacity<N, M>> for Vec<T> {
    type Slot<A: Access> = List<T, N, A, M>;
}
impl<T> Zeroed for Vec<T> {}

#[inline]
pub(super) fn encode<T: Plain<M>, M, const N: usize>(
    image: &mut Image<T, M, N>,
    values: &[T],
) -> Result<(), CapacityExceeded> {
    image.len = [0; 4];
    append(image, values)
}

/// Puts `values` behind what is there.
#[inline]
fn append<T: Plain<M>, M, const N: usize>(
    image: &mut Image<T, M, N>,
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

/// The element at `index`, if the list is long enough.
#[inline]
fn element<T: Plain<M>, M, const N: usize>(
    image: &Image<T, M, N>,
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
