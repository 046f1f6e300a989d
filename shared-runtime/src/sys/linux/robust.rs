//! Having the kernel wake a waiter when the thread that holds a lock ends, however it ends.
//!
//! When a thread ends, or executes another program, Linux looks for the locks that it leaves behind: in a list of
//! them, and in one more entry, the *pending* one, which was about to be added to the list or taken from it
//! (`get_robust_list(2)`). If the word of such a lock has the thread's id, the kernel puts a mark in place of the id,
//! keeps the bit that says that a thread waits, and wakes one waiter.
//!
//! The list belongs to the C library, and its entries lie within its mutexes. A list through shared memory must not be
//! followed anyway, as others can write it. So only the pending entry is used: a word of this thread, which the C
//! library sets to null after each operation on a robust mutex of its own. If that, or another lock within this one,
//! replaces our entry, only a wake-up is lost: a waiter looks for itself a little later. (The same happens if a thread
//! other than the first executes a program: it gets the number of the first before the kernel looks.)

#![allow(unsafe_code)]

use core::cell::Cell;
use core::ptr;
use std::io;

use crate::sync::{AtomicBool, AtomicU64, Ordering, compiler_fence};

/// As the kernel has it (`struct robust_list_head`).
#[repr(C)]
struct List {
    first: usize,
    /// From an entry to its lock word.
    offset: usize,
    /// The entry of the lock that is being taken or released, or 0.
    pending: usize,
}

/// Makes each child that any code forks from now on call `forget` first.
///
/// Such a child has a copy of its parent's entry, and the C library registers its list with the kernel anew. The kernel
/// goes by the number of the thread in the lock word: the child may have the same number in another PID namespace, or have
/// mapped other bytes there that look like it.
pub(crate) fn forget_in_children(forget: extern "C" fn()) -> io::Result<()> {
    static DONE: AtomicBool = AtomicBool::new(false);
    if !DONE.load(Ordering::Acquire) {
        // SAFETY: the function may be called in a forked child, as it only uses this thread's own words. (If this code
        // is unloaded, the C library forgets it.)
        match unsafe { libc::pthread_atfork(None, None, Some(forget)) } {
            0 => DONE.store(true, Ordering::Release), // threads that race here register it twice, which is harmless
            error => return Err(io::Error::from_raw_os_error(error)),
        }
    }
    Ok(())
}

thread_local! {
    /// Takes the place of the word that the kernel reads, if there is none.
    static OWN: Cell<usize> = const { Cell::new(0) };
}

/// Where a thread tells the kernel about the lock that it is about to take or release. To be used by that thread
/// only.
#[derive(Clone, Copy)]
pub(crate) struct PendingEntry {
    /// A word of this thread.
    pending: *mut usize,
    offset: usize,
}

impl PendingEntry {
    /// Not to be written to.
    pub(crate) const NOWHERE: PendingEntry = PendingEntry {
        pending: ptr::null_mut(),
        offset: 0,
    };

    /// The word that the kernel reads. If the C library has no list in this thread, or the kernel does not tell, it is
    /// a word that only this thread reads.
    pub(crate) fn of_this_thread() -> PendingEntry {
        let mut list: *mut List = ptr::null_mut();
        let mut len = 0_usize;
        // SAFETY: the kernel fills the two, which live.
        let told =
            unsafe { libc::syscall(libc::SYS_get_robust_list, 0, &raw mut list, &raw mut len) };
        let own = PendingEntry {
            pending: OWN.with(Cell::as_ptr),
            offset: 0,
        };
        if told != 0 || list.is_null() || len != size_of::<List>() {
            return own;
        }
        // SAFETY: a thread keeps what it has registered until it ends, and no other thread writes there. To register
        // another list than the C library's and to free it takes `unsafe` code.
        let offset = unsafe { (*list).offset };
        if offset & 3 != 0 {
            return own; // not a distance between words
        }
        PendingEntry {
            // SAFETY: as above; a place, not an access.
            pending: unsafe { &raw mut (*list).pending },
            offset,
        }
    }

    /// The entry for a lock: the kernel looks at the upper half of its word, where the id is. Not 0.
    #[inline]
    pub(crate) fn entry(self, lock: &AtomicU64) -> usize {
        let upper_half = ptr::from_ref(lock).addr() + 4;
        upper_half.wrapping_sub(self.offset)
    }

    /// The entry that is there.
    #[inline]
    pub(crate) fn read(self) -> usize {
        // SAFETY: as in `write`.
        unsafe { self.pending.read_volatile() }
    }

    /// Sets the entry. It stays in program order with what comes before and after it, and needs no more: only this
    /// thread reads it, or the kernel when this thread ends.
    #[inline]
    pub(crate) fn write(self, entry: usize) {
        compiler_fence(Ordering::SeqCst);
        // SAFETY: a word of this thread, as in `of_this_thread`. Volatile, because the kernel reads it.
        unsafe { self.pending.write_volatile(entry) };
        compiler_fence(Ordering::SeqCst);
    }
}
