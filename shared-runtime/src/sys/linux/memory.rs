//! Mapped memory, and memory without a name, which a process has by a descriptor.

#![allow(unsafe_code)]

use core::ptr::{self, NonNull};
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::sync::Arc;

use rustix::fs::{
    MemfdFlags, Mode, OFlags, SealFlags, fcntl_add_seals, fcntl_get_seals, fstat, ftruncate,
    memfd_create, open,
};
use rustix::io::{Errno, fcntl_dupfd_cloexec};
use rustix::mm::MprotectFlags;
use rustix::mm::{MapFlags, MremapFlags, ProtFlags, mmap, mprotect, mremap, munmap};

use super::file::{FileId, FileInfo};
use crate::region::Region;
use crate::sys::cpu;

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

/// Up to this length all is mapped at once, in bytes: a page that is mapped when it is first touched costs several
/// times as much, a quarter of opening a segment.
const AT_ONCE: usize = 16 * 1024;

impl Mapping {
    /// Maps the first `len` bytes of a file. `len` must not be more than the file has.
    pub(super) fn of_file(file: BorrowedFd<'_>, len: usize, writable: bool) -> io::Result<Mapping> {
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

    /// Its bytes.
    pub(crate) fn region(&self) -> Region<'_> {
        // SAFETY: the invariants of this type are those of `Region`, for as long as `self` is borrowed;
        // `write` is called only on segments that are being built, whose mapping is writable.
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

const SEALS: SealFlags = SealFlags::SHRINK
    .union(SealFlags::GROW)
    .union(SealFlags::SEAL);

const NAME: &str = "shmstate";

/// What `/proc` calls the files, which it shows as `/memfd:shmstate (deleted)`.
pub(super) const SHOWN: &str = "memfd:shmstate";

/// A file of memory without a name, whose size nobody can change. Others reach it by its number in this process.
#[derive(Clone, Debug)]
pub(crate) enum MemoryFile {
    Owned(Arc<OwnedFd>),
    /// Given to this process by its parent. It stays open as long as the process, so that it can be inherited more
    /// than once.
    Inherited(BorrowedFd<'static>),
}

/// What is known of a memory file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MemoryInfo {
    pub len: u64,
    pub uid: u32,
}

impl MemoryFile {
    /// A zeroed file of `len` bytes, which programs that this process executes do not get.
    pub(crate) fn create(len: u64) -> io::Result<MemoryFile> {
        let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
        let file = match memfd_create(NAME, flags | MemfdFlags::NOEXEC_SEAL) {
            Err(Errno::INVAL) => memfd_create(NAME, flags), // Linux before 6.3
            other => other,
        }?;
        let file = above_standard_streams(file)?;
        ftruncate(&file, len)?;
        fcntl_add_seals(&file, SEALS)?;
        Ok(file.into())
    }

    /// Length and owner of the file, if it is a memory file with a length that nobody can shrink. Otherwise it is not
    /// one of ours, and mapping it could end in `SIGBUS`.
    pub(super) fn info(&self) -> Option<MemoryInfo> {
        let seals = fcntl_get_seals(self).ok()?;
        let stat = fstat(self).ok()?;
        let len = u64::try_from(stat.st_size).unwrap_or(0);
        (seals.contains(SealFlags::SHRINK) && len > 0).then_some(MemoryInfo {
            len,
            uid: stat.st_uid,
        })
    }

    /// Maps its first `len` bytes, which it must have.
    pub(crate) fn map(&self, len: usize, writable: bool) -> io::Result<Mapping> {
        Mapping::of_file(self.as_fd(), len, writable)
    }

    /// Which file it is.
    pub(crate) fn id(&self) -> io::Result<FileId> {
        Ok(FileInfo::of(&fstat(self)?).id)
    }

    /// By which number other processes find it in this one.
    pub(crate) fn number(&self) -> u32 {
        self.as_fd().as_raw_fd().unsigned_abs()
    }
}

impl AsFd for MemoryFile {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            MemoryFile::Owned(file) => file.as_fd(),
            MemoryFile::Inherited(file) => file.as_fd(),
        }
    }
}

impl From<OwnedFd> for MemoryFile {
    fn from(file: OwnedFd) -> Self {
        MemoryFile::Owned(Arc::new(file))
    }
}

/// A second, read-only description of a file that this process has open.
pub(super) fn reopen_read_only(file: BorrowedFd<'_>) -> io::Result<OwnedFd> {
    reopen(&format!("/proc/thread-self/fd/{}", file.as_raw_fd()), false)
}

/// Opens what a link in `/proc` leads to.
pub(super) fn reopen(path: &str, writable: bool) -> io::Result<OwnedFd> {
    let access = if writable {
        OFlags::RDWR
    } else {
        OFlags::RDONLY
    };
    // Without NONBLOCK a descriptor that happens to be a pipe would be waited for.
    let flags = access | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
    above_standard_streams(open(path, flags, Mode::empty())?)
}

/// The same file under a number from 3. In a program that has closed a standard stream, the file gets
/// its number: then what is printed would land in it, and a child could not inherit it.
fn above_standard_streams(file: OwnedFd) -> io::Result<OwnedFd> {
    if file.as_raw_fd() > 2 {
        return Ok(file);
    }
    Ok(fcntl_dupfd_cloexec(&file, 3)?)
}
