//! System calls that `std` does not have, as safe functions, and what their errors mean.
//!
//! Calls that older C libraries do not have are made by number.

#![allow(unsafe_code)]

use std::ffi::{CString, c_int, c_long};
use std::fs::File;
use std::io;
use std::mem;
use std::os::fd::{AsRawFd, FromRawFd};
use std::time::Duration;

use crate::sys::error::ErrorKind;

pub(crate) fn kind(error: &io::Error) -> ErrorKind {
    use io::ErrorKind as Std;
    match (error.kind(), error.raw_os_error()) {
        (Std::NotFound, _) => ErrorKind::NotFound,
        (Std::PermissionDenied, _) => ErrorKind::Denied,
        // How the kernel refuses to open a folder, a link (which is not followed), and a socket.
        (_, Some(libc::EISDIR | libc::ELOOP | libc::ENXIO)) => ErrorKind::NotAFile,
        (Std::StorageFull | Std::FileTooLarge | Std::QuotaExceeded, _) => ErrorKind::Full,
        (Std::OutOfMemory, _) => ErrorKind::NoMemory,
        (_, Some(libc::EMFILE | libc::ENFILE)) => ErrorKind::NoHandles,
        _ => ErrorKind::Other,
    }
}

/// Whether the error has that number.
pub(super) fn is(error: &io::Error, number: c_int) -> bool {
    error.raw_os_error() == Some(number)
}

/// The answer of a call that returns a negative number if it fails. To be asked right after the call.
pub(super) fn check<N: PartialOrd + Default>(answer: N) -> io::Result<N> {
    if answer < N::default() {
        Err(io::Error::last_os_error())
    } else {
        Ok(answer)
    }
}

/// Opens a file for reading, and perhaps for writing. Programs that this process executes do not get it. One that is
/// created is for its user alone.
///
/// `OpenOptions` of `std` does not pass on all flags with every C library.
pub(super) fn open(path: &str, writable: bool, flags: c_int) -> io::Result<File> {
    let path = CString::new(path)?;
    let access = if writable {
        libc::O_RDWR
    } else {
        libc::O_RDONLY
    };
    let flags = access | flags | libc::O_CLOEXEC;
    let mode: libc::mode_t = 0o600;
    loop {
        // SAFETY: the path is a text that lives and ends with a NUL.
        let answer = unsafe { libc::open(path.as_ptr(), flags, mode) };
        match check(answer) {
            Err(error) if is(&error, libc::EINTR) => {}
            // SAFETY: the descriptor was just opened, and nobody else knows of it.
            answer => return Ok(unsafe { File::from_raw_fd(answer?) }),
        }
    }
}

/// A file of memory without a name. Its flags are `MFD_…`.
pub(super) fn memory_file(shown: &str, flags: libc::c_uint) -> io::Result<File> {
    let shown = CString::new(shown)?;
    // SAFETY: the text lives and ends with a NUL.
    let answer = unsafe { libc::syscall(libc::SYS_memfd_create, shown.as_ptr(), flags) };
    let descriptor = c_int::try_from(check(answer)?).expect("a descriptor is a `c_int`");
    // SAFETY: the descriptor was just opened, and nobody else knows of it.
    Ok(unsafe { File::from_raw_fd(descriptor) })
}

/// Renames a file, unless the new name is taken.
pub(super) fn rename_if_free(from: &str, to: &str) -> io::Result<()> {
    let (from, to) = (CString::new(from)?, CString::new(to)?);
    // SAFETY: both paths are texts that live and end with a NUL.
    let answer = unsafe {
        libc::syscall(
            libc::SYS_renameat2,
            libc::AT_FDCWD,
            from.as_ptr(),
            libc::AT_FDCWD,
            to.as_ptr(),
            libc::RENAME_NOREPLACE,
        )
    };
    check(answer).map(drop)
}

/// Gives a file its length, and the memory for all of it.
pub(super) fn allocate(file: &File, len: usize) -> io::Result<()> {
    let len = len.try_into().unwrap_or(libc::off_t::MAX);
    // SAFETY: the descriptor is open, and the call takes numbers.
    check(unsafe { libc::fallocate(file.as_raw_fd(), 0, 0, len) }).map(drop)
}

/// Takes or releases the lock of the whole file (`LOCK_…`).
pub(super) fn lock_file(file: &File, operation: c_int) -> io::Result<()> {
    // SAFETY: the descriptor is open, and the call takes a number.
    check(unsafe { libc::flock(file.as_raw_fd(), operation) }).map(drop)
}

