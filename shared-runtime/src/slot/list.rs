//! The slot of a list.

#![allow(unsafe_code)]

use core::fmt;
use std::time::Duration;

use super::Slot;
use super::locked::Locked;
use super::text::fitting;
use super::transaction::{NOW, done, whole};
use crate::access::{Access, Write};
use crate::format::shape::Shape;
use crate::format::{CapacityExceeded, Corrupt};
use crate::lock::{TimedOut, UpdateError};
use crate::plain::Plain;
use crate::plain::list::{append, element, encode, pop};
use crate::plain::text::length;
use crate::slot::mode::Capacity;

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
/// The plain verbs panic if another program has left bytes that are no list of `T`, where `try_get`,
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
pub struct List<T: Plain, const N: usize, A: Access = Write>(
    pub(crate) Locked<Vec<T>, A, Capacity<N>>,
);

// SAFETY: it is a `Locked` and nothing else.
unsafe impl<T: Plain, const N: usize, A: Access> Slot for List<T, N, A> {
    type Value = Vec<T>;
    type Access = A;
    const SHAPE: &'static Shape = <Locked<Vec<T>, A, Capacity<N>> as Slot>::SHAPE;

    fn try_snapshot(&self) -> Result<Vec<T>, Corrupt> {
        self.0.try_get()
    }

    fn try_snapshot_into(&self, out: &mut Vec<T>) -> Result<(), Corrupt> {
        self.0.try_snapshot_into(out)
    }
}

impl<T: Plain, const N: usize, A: Access> List<T, N, A> {
    /// The most elements that it holds.
    pub const CAPACITY: usize = N;

    /// Reads the list.
    ///
    /// # Panics
    ///
    /// If the slot holds bytes that are no list of `T`.
    pub fn get(&self) -> Vec<T> {
        self.0.get()
    }

    /// Reads the list, if it is one.
    ///
    /// # Errors
    ///
    /// [`Corrupt`] if the slot holds bytes that are no list of `T`.
    pub fn try_get(&self) -> Result<Vec<T>, Corrupt> {
        self.0.try_get()
    }

    /// Reads the list into `out`, reusing its memory and that of its elements.
    ///
    /// # Panics
    ///
    /// As [`get`](Self::get); `out` is then some mixture of old and new.
    pub fn read_into(&self, out: &mut Vec<T>) {
        self.0.read_into(out);
    }

    /// The same as [`get`](Self::get), as every slot has it.
    ///
    /// # Panics
    ///
    /// As [`get`](Self::get).
    pub fn snapshot(&self) -> Vec<T> {
        self.0.get()
    }

    /// The same as [`try_get`](Self::try_get), as every slot has it.
    ///
    /// # Errors
    ///
    /// As [`try_get`](Self::try_get).
    pub fn try_snapshot(&self) -> Result<Vec<T>, Corrupt> {
        self.0.try_get()
    }

    /// The number of elements.
    ///
    /// # Panics
    ///
    /// If the slot holds a length beyond the capacity.
    pub fn len(&self) -> usize {
        whole(self.0.read(|image| length(image.len, N)))
    }

    /// Whether there are no elements.
    ///
    /// # Panics
    ///
    /// As [`len`](Self::len).
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The element at `index`, if the list is so long.
    ///
    /// # Panics
    ///
    /// If the slot holds a length beyond the capacity, or there bytes that are no value of `T`.
    pub fn at(&self, index: usize) -> Option<T> {
        whole(self.0.read(|image| element::<T, N>(image, index)))
    }

    /// How many changes have been committed: see [`Locked::version`].
    pub fn version(&self) -> u64 {
        self.0.version()
    }

    /// How many times the lock was taken over from a dead holder: see [`Locked::recoveries`].
    pub fn recoveries(&self) -> u64 {
        self.0.recoveries()
    }
}

impl<T: Plain, const N: usize> List<T, N> {
    /// Writes the list.
    ///
    /// # Errors
    ///
    /// [`CapacityExceeded`], and the old list stays.
    pub fn set(&self, values: impl AsRef<[T]>) -> Result<(), CapacityExceeded> {
        fitting(
            self.0
                .store(None, |image| Ok(encode(image, values.as_ref())?)),
        )
    }

