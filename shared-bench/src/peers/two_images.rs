//! The limit of a value that has to survive whoever changes it: a change is written beside the value that it replaces,
//! under a lock, and a number says which of the two counts. The lock is released by a compare-exchange, because whoever
//! can lose it to another, as the dead do, must not free the lock of that other. Nothing but that: nobody takes this one
//! over, and who waits for it does not sleep.

#![allow(unsafe_code)]

use std::sync::atomic::{
    AtomicU32, AtomicU64,
    Ordering::{Acquire, Relaxed, Release},
    fence,
};

use crate::harness::job::Entry;
use crate::harness::memory::{Line, shared_zeros};
use crate::harness::processes;
use crate::work::record::{Record, RecordJob, Words};

pub(crate) const TWO_IMAGES: &str = "compare-exchange lock, two images";

pub(super) fn entry<const N: usize>() -> Entry {
    let value = TwoImages::<N>::new();
    Entry::new(TWO_IMAGES, processes(move |_| RecordJob::new(value)))
}

struct Place<const N: usize> {
    lock: AtomicU32,
    version: AtomicU64,
    images: [Line<[AtomicU64; N]>; 2],
}

#[derive(Clone, Copy)]
struct TwoImages<const N: usize>(&'static Line<Place<N>>);

impl<const N: usize> TwoImages<N> {
    fn new() -> Self {
        // SAFETY: it is made of atomics.
        TwoImages(unsafe { shared_zeros() })
    }

    fn image(self, version: u64) -> &'static [AtomicU64; N] {
        let which = usize::from(version % 2 == 1);
        &self.0.0.images[which].0
    }

    fn load(self, version: u64, out: &mut Words<N>) {
        for (out, word) in out.words.iter_mut().zip(self.image(version)) {
            *out = word.load(Relaxed);
        }
    }

    fn locked(self, f: impl FnOnce(u64, &[AtomicU64; N])) {
        let Place { lock, version, .. } = &self.0.0;
        while lock.compare_exchange(0, 1, Acquire, Relaxed).is_err() {
            std::thread::yield_now();
        }
        let now = version.load(Relaxed);
        // The readers of the older image see by the version that it is being written.
        fence(Release);
        f(now, self.image(now.wrapping_add(1)));
        version.store(now.wrapping_add(1), Release);
        let mine = lock.compare_exchange(1, 0, Release, Relaxed);
        assert!(mine.is_ok(), "nobody takes it over");
    }
}

impl<const N: usize> Record<N> for TwoImages<N> {
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
        let me = *self;
        me.locked(|now, image| {
            let mut value = Words::ZERO;
            me.load(now, &mut value);
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
