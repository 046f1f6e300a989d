//! Anonymous memory with a descriptor.

#![allow(unsafe_code)]

use core::ptr;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use rustix::fs::{
    MemfdFlags, Mode, OFlags, SealFlags, fcntl_add_seals, fcntl_get_seals, fstat, ftruncate,
    memfd_create, open,
};
use rustix::io::{Errno, FdFlags, fcntl_dupfd_cloexec, fcntl_getfd, fcntl_setfd};

use super::shm::{FileId, FileInfo};
use crate::sync::{AtomicPtr, Ordering};

const SEALS: SealFlags = SealFlags::SHRINK
    .union(SealFlags::GROW)
    .union(SealFlags::SEAL);

const NAME: &str = "shmstate";

/// What `/proc` calls the files, which it shows as `/memfd:shmstate (deleted)`.
pub(crate) const SHOWN: &str = "memfd:shmstate";

/// A zeroed file of `len` bytes without a name, close-on-exec, whose size nobody can change.
pub(crate) fn create(len: u64) -> io::Result<OwnedFd> {
    let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
    let file = match memfd_create(NAME, flags | MemfdFlags::NOEXEC_SEAL) {
        Err(Errno::INVAL) => memfd_create(NAME, flags), // Linux before 6.3
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
    reopen(&format!("/proc/thread-self/fd/{}", file.as_raw_fd()), false)
}

/// Opens what a link in `/proc` leads to.
pub(crate) fn reopen(path: &str, writable: bool) -> io::Result<OwnedFd> {
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

/// What is known of a memory file.
#[derive(Clone, Copy)]
pub(crate) struct MemoryInfo {
    pub len: u64,
    pub uid: u32,
}

/// Length and owner of the file, if it is a memory file with a length that nobody can shrink; otherwise it
/// is none of ours, and mapping it could end in `SIGBUS`.
pub(crate) fn info(file: BorrowedFd<'_>) -> Option<MemoryInfo> {
    let seals = fcntl_get_seals(file).ok()?;
    let stat = fstat(file).ok()?;
    let len = u64::try_from(stat.st_size).unwrap_or(0);
    (seals.contains(SealFlags::SHRINK) && len > 0).then_some(MemoryInfo {
        len,
        uid: stat.st_uid,
    })
}

/// Which file it is.
pub(crate) fn id(file: BorrowedFd<'_>) -> io::Result<FileId> {
    Ok(FileInfo::of(&fstat(file)?).id)
}

/// The descriptor of that number which this process was started with, if it is a memory file.
///
/// One that was opened since is none, even if a token left over in the environment names its number: all
/// that this library opens is close-on-exec from the start, and what was passed on is not until it is
/// [kept](keep).
pub(crate) fn inherited(fd: u32, id: u128) -> Option<(BorrowedFd<'static>, MemoryInfo)> {
    let fd = i32::try_from(fd).ok()?;
    // SAFETY: the number is not -1. Whether it is open, and what it is, is asked of the kernel at each
    // use; it is never closed, and changed only once it has proved to be what was passed to this process.
    let file = unsafe { BorrowedFd::borrow_raw(fd) };
    let passed_on = !fcntl_getfd(file).ok()?.contains(FdFlags::CLOEXEC);
    if !passed_on && !kept().any(|kept| (kept.fd, kept.id) == (fd, id)) {
        return None;
    }
    Some((file, info(file)?))
}

/// A descriptor that this process was started with, and has made close-on-exec.
struct Kept {
    fd: i32,
    id: u128,
    next: *const Kept,
}

/// The last of a list that only grows. No lock: a fork may leave one locked for ever.
static KEPT: AtomicPtr<Kept> = AtomicPtr::new(ptr::null_mut());

fn kept() -> impl Iterator<Item = &'static Kept> {
    let mut next = KEPT.load(Ordering::Acquire).cast_const();
    core::iter::from_fn(move || {
        // SAFETY: null, or an entry that was leaked, and is never changed after it was put on the list.
        let kept = unsafe { next.as_ref() }?;
        next = kept.next;
        Some(kept)
    })
}

/// Keeps the descriptor from the programs that this process executes, and remembers that it was meant to
/// have it.
pub(crate) fn keep(file: BorrowedFd<'_>, fd: u32, id: u128) -> io::Result<()> {
    let fd = i32::try_from(fd).unwrap_or(-1);
    if !kept().any(|kept| (kept.fd, kept.id) == (fd, id)) {
        let mut head = KEPT.load(Ordering::Acquire);
        let entry = Box::leak(Box::new(Kept { fd, id, next: head }));
        loop {
            entry.next = head;
            match KEPT.compare_exchange(head, entry, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => break,
                Err(now) => head = now,
            }
        }
    }
    set_close_on_exec(file, true)
}

/// Keeps the descriptor in, or from, a program that is executed.
pub(crate) fn set_close_on_exec(file: BorrowedFd<'_>, close: bool) -> io::Result<()> {
    let mut flags = fcntl_getfd(file.as_fd())?;
    flags.set(FdFlags::CLOEXEC, close);
    Ok(fcntl_setfd(file, flags)?)
}
