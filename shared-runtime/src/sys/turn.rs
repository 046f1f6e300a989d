//! One thread of this process at a time.

#![allow(unsafe_code)]

use core::ptr;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::fork;
use crate::sync::{AtomicPtr, Ordering};

/// The turn of this process's threads.
struct Own {
    generation: u64,
    turn: Mutex<()>,
}

/// That of this process. That of an ancestor stays allocated: a fork may leave it taken for ever.
static CURRENT: AtomicPtr<Own> = AtomicPtr::new(ptr::null_mut());

/// Waits until no other thread of this process has the turn; it is given back when what this returns is dropped.
///
/// For those who look at files: each has a file open for a moment, which the others would take for somebody who uses it.
pub(crate) fn take() -> io::Result<MutexGuard<'static, ()>> {
    Ok(own()?.turn.lock().unwrap_or_else(PoisonError::into_inner))
}

fn own() -> io::Result<&'static Own> {
    let generation = fork::generation()?;
    loop {
        let current = CURRENT.load(Ordering::Acquire);
        // SAFETY: `CURRENT` is null or points to an `Own` that is never freed.
        if let Some(own) = unsafe { current.as_ref() }
            && own.generation == generation
        {
            return Ok(own);
        }
        let fresh = Box::into_raw(Box::new(Own {
            generation,
            turn: Mutex::default(),
        }));
        if CURRENT
            .compare_exchange(current, fresh, Ordering::AcqRel, Ordering::Relaxed)
            .is_err()
        {
            // SAFETY: it was just made by `into_raw`, and nobody else has the address.
            drop(unsafe { Box::from_raw(fresh) });
        }
    }
}
