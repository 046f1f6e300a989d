//! What each process has one of, and a forked child does not take over.

#![allow(unsafe_code)]

use core::ptr;
use std::io;

use super::fork;
use crate::sync::{AtomicPtr, Ordering};

/// A value that is made when it is first asked for in a process, and again in each forked child.
///
/// That of an ancestor stays allocated: a small block in each child. It cannot be dropped, because a fork may leave any
/// lock in it taken for ever; for the same reason there is no lock around the making.
pub(crate) struct PerProcess<T>(AtomicPtr<Of<T>>);

struct Of<T> {
    generation: u64,
    value: T,
}

impl<T: Send + Sync + 'static> PerProcess<T> {
    pub(crate) const fn new() -> Self {
        PerProcess(AtomicPtr::new(ptr::null_mut()))
    }

    /// The value of this process. Costs a few loads once it is made; threads that ask first at the same time may each
    /// make one, and all get the same.
    pub(crate) fn get(&self, make: impl FnOnce() -> io::Result<T>) -> io::Result<&'static T> {
        let generation = fork::generation()?;
        let mut current = self.0.load(Ordering::Acquire);
        if let Some(value) = Self::of(current, generation) {
            return Ok(value);
        }
        let value = make()?;
        let fresh = Box::into_raw(Box::new(Of { generation, value }));
        while let Err(now) =
            self.0
                .compare_exchange(current, fresh, Ordering::AcqRel, Ordering::Acquire)
        {
            if let Some(value) = Self::of(now, generation) {
                // SAFETY: it was just made by `into_raw`, and nobody else has the address.
                drop(unsafe { Box::from_raw(fresh) });
                return Ok(value);
            }
            current = now;
        }
        // SAFETY: it was just made, and what has been published is never freed or changed.
        Ok(unsafe { &(*fresh).value })
    }

    fn of(current: *mut Of<T>, generation: u64) -> Option<&'static T> {
        // SAFETY: null, or what has been published, which is never freed or changed.
        let of = unsafe { current.as_ref() }?;
        (of.generation == generation).then_some(&of.value)
    }
}
