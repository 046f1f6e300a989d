//! The slot of text.

#![allow(unsafe_code)]

use core::fmt;
use std::time::Duration;

use super::Slot;
use super::locked::Locked;
use super::transaction::{NOW, done, failed, whole};
use crate::access::{Access, Write};
use crate::format::shape::Shape;
use crate::format::{CapacityExceeded, Corrupt};
use crate::lock::{TimedOut, UpdateError};
use crate::plain::Plain;
use crate::plain::text::{append, encode, length};
use crate::slot::mode::Capacity;

/// The slot of a `String` field with `#[shared(capacity = N)]`: text of up to `N` bytes of UTF-8.
///
/// It changes from one whole text to the next; blocking is as for [`Locked`]. A text that does not fit is
/// refused with [`CapacityExceeded`], and the old one stays.
///
/// # Panics
///
/// The plain verbs panic if another program has left bytes that are no text, where `try_get`,
/// `try_modify` and their kin return [`Corrupt`]; those that change the text also as [`Locked`] does.
///
/// ```
/// use shmstate::slot::Text;
///
/// fn rename(label: &Text<64>) -> Result<(), shmstate::CapacityExceeded> {
///     label.set("reading")?;
///     label.push_str(" on")?;
///     assert_eq!(label.get(), "reading on");
///     assert!(label.set("x".repeat(65)).is_err()); // the old text stays
///     Ok(())
/// }
/// ```
#[repr(transparent)]
pub struct Text<const N: usize, A: Access = Write>(pub(crate) Locked<String, A, Capacity<N>>);

// SAFETY: it is a `Locked` and nothing else.
unsafe impl<const N: usize, A: Access> Slot for Text<N, A> {
    type Value = String;
    type Access = A;
    const SHAPE: &'static Shape = <Locked<String, A, Capacity<N>> as Slot>::SHAPE;

    fn try_snapshot(&self) -> Result<String, Corrupt> {
        self.0.try_get()
    }

    fn try_snapshot_into(&self, out: &mut String) -> Result<(), Corrupt> {
        self.0.try_snapshot_into(out)
    }
}

impl<const N: usize, A: Access> Text<N, A> {
    /// The most bytes that it holds.
    pub const CAPACITY: usize = N;

    /// Reads the text.
    ///
    /// # Panics
    ///
    /// If the slot holds bytes that are no text.
    pub fn get(&self) -> String {
        self.0.get()
    }

    /// Reads the text, if it is one.
    ///
    /// # Errors
    ///
    /// [`Corrupt`] if the slot holds bytes that are no text.
    pub fn try_get(&self) -> Result<String, Corrupt> {
        self.0.try_get()
    }

    /// Reads the text into `out`, reusing its memory.
    ///
    /// # Panics
    ///
    /// As [`get`](Self::get); `out` is then as it was.
    pub fn read_into(&self, out: &mut String) {
        self.0.read_into(out);
    }

    /// The same as [`get`](Self::get), as every slot has it.
    ///
    /// # Panics
    ///
    /// As [`get`](Self::get).
    pub fn snapshot(&self) -> String {
        self.0.get()
    }

    /// The same as [`try_get`](Self::try_get), as every slot has it.
    ///
    /// # Errors
    ///
    /// As [`try_get`](Self::try_get).
    pub fn try_snapshot(&self) -> Result<String, Corrupt> {
        self.0.try_get()
    }

    /// The length in bytes.
    ///
    /// # Panics
    ///
    /// If the slot holds a length beyond the capacity.
    pub fn len(&self) -> usize {
        whole(self.0.read(|image| length(image.len, N)))
    }

