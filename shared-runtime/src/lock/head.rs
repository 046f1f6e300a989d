//! The first words of a lock-guarded slot: its lock, its version, and its event.

use core::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use super::event::Event;
use super::images::Version;
use super::platform::{Platform, System};
use super::word::{Attempt, LockWord};
use crate::sync::Word;

/// The bytes before the images.
pub(crate) const HEAD_LEN: usize = size_of::<Head>();

const _: () = assert!(HEAD_LEN == 24);

#[repr(C)]
pub(crate) struct Head<P: Platform = System> {
    pub(crate) lock: LockWord<P>,
    pub(crate) version: Version<P>,
    pub(crate) event: Event<P>,
    recoveries: P::U32,
}

impl<P: Platform> Head<P> {
    #[cfg(test)]
    pub(crate) fn new(lock: P::U64, version: P::U64, event: P::U32, recoveries: P::U32) -> Self {
        Head {
            lock: LockWord::new(lock),
            version: Version::new(version),
            event: Event::new(event),
            recoveries,
        }
    }

    /// As [`LockWord::lock_contended`]. A takeover is counted, and the waiters for a change are woken: the dead
    /// holder may have committed, and died before it notified them.
    pub(crate) fn lock_contended(&self, me: u64, limit: Option<Duration>, nested: bool) -> Attempt {
        let attempt = self.lock.lock_contended(me, limit, nested);
        if attempt == Attempt::TakenOver {
            // Relaxed: only a count.
            self.recoveries.fetch_add(1, Relaxed);
            self.event.notify();
        }
        attempt
    }

    /// How many dead holders the lock was taken from, modulo 2^32.
    pub(crate) fn recoveries(&self) -> u32 {
        self.recoveries.load(Relaxed)
    }
}
