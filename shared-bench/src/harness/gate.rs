//! The barrier at which the workers of a round meet.

#![allow(unsafe_code)]

use std::sync::atomic::{
    AtomicU32, AtomicU64,
    Ordering::{AcqRel, Acquire, Relaxed, Release},
};

use super::clock::now;
use super::memory::{Line, shared_zeros};

/// In memory that the workers share.
pub(crate) struct Gate {
    arrived: Line<AtomicU32>,
    opened: Line<AtomicU32>,
    at: AtomicU64,
}

impl Gate {
    pub(crate) fn new() -> &'static Self {
        // SAFETY: it is made of atomics.
        unsafe { shared_zeros() }
    }

    /// Waits until `parts` workers are here, and returns the moment at which the last one came.
    pub(crate) fn pass(&self, parts: u32) -> u64 {
        let before = self.opened.0.load(Acquire);
        if self.arrived.0.fetch_add(1, AcqRel) + 1 == parts {
            self.arrived.0.store(0, Relaxed);
            self.at.store(now(), Relaxed);
            self.opened.0.store(before.wrapping_add(1), Release);
        }
        let mut looks = 0_u32;
        while self.opened.0.load(Acquire) == before {
            looks += 1;
            if looks.is_multiple_of(64) {
                std::thread::yield_now(); // the others may need this processor
            }
            std::hint::spin_loop();
        }
        self.at.load(Relaxed)
    }
}