    /// Whether there are no bytes.
    ///
    /// # Panics
    ///
    /// As [`len`](Self::len).
    pub fn is_empty(&self) -> bool {
        self.len() == 0
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

impl<const N: usize> Text<N> {
    /// Writes the text.
    ///
    /// # Errors
    ///
    /// [`CapacityExceeded`], and the old text stays.
    pub fn set(&self, text: impl AsRef<str>) -> Result<(), CapacityExceeded> {
        fitting(
            self.0
                .store(None, |image| Ok(encode(image, text.as_ref())?)),
        )
    }

    /// Writes the text and returns the one before it.
    ///
    /// # Errors
    ///
    /// [`CapacityExceeded`], and the old text stays.
    ///
    /// # Panics
    ///
    /// If the slot held bytes that are no text; the new one is written all the same.
    pub fn replace(&self, text: impl AsRef<str>) -> Result<String, CapacityExceeded> {
        let encode = |image: &mut _| Ok(encode(image, text.as_ref())?);
        let old = self
            .0
            .exchange(None, encode, <String as Plain<Capacity<N>>>::decode);
        fitting(old).map(whole)
    }

    /// Appends a character.
    ///
    /// # Errors
    ///
    /// [`CapacityExceeded`], and the old text stays.
    pub fn push(&self, c: char) -> Result<(), CapacityExceeded> {
        self.push_str(c.encode_utf8(&mut [0; 4]))
    }

    /// Appends text.
    ///
    /// # Errors
    ///
    /// [`CapacityExceeded`], and the old text stays.
    pub fn push_str(&self, text: &str) -> Result<(), CapacityExceeded> {
        fitting(self.0.change(None, |image| {
            length(image.len, N)?;
            Ok(append(image, text)?)
        }))
    }

    /// Makes it empty.
    pub fn clear(&self) {
        done(self.0.store(None, |_| Ok(())));
    }

    /// Changes the text: see [`Locked::modify`].
    ///
    /// # Errors
    ///
    /// [`CapacityExceeded`] if the result does not fit; the old text stays.
    ///
    /// # Panics
    ///
    /// When `f` does; the old text stays.
    #[doc(alias = "update")]
    pub fn modify<R>(&self, f: impl FnOnce(&mut String) -> R) -> Result<R, CapacityExceeded> {
        fitting(self.0.modify_within(None, f))
    }

    /// As [`set`](Self::set), if nobody holds the lock now.
    ///
    /// # Errors
    ///
    /// [`UpdateError`], and the old text stays.
    pub fn try_set(&self, text: impl AsRef<str>) -> Result<(), UpdateError> {
        self.0.store(NOW, |image| Ok(encode(image, text.as_ref())?))
    }

    /// As [`modify`](Self::modify), if nobody holds the lock now.
    ///
    /// # Errors
    ///
    /// [`UpdateError`], and the old text stays.
    pub fn try_modify<R>(&self, f: impl FnOnce(&mut String) -> R) -> Result<R, UpdateError> {
        self.0.try_modify(f)
    }

    /// As [`modify`](Self::modify), waiting up to `limit` for the lock.
    ///
    /// # Errors
    ///
    /// [`UpdateError`], and the old text stays.
    pub fn try_modify_for<R>(
        &self,
        limit: Duration,
        f: impl FnOnce(&mut String) -> R,
    ) -> Result<R, UpdateError> {
        self.0.try_modify_for(limit, f)
    }

    /// Waits until the text satisfies `pred`, and returns it: see [`Locked::wait_until`].
    pub fn wait_until(&self, mut pred: impl FnMut(&str) -> bool) -> String {
        self.0.wait_until(|text| pred(text))
    }

    /// As [`wait_until`](Self::wait_until), up to `limit`.
    ///
    /// # Errors
    ///
    /// [`TimedOut`].
    pub fn wait_until_for(
        &self,
        limit: Duration,
        mut pred: impl FnMut(&str) -> bool,
    ) -> Result<String, TimedOut> {
        self.0.wait_until_for(limit, |text| pred(text))
    }
}

/// What a verb of [`Text`] or `List` does with an error: what is too long is the caller's to handle.
#[inline]
pub(crate) fn fitting<R>(result: Result<R, UpdateError>) -> Result<R, CapacityExceeded> {
    match result {
        Ok(result) => Ok(result),
        Err(UpdateError::CapacityExceeded(exceeded)) => Err(exceeded),
        Err(error) => failed(&error),
    }
}

impl<const N: usize, A: Access> fmt::Debug for Text<N, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
