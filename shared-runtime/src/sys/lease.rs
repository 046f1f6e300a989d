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
