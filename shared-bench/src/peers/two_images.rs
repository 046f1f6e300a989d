//! A value that survives the process that changes it, by hand: a change is written beside the value that it replaces, under a
//! lock, and a number says which of the two counts.
//!
//! Under a robust mutex that is a peer: what a careful programmer builds. Under a lock of one word, which does not even
//! know who holds it, it is a lower bound: what anything that survives has to do, and more. That lock is released by a
//! compare-exchange, because an owner that can lose it, as the dead do, must not free the lock of the next owner.

#![allow(unsafe_code)]

use std::sync::atomic::{
    AtomicU32, AtomicU64,
    Ordering::{Acquire, Relaxed, Release},
    fence,
};

use super::lock::Lock;
use crate::harness::memory::{Line, shared_zeros};
use crate::work::record::{Record, Words};

/// Everything in shared memory.
#[repr(C)]
struct Place<L, const N: usize> {
    lock: L,
    version: AtomicU64,
    images: [Line<[AtomicU64; N]>; 2],
}

pub(super) struct TwoImages<L: 'static, const N: usize>(&'static Line<Place<L, N>>);

impl<L, const N: usize> Clone for TwoImages<L, N> {
    fn clone(&self) -> Self {
        TwoImages(self.0)
    }
}

impl<L: Lock, const N: usize> TwoImages<L, N> {
    /// # Safety
    ///
    /// Zeros are a valid `L` to be initialised, which may then be used by several processes at a time.
    pub(super) unsafe fn new() -> Self {
        // SAFETY: the rest is atomics; of the lock, that is the caller's word.
        let place: &Line<Place<L, N>> = unsafe { shared_zeros() };
        place.0.lock.init();
        TwoImages(place)
    }

    fn image(&self, version: u64) -> &'static [AtomicU64; N] {
        let which = usize::from(version % 2 == 1);
        &self.0.0.images[which].0
    }

    fn load(&self, version: u64, out: &mut Words<N>) {
        for (out, word) in out.words.iter_mut().zip(self.image(version)) {
            *out = word.load(Relaxed);
        }
    }

    fn locked(&self, f: impl FnOnce(u64, &[AtomicU64; N])) {
        let Place { lock, version, .. } = &self.0.0;
        lock.with(|| {
            let now = version.load(Relaxed);
            // The readers of the older image see by the version that it is being written.
            fence(Release);
            f(now, self.image(now.wrapping_add(1)));
            version.store(now.wrapping_add(1), Release);
        });
    }
}

impl<L: Lock, const N: usize> Record<N> for TwoImages<L, N> {
    fn read(&mut self, out: &mut Words<N>) {
        let version = &self.0.0.version;
        loop {
            let before = version.load(Acquire);
            self.load(before, out);
            fence(Acquire);
            // The next change writes the other image; the one after it, this.
            if version.load(Relaxed) == before {
                return;
            }
        }
    }

    fn write(&mut self, value: &Words<N>) {
        self.locked(|_, image| store(image, value));
    }

    fn change(&mut self, mut f: impl FnMut(&mut Words<N>)) {
        self.locked(|now, image| {
            let mut value = Words::ZERO;
            self.load(now, &mut value);
            f(&mut value);
            store(image, &value);
        });
    }
}

fn store<const N: usize>(image: &[AtomicU64; N], value: &Words<N>) {
    for (word, value) in image.iter().zip(value.words) {
        word.store(value, Relaxed);
    }
}

/// 0 free, 1 held. A waiter does not sleep.
#[repr(transparent)]
pub(super) struct Word(AtomicU32);

impl Lock for Word {
    fn init(&self) {}

    #[inline]
    fn with<R>(&self, f: impl FnOnce() -> R) -> R {
        while self.0.compare_exchange(0, 1, Acquire, Relaxed).is_err() {
            std::thread::yield_now();
        }
        let result = f();
        let mine = self.0.compare_exchange(1, 0, Release, Relaxed);
        assert!(mine.is_ok(), "nobody takes it over");
        result
    }
}
