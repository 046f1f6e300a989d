//! Asking the kernel whether anybody has a file.

#![allow(unsafe_code)]

use std::io;
use std::os::fd::{AsRawFd, OwnedFd};

use rustix::io::Errno;

/// Whether ours is the only descriptor or mapping of the file, in any process and any namespace: the
/// kernel grants a write lease then, and only then (fcntl(2), "Leases"). Who opens the file while the
/// lease stands waits until it is [given back](give_back) or the descriptor is closed; the signal that this
/// sends us is one that does nothing by default.
///
/// # Errors
///
/// If the kernel does not tell: the file belongs to another user, or its file system has no leases.
pub(crate) fn take(file: &OwnedFd) -> io::Result<bool> {
    const F_SETSIG: i32 = 10; // not among the constants of `libc`
    let fd = file.as_raw_fd();
    // SAFETY: the descriptor is open, and the call takes a number.
    if unsafe { libc::fcntl(fd, F_SETSIG, libc::SIGURG) } != 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the descriptor is open, and the call takes a number.
    if unsafe { libc::fcntl(fd, libc::F_SETLEASE, libc::F_WRLCK) } == 0 {
        return Ok(true);
    }
    let error = io::Error::last_os_error();
    if error.raw_os_error() == Some(Errno::AGAIN.raw_os_error()) {
        Ok(false)
    } else {
        Err(error)
    }
}

/// Ends a lease, also where a fork has copied the descriptor, with which it would stay.
pub(crate) fn give_back(file: &OwnedFd) {
    // SAFETY: the descriptor is open, and the call takes a number.
    unsafe { libc::fcntl(file.as_raw_fd(), libc::F_SETLEASE, libc::F_UNLCK) };
}

/// Tells those who open the file that its name may be removed any moment, until [`withdraw`]: by a record lock, which a
/// reader may take, and which whoever asks for the contrary is told of.
///
/// The lease alone does not hold them off: the kernel ends it after 45 s, and a process that was stopped meanwhile would
/// go on to remove the name.
pub(crate) fn announce(file: &OwnedFd) -> io::Result<()> {
    record_lock(file, libc::F_OFD_SETLK, libc::F_RDLCK).map(drop)
}

/// Ends it, also where a fork has copied the descriptor.
pub(crate) fn withdraw(file: &OwnedFd) {
    let _ = record_lock(file, libc::F_OFD_SETLK, libc::F_UNLCK);
}

/// Whether somebody has announced to remove the name of the file. If not, whoever does so from now on sees that the file
/// is open here.
pub(crate) fn is_announced(file: &OwnedFd) -> io::Result<bool> {
    let found = record_lock(file, libc::F_OFD_GETLK, libc::F_WRLCK)?;
    Ok(found != libc::F_UNLCK)
}

/// Of the whole file. Returns the kind of the lock that is in the way, if it was asked for.
fn record_lock(file: &OwnedFd, command: i32, kind: i32) -> io::Result<i32> {
    // SAFETY: zeros are a value: the whole file, and no process.
    let mut lock: libc::flock = unsafe { std::mem::zeroed() };
    lock.l_type = i16::try_from(kind).expect("a small number");
    // SAFETY: the descriptor is open, and `lock` lives.
    if unsafe { libc::fcntl(file.as_raw_fd(), command, &raw mut lock) } == 0 {
        Ok(lock.l_type.into())
    } else {
        Err(io::Error::last_os_error())
    }
}
