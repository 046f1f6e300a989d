//! A value in memory that a fork shares, behind any lock.

#![allow(unsafe_code)]

use std::cell::UnsafeCell;

use crate::harness::memory::{Line, shared_zeros};
use crate::work::counter::Counter;
use crate::work::record::{Record, Words};

/// A lock in shared memory, of which zeros are not yet a valid state.
pub(crate) trait Lock: Sized + 'static {
    /// Makes it ready. Nobody uses it yet.
    fn init(&self);
    fn with<R>(&self, f: impl FnOnce() -> R) -> R;
}

/// Lock and value, each on cache lines of its own.
#[repr(C)]
struct Place<L, const N: usize> {
    lock: Line<L>,
    value: Line<UnsafeCell<Words<N>>>,
}

/// A value under a lock.
pub(crate) struct Guarded<L: 'static, const N: usize>(&'static Place<L, N>);

impl<L, const N: usize> Clone for Guarded<L, N> {
    fn clone(&self) -> Self {
        Guarded(self.0)
    }
}

impl<L: Lock, const N: usize> Guarded<L, N> {
    /// # Safety
    ///
    /// Zeros are a valid `L` to be initialised, which may then be used by several processes at a time.
    pub(super) unsafe fn new() -> Self {
        // SAFETY: zeros are a valid value; it is used under the lock; the rest is the caller's word.
        let place: &Place<L, N> = unsafe { shared_zeros() };
        place.lock.0.init();
        Guarded(place)
    }

    fn with<R>(&self, f: impl FnOnce(&mut Words<N>) -> R) -> R {
        self.0.lock.0.with(|| {
            // SAFETY: the lock is held, and the value is used under this lock only.
            f(unsafe { &mut *self.0.value.0.get() })
        })
    }
}

impl<L: Lock, const N: usize> Record<N> for Guarded<L, N> {
    fn read(&mut self, out: &mut Words<N>) {
        self.with(|value| out.words = value.words);
    }

    fn write(&mut self, value: &Words<N>) {
        self.with(|place| place.words = value.words);
    }

    fn change(&mut self, f: impl FnMut(&mut Words<N>)) {
        self.with(f);
    }
}

/// A number that is a record of one word.
pub(crate) struct OneWord<R>(pub(crate) R);

impl<R: Record<1>> Counter for OneWord<R> {
    fn get(&mut self) -> u64 {
        let mut out = Words::ZERO;
        self.0.read(&mut out);
        out.words[0]
    }

    fn set(&mut self, value: u64) {
        self.0.write(&Words { words: [value] });
    }

    fn add(&mut self) {
        self.0.change(Words::increment);
    }
}
