//! Mapped memory, and memory without a name, which a process has by a descriptor.

#![allow(unsafe_code)]

use core::ptr::{self, NonNull};
use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::sync::Arc;

use super::call::{self, Control, check};
use super::file::{FileId, FileInfo};
use crate::region::Region;
use crate::sys::cpu;

/// A mapping, unmapped when it is dropped.
///
/// Invariants:
/// 1. `base` to `base + len` stay mapped as long as the value lives, readable, and writable if `writable`.
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

impl Mapping {
    /// Maps the first `len` bytes of a file, which it must have.
    pub(crate) fn of_file(file: &File, len: usize, writable: bool) -> io::Result<Mapping> {
        // A page that is mapped when it is first touched costs several times as much, a quarter of opening a segment.
        let at_once = len <= 16 * 1024;
        let flags = if at_once { libc::MAP_POPULATE } else { 0 };
        Mapping::new(len, writable, libc::MAP_SHARED | flags, file.as_raw_fd())
    }

    /// Zeroed memory of this process alone. In a forked child the kernel sets it to zero again.
    pub(super) fn wiped_on_fork(len: usize) -> io::Result<Mapping> {
        let mapping = Mapping::new(len, true, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS, -1)?;
        // SAFETY: the mapping is this function's own, and nobody has written to it.
        check(unsafe { libc::madvise(mapping.base.as_ptr().cast(), len, libc::MADV_WIPEONFORK) })?;
        Ok(mapping)
    }

    /// A second mapping of the same memory, which the hardware protects against writes.
    pub(crate) fn read_only(&self) -> io::Result<Mapping> {
        // With an old length of 0, `mremap` leaves a shared mapping alone and maps its pages again (mremap(2)). It
        // needs no descriptor, and the name may mean another segment by now.
        let old = self.base.as_ptr().cast();
        // SAFETY: the old mapping stays as it is (invariant 1), and no address is asked for.
        let base = unsafe { libc::mremap(old, 0, self.len, libc::MREMAP_MAYMOVE) };
        let mapping = Mapping::own(base, self.len, false)?;
        // SAFETY: the new mapping is this function's own, and nobody writes through it.
        check(unsafe { libc::mprotect(base, self.len, libc::PROT_READ) })?;
        Ok(mapping)
    }

    fn new(len: usize, writable: bool, flags: i32, descriptor: i32) -> io::Result<Mapping> {
        let write = if writable { libc::PROT_WRITE } else { 0 };
        let access = libc::PROT_READ | write;
        // SAFETY: no address is asked for, so nothing that exists is replaced.
        let base = unsafe { libc::mmap(ptr::null_mut(), len, access, flags, descriptor, 0) };
        Mapping::own(base, len, writable)
    }

    /// What `mmap` or `mremap` has just returned.
    fn own(base: *mut core::ffi::c_void, len: usize, writable: bool) -> io::Result<Mapping> {
        if base == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        cpu::detect();
        Ok(Mapping {
            base: NonNull::new(base.cast()).ok_or_else(|| io::Error::other("mapped at 0"))?,
            len,
            writable,
        })
    }

    /// Where it lies. Valid as long as the value.
    pub(crate) fn base(&self) -> NonNull<u8> {
        self.base
    }

    pub(crate) fn region(&self) -> Region<'_> {
        // SAFETY: the invariants of this type are those of `Region`, for as long as `self` is borrowed;
        // `write` is called only on segments that are being built, whose mapping is writable, and atomics are changed only
        // through what was opened to write.
        unsafe { Region::new(self.base.as_ptr(), self.len) }
    }

    pub(crate) fn writable(&self) -> bool {
        self.writable
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: the range was mapped for this value alone, and all that was borrowed from it is gone.
        let unmapped = check(unsafe { libc::munmap(self.base.as_ptr().cast(), self.len) });
        debug_assert!(unmapped.is_ok());
    }
}

/// What `/proc` calls the files, which it shows as `/memfd:shmstate (deleted)`.
pub(super) const SHOWN: &str = "memfd:shmstate";

#[derive(Clone, Debug)]
pub(crate) struct MemoryFile(pub(super) Arc<File>);

impl MemoryFile {
    pub(crate) fn create(len: u64) -> io::Result<MemoryFile> {
        let flags = libc::MFD_CLOEXEC | libc::MFD_ALLOW_SEALING;
        let new = |flags| call::memory_file("shmstate", flags);
        let file = match new(flags | libc::MFD_NOEXEC_SEAL) {
            Err(error) if call::is(&error, libc::EINVAL) => new(flags), // Linux before 6.3
            other => other,
        }?;
        let file = above_standard_streams(file)?;
        file.set_len(len)?;
        let seals = libc::F_SEAL_SHRINK | libc::F_SEAL_GROW | libc::F_SEAL_SEAL;
        call::control(&file, Control::AddSeals, seals)?;
        Ok(MemoryFile(Arc::new(file)))
    }

    /// What is known of the file, if it is a memory file that nobody can shrink. Any other file is not one of ours, and
    /// using a mapping of it could end in `SIGBUS`.
    pub(super) fn info(&self) -> Option<FileInfo> {
        let seals = call::control(&self.0, Control::Seals, 0).ok()?;
        let info = FileInfo::of(&self.0.metadata().ok()?);
        (seals & libc::F_SEAL_SHRINK != 0 && info.len > 0).then_some(info)
    }

    pub(crate) fn map(&self, len: usize, writable: bool) -> io::Result<Mapping> {
        Mapping::of_file(&self.0, len, writable)
    }

    pub(crate) fn id(&self) -> io::Result<FileId> {
        Ok(FileInfo::of(&self.0.metadata()?).id)
    }

    pub(crate) fn number(&self) -> u32 {
        self.0.as_raw_fd().unsigned_abs()
    }
}

/// A second, read-only description of a file that this process has open.
pub(super) fn reopen_read_only(file: &File) -> io::Result<File> {
    let number = file.as_raw_fd();
    reopen(&format!("/proc/thread-self/fd/{number}"), false)
}

/// Opens what a link in `/proc` leads to.
pub(super) fn reopen(path: &str, writable: bool) -> io::Result<File> {
    // Without NONBLOCK a descriptor that happens to be a pipe would be waited for.
    let flags = libc::O_NONBLOCK | libc::O_NOCTTY;
    above_standard_streams(call::open(path, writable, flags)?)
}

/// The same file under a number from 3. In a program that has closed a standard stream, the file gets its number:
/// then what is printed would land in it, and a child could not inherit it.
fn above_standard_streams(file: File) -> io::Result<File> {
    if file.as_raw_fd() > 2 {
        return Ok(file);
    }
    file.try_clone() // `std` leaves the first three numbers out
}