    /// Writes the list and returns the one before it.
    ///
    /// # Errors
    ///
    /// [`CapacityExceeded`], and the old list stays.
    ///
    /// # Panics
    ///
    /// If the slot held bytes that are no list of `T`; the new one is written all the same.
    pub fn replace(&self, values: impl AsRef<[T]>) -> Result<Vec<T>, CapacityExceeded> {
        let encode = |image: &mut _| Ok(encode(image, values.as_ref())?);
        let old = self
            .0
            .exchange(None, encode, <Vec<T> as Plain<Capacity<N>>>::decode);
        fitting(old).map(whole)
    }

    /// Appends an element.
    ///
    /// # Errors
    ///
    /// [`CapacityExceeded`], and the old list stays.
    pub fn push(&self, value: T) -> Result<(), CapacityExceeded> {
        self.append(&[value])
    }

    /// Takes the last element away and returns it, if there is one.
    ///
    /// # Panics
    ///
    /// If the slot holds a length beyond the capacity, or there bytes that are no value of `T`.
    pub fn pop(&self) -> Option<T> {
        done(self.0.change(None, |image| Ok(pop::<T, N>(image)?)))
    }

    /// Appends all elements, or none. They are collected before the lock is taken.
    ///
    /// # Errors
    ///
    /// [`CapacityExceeded`], and the old list stays.
    pub fn extend(&self, values: impl IntoIterator<Item = T>) -> Result<(), CapacityExceeded> {
        self.append(&values.into_iter().collect::<Vec<T>>())
    }

    fn append(&self, values: &[T]) -> Result<(), CapacityExceeded> {
        fitting(self.0.change(None, |image| {
            length(image.len, N)?;
            Ok(append(image, values)?)
        }))
    }

    /// Makes it empty.
    pub fn clear(&self) {
        done(self.0.store(None, |_| Ok(())));
    }

    /// Changes the list: see [`Locked::modify`].
    ///
    /// # Errors
    ///
    /// [`CapacityExceeded`] if the result does not fit; the old list stays.
    ///
    /// # Panics
    ///
    /// When `f` does; the old list stays.
    #[doc(alias = "update")]
    pub fn modify<R>(&self, f: impl FnOnce(&mut Vec<T>) -> R) -> Result<R, CapacityExceeded> {
        fitting(self.0.modify_within(None, f))
    }

    /// As [`set`](Self::set), if nobody holds the lock now.
    ///
    /// # Errors
    ///
    /// [`UpdateError`], and the old list stays.
    pub fn try_set(&self, values: impl AsRef<[T]>) -> Result<(), UpdateError> {
        self.0
            .store(NOW, |image| Ok(encode(image, values.as_ref())?))
    }

    /// As [`modify`](Self::modify), if nobody holds the lock now.
    ///
    /// # Errors
    ///
    /// [`UpdateError`], and the old list stays.
    pub fn try_modify<R>(&self, f: impl FnOnce(&mut Vec<T>) -> R) -> Result<R, UpdateError> {
        self.0.try_modify(f)
    }

    /// As [`modify`](Self::modify), waiting up to `limit` for the lock.
    ///
    /// # Errors
    ///
    /// [`UpdateError`], and the old list stays.
    pub fn try_modify_for<R>(
        &self,
        limit: Duration,
        f: impl FnOnce(&mut Vec<T>) -> R,
    ) -> Result<R, UpdateError> {
        self.0.try_modify_for(limit, f)
    }

    /// Waits until the list satisfies `pred`, and returns it: see [`Locked::wait_until`].
    pub fn wait_until(&self, mut pred: impl FnMut(&[T]) -> bool) -> Vec<T> {
        self.0.wait_until(|values| pred(values))
    }

    /// As [`wait_until`](Self::wait_until), up to `limit`.
    ///
    /// # Errors
    ///
    /// [`TimedOut`].
    pub fn wait_until_for(
        &self,
        limit: Duration,
        mut pred: impl FnMut(&[T]) -> bool,
    ) -> Result<Vec<T>, TimedOut> {
        self.0.wait_until_for(limit, |values| pred(values))
    }
}

impl<T: Plain, const N: usize, A: Access> fmt::Debug for List<T, N, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
