//! Mapped memory.

#![allow(unsafe_code)]

use core::ptr::{self, NonNull};
use std::io;
use std::os::fd::BorrowedFd;

use rustix::mm::MprotectFlags;
use rustix::mm::{MapFlags, MremapFlags, ProtFlags, mmap, mprotect, mremap, munmap};

use super::cpu;
use crate::region::Region;

/// A mapping of shared memory, unmapped when it is dropped.
///
/// Invariants:
/// 1. `base` to `base + len` stay mapped as long as the value lives, readable, and writable if
///    `writable`.
/// 2. This process accesses the bytes atomically only.
#[derive(Debug)]
pub(crate) struct Mapping {
    base: NonNull<u8>,
    len: usize,
    writable: bool,
}

// SAFETY: a mapping is an address range of the process, which any thread may use and unmap; access to
// the bytes is atomic (invariant 2).
unsafe impl Send for Mapping {}
// SAFETY: as above; `&Mapping` only gives out a `Region`.
unsafe impl Sync for Mapping {}

/// Up to this length all is mapped at once, in bytes: a page that is mapped when it is first touched costs several times
/// as much, a quarter of opening a segment.
const AT_ONCE: usize = 16 * 1024;

impl Mapping {
    /// Maps the first `len` bytes of a file. `len` must not be more than the file has.
    pub(crate) fn of_file(file: BorrowedFd<'_>, len: usize, writable: bool) -> io::Result<Mapping> {
        let access = if writable {
            ProtFlags::READ | ProtFlags::WRITE
        } else {
            ProtFlags::READ
        };
        let flags = if len <= AT_ONCE {
            MapFlags::SHARED | MapFlags::POPULATE
        } else {
            MapFlags::SHARED
        };
        // SAFETY: no address is asked for, so nothing that exists is replaced.
        let base = unsafe { mmap(ptr::null_mut(), len, access, flags, file, 0) }?;
        Mapping::own(base, len, writable)
    }

    /// A second mapping of the same memory, which the hardware protects against writes.
    pub(crate) fn read_only(&self) -> io::Result<Mapping> {
        // With an old length of 0, `mremap` leaves a shared mapping alone and maps its pages again
        // (mremap(2)). It needs no descriptor, and the name may mean another segment by now.
        // SAFETY: the old mapping stays as it is (invariant 1), and no address is asked for.
        let base = unsafe { mremap(self.base.as_ptr().cast(), 0, self.len, MremapFlags::MAYMOVE) }?;
        let mapping = Mapping::own(base, self.len, false)?;
        // SAFETY: the new mapping is this function's own, and nobody writes through it.
        unsafe { mprotect(base, self.len, MprotectFlags::READ) }?;
        Ok(mapping)
    }

    fn own(base: *mut core::ffi::c_void, len: usize, writable: bool) -> io::Result<Mapping> {
        cpu::learn();
        Ok(Mapping {
            base: NonNull::new(base.cast()).ok_or_else(|| io::Error::other("mapped at 0"))?,
            len,
            writable,
        })
    }

    pub(crate) fn base(&self) -> NonNull<u8> {
        self.base
    }

    pub(crate) fn region(&self) -> Region<'_> {
        // SAFETY: the invariants of this type are those of `Region`, for as long as `self` is borrowed;
        // `write` is called on segments being built only, whose mapping is writable.
        unsafe { Region::new(self.base.as_ptr(), self.len) }
    }

    pub(crate) fn writable(&self) -> bool {
        self.writable
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: the range was mapped by `of_file` or `read_only` for this value alone, and all that was
        // borrowed from it is gone.
        let unmapped = unsafe { munmap(self.base.as_ptr().cast(), self.len) };
        debug_assert!(unmapped.is_ok());
    }
}
