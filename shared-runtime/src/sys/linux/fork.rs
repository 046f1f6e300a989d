//! Telling a forked child from its parent.
//!
//! A handler of `pthread_atfork` misses a raw `clone`, and a process id may be reused. The kernel wipes
//! a page marked `MADV_WIPEONFORK` in every child that gets a copy of it, so a wiped page means: forked
//! since.

#![allow(unsafe_code)]

use core::ptr::{self, NonNull};
use std::io;

use rustix::mm::{Advice, MapFlags, ProtFlags, madvise, mmap_anonymous, munmap};

use crate::sync::{AtomicPtr, AtomicU64, Ordering};

/// The page, once there is one. Never unmapped, so the reference to the word in it is `'static`.
static PAGE: AtomicPtr<AtomicU64> = AtomicPtr::new(ptr::null_mut());

/// The last generation given out in this process or, before the fork, in its ancestors.
static LAST: AtomicU64 = AtomicU64::new(0);

const PAGE_LEN: usize = 4096;

/// A number that stays the same in this process and is larger in each forked child.
///
/// Costs two loads once it is set up.
///
/// # Errors
///
/// If the page cannot be had (Linux before 4.14, or no memory).
#[inline]
pub(crate) fn generation() -> io::Result<u64> {
    match page()?.load(Ordering::Acquire) {
        0 => Ok(next(page()?)),
        generation => Ok(generation),
    }
}

/// Whether this is still the process in which [`generation`] returned that number, and no fork of it.
#[cfg(feature = "async")]
pub(crate) fn is_still(generation: u64) -> bool {
    let page = NonNull::new(PAGE.load(Ordering::Acquire));
    // SAFETY: as in `page`.
    page.is_some_and(|page| unsafe { page.as_ref() }.load(Ordering::Acquire) == generation)
}

/// After a fork there is one thread; at the first use in a process several may race here, and the one
/// that exchanges first decides. A number that loses is skipped.
#[cold]
fn next(page: &AtomicU64) -> u64 {
    let fresh = LAST.fetch_add(1, Ordering::Relaxed) + 1;
    match page.compare_exchange(0, fresh, Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => fresh,
        Err(theirs) => theirs,
    }
}

/// The word that holds the [`generation`] of this process once it was asked for, and 0 in a child forked since.
///
/// # Errors
///
/// As `generation`.
#[inline]
pub(crate) fn page() -> io::Result<&'static AtomicU64> {
    match NonNull::new(PAGE.load(Ordering::Acquire)) {
        // SAFETY: `PAGE` is null or a mapped, zeroed or set, aligned page that is never unmapped.
        Some(page) => Ok(unsafe { page.as_ref() }),
        None => map_page(),
    }
}

#[cold]
fn map_page() -> io::Result<&'static AtomicU64> {
    let flags = MapFlags::PRIVATE;
    let access = ProtFlags::READ | ProtFlags::WRITE;
    // SAFETY: no address is asked for, so nothing that exists is replaced.
    let base = unsafe { mmap_anonymous(ptr::null_mut(), PAGE_LEN, access, flags) }?;
    let unmap = || {
        // SAFETY: the page was just mapped, and nobody else has its address.
        let _ = unsafe { munmap(base, PAGE_LEN) };
    };
    // SAFETY: the page was just mapped; wiping it in a child is what it is for.
    if let Err(error) = unsafe { madvise(base, PAGE_LEN, Advice::LinuxWipeOnFork) } {
        unmap();
        return Err(error.into());
    }
    let exchanged = PAGE.compare_exchange(
        ptr::null_mut(),
        base.cast(),
        Ordering::AcqRel,
        Ordering::Acquire,
    );
    let page = match exchanged {
        Ok(_) => base.cast(),
        Err(theirs) => {
            unmap();
            theirs
        }
    };
    // SAFETY: as in `page`.
    Ok(unsafe { &*page })
}
