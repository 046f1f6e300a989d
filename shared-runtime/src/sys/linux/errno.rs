//! What the numbers of errors mean.

use std::io;

use rustix::io::Errno;

use crate::sys::error::ErrorKind;

/// What the error of a call means.
pub(crate) fn kind(error: &io::Error) -> ErrorKind {
    match Errno::from_io_error(error) {
        Some(Errno::NOENT) => ErrorKind::NotFound,
        Some(Errno::ACCESS | Errno::PERM) => ErrorKind::Denied,
        // How the kernel refuses to open a folder, a link (which is not followed), and a socket.
        Some(Errno::ISDIR | Errno::LOOP | Errno::NXIO) => ErrorKind::NotAFile,
        Some(Errno::NOSPC | Errno::FBIG | Errno::DQUOT) => ErrorKind::Full,
        Some(Errno::NOMEM) => ErrorKind::NoMemory,
        Some(Errno::MFILE | Errno::NFILE) => ErrorKind::NoHandles,
        // Errors that `std` or this library made without a call.
        _ => match error.kind() {
            io::ErrorKind::NotFound => ErrorKind::NotFound,
            io::ErrorKind::PermissionDenied => ErrorKind::Denied,
            io::ErrorKind::StorageFull => ErrorKind::Full,
            _ => ErrorKind::Other,
        },
    }
}

/// Whether this process has run out of descriptors or memory.
pub(crate) fn is_exhausted(error: &io::Error) -> bool {
    kind(error).is_exhausted()
}
