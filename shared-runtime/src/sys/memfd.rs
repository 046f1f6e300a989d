//! Anonymous memory with a descriptor.

#![allow(unsafe_code)]

use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use rustix::fs::{
    MemfdFlags, Mode, OFlags, SealFlags, fcntl_add_seals, fcntl_get_seals, fstat, ftruncate,
    memfd_create, open,
};
use rustix::io::{Errno, FdFlags, fcntl_dupfd_cloexec, fcntl_getfd, fcntl_setfd};

const SEALS: SealFlags = SealFlags::SHRINK
    .union(SealFlags::GROW)
    .union(SealFlags::SEAL);

/// A zeroed file of `len` bytes without a name, close-on-exec, whose size nobody can change.
pub(crate) fn create(len: u64) -> io::Result<OwnedFd> {
    let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
    let file = match memfd_create("shmstate", flags | MemfdFlags::NOEXEC_SEAL) {
        Err(Errno::INVAL) => memfd_create("shmstate", flags), // Linux before 6.3
        other => other,
    }?;
    let file = above_standard_streams(file)?;
    ftruncate(&file, len)?;
    fcntl_add_seals(&file, SEALS)?;
    Ok(file)
}

/// Opens the descriptor `fd` of process `pid` once more.
pub(crate) fn open_of(pid: u32, fd: u32, writable: bool) -> io::Result<OwnedFd> {
    reopen(&format!("/proc/{pid}/fd/{fd}"), writable)
}

/// A second, read-only description of a file that this process has open.
pub(crate) fn reopen_read_only(file: BorrowedFd<'_>) -> io::Result<OwnedFd> {
    reopen(&format!("/proc/self/fd/{}", file.as_raw_fd()), false)
}

fn reopen(path: &str, writable: bool) -> io::Result<OwnedFd> {
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

/// The length of the file, if it is a memory file that nobody can shrink; otherwise it is none of
/// ours, and mapping it could end in `SIGBUS`.
pub(crate) fn sealed_len(file: BorrowedFd<'_>) -> Option<u64> {
    let seals = fcntl_get_seals(file).ok()?;
    let stat = fstat(file).ok()?;
    (seals.contains(SealFlags::SHRINK)).then(|| u64::try_from(stat.st_size).unwrap_or(0))
}

/// The descriptor of that number which this process was started with, if it is a memory file.
pub(crate) fn inherited(fd: u32) -> Option<BorrowedFd<'static>> {
    let fd = i32::try_from(fd).ok()?;
    // SAFETY: the number is not -1. Whether it is open, and what it is, is asked of the kernel at each
    // use; it is neither closed nor, before it has proved to be the segment's, changed. Once it has, it
    // stays open: nobody else in this program has it.
    let file = unsafe { BorrowedFd::borrow_raw(fd) };
    sealed_len(file).map(|_| file)
}

/// Keeps the descriptor in, or from, a program that is executed.
pub(crate) fn set_close_on_exec(file: BorrowedFd<'_>, close: bool) -> io::Result<()> {
    let mut flags = fcntl_getfd(file.as_fd())?;
    flags.set(FdFlags::CLOEXEC, close);
    Ok(fcntl_setfd(file, flags)?)
}