/// What `fcntl` is to do: the commands whose argument is a number, or is not read.
#[derive(Clone, Copy)]
#[repr(i32)]
pub(super) enum Control {
    DescriptorFlags = libc::F_GETFD,
    SetDescriptorFlags = libc::F_SETFD,
    Seals = libc::F_GET_SEALS,
    AddSeals = libc::F_ADD_SEALS,
    SetLease = libc::F_SETLEASE,
    SetLeaseSignal = 10, // `F_SETSIG`, which `libc` does not have for every C library
}

/// Calls only async-signal-safe functions, and does not allocate.
pub(super) fn control(file: &File, command: Control, argument: c_int) -> io::Result<c_int> {
    // SAFETY: each command takes a number, which the kernel checks, as it does the descriptor.
    check(unsafe { libc::fcntl(file.as_raw_fd(), command as c_int, argument) })
}

/// A record lock of the whole file (`F_OFD_…`). Returns the kind of the lock that is in the way, if the command asks
/// for it.
pub(super) fn record_lock(file: &File, command: c_int, kind: c_int) -> io::Result<c_int> {
    // SAFETY: zeros are a value: the whole file, and no process.
    let mut lock: libc::flock = unsafe { mem::zeroed() };
    lock.l_type = i16::try_from(kind).expect("a small number");
    // SAFETY: the descriptor is open, and `lock` lives.
    check(unsafe { libc::fcntl(file.as_raw_fd(), command, &raw mut lock) })?;
    Ok(lock.l_type.into())
}

/// Device and inode of what a path leads to. A file server is not asked: what this machine knows of the file will do.
pub(super) fn file_behind(path: &str) -> io::Result<(u64, u64)> {
    let path = CString::new(path)?;
    // SAFETY: it consists of numbers, for which zeros are a value.
    let mut found: libc::statx = unsafe { mem::zeroed() };
    // SAFETY: the path is a text that lives and ends with a NUL, and `found` has room for the answer.
    let answer = unsafe {
        libc::syscall(
            libc::SYS_statx,
            libc::AT_FDCWD,
            path.as_ptr(),
            libc::AT_STATX_DONT_SYNC,
            libc::STATX_TYPE | libc::STATX_INO,
            &raw mut found,
        )
    };
    check(answer)?;
    let device = libc::makedev(found.stx_dev_major, found.stx_dev_minor);
    Ok((device, found.stx_ino))
}

/// The time of a clock (`CLOCK_…`) that every kernel has, and that is never negative.
pub(super) fn time(clock: libc::clockid_t) -> Duration {
    let mut now = timespec(Duration::ZERO);
    // SAFETY: the call fills `now`, which lives. For these clocks it does not fail.
    unsafe { libc::clock_gettime(clock, &raw mut now) };
    let nanoseconds = u32::try_from(now.tv_nsec).unwrap_or(0);
    Duration::new(now.tv_sec.unsigned_abs(), nanoseconds)
}

/// A duration, or a time, as calls take it.
pub(super) fn timespec(time: Duration) -> libc::timespec {
    libc::timespec {
        tv_sec: i64::try_from(time.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: time.subsec_nanos().into(),
    }
}

pub(crate) fn boot_nanoseconds() -> u64 {
    let now = time(libc::CLOCK_BOOTTIME);
    now.as_secs() * 1_000_000_000 + u64::from(now.subsec_nanos()) // 64 bits are enough for 584 years
}

/// The number of the calling thread.
pub(super) fn thread_id() -> u32 {
    // SAFETY: the call has no conditions, and does not fail.
    let id: c_long = unsafe { libc::syscall(libc::SYS_gettid) };
    u32::try_from(id).expect("the number of a thread has 22 bits")
}

pub(crate) fn effective_uid() -> u32 {
    // SAFETY: the call has no conditions, and does not fail.
    unsafe { libc::geteuid() }
}

pub(crate) fn random_id() -> io::Result<[u8; 16]> {
    let mut id = [0_u8; 16];
    // Up to 256 bytes come whole once the kernel's pool is ready, which it is before `/dev/shm` is.
    // SAFETY: the call fills at most this many bytes, which live.
    let filled = unsafe { libc::syscall(libc::SYS_getrandom, id.as_mut_ptr(), id.len(), 0) };
    if check(filled)? == 16 && id != [0; 16] {
        Ok(id)
    } else {
        Err(io::Error::other("the kernel gave too few random bytes"))
    }
}

/// Whether no process or thread of that number exists. `/proc` does not tell: it may hide processes, or be absent.
pub(super) fn is_gone(pid: u32) -> bool {
    let Some(pid) = i32::try_from(pid).ok().filter(|pid| *pid > 0) else {
        return false;
    };
    // SAFETY: the signal 0 is not sent: the kernel only looks whether it could be.
    check(unsafe { libc::kill(pid, 0) }).is_err_and(|error| is(&error, libc::ESRCH))
}
