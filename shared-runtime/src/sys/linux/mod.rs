//! Everything that is asked of the operating system, and nothing else.

#[cfg(not(all(
    target_os = "linux",
    target_pointer_width = "64",
    target_endian = "little"
)))]
compile_error!("shmstate runs on Linux on 64-bit little-endian machines only");

pub(crate) mod cpu;
pub(crate) mod fork;
pub(crate) mod futex;
#[cfg(feature = "async")]
pub(crate) mod futexes;
pub(crate) mod lease;
pub(crate) mod look;
pub(crate) mod mapping;
pub(crate) mod maps;
pub(crate) mod memfd;
pub(crate) mod names;
pub(crate) mod owner;
pub(crate) mod patience;
pub(crate) mod peek;
pub(crate) mod per_process;
pub(crate) mod process;
pub(crate) mod robust;
pub(crate) mod scan;
pub(crate) mod shm;
pub(crate) mod turn;
#[cfg(feature = "async")]
pub(crate) mod watcher;

use std::io;
use std::path::Path;

use rustix::io::Errno;

/// Sixteen random bytes from the kernel.
pub(crate) fn random_id() -> io::Result<[u8; 16]> {
    use rustix::rand::{GetRandomFlags, getrandom};
    let mut id = [0; 16];
    // Up to 256 bytes come whole once the kernel's pool is ready, which it is before `/dev/shm` is.
    let filled = getrandom(&mut id[..], GetRandomFlags::empty())?;
    if filled == id.len() && id != [0; 16] {
        Ok(id)
    } else {
        Err(io::Error::other("the kernel gave too few random bytes"))
    }
}

/// A file of `/proc` as text. Names of programs and paths in it may be anything, and do not matter.
pub(crate) fn read_text(path: impl AsRef<Path>) -> io::Result<String> {
    Ok(String::from_utf8_lossy(&std::fs::read(path)?).into_owned())
}

/// Whether it is this process that lacks something, descriptors or memory, and nothing is wrong with what it looks at.
pub(crate) fn is_lack(error: &io::Error) -> bool {
    [Errno::MFILE, Errno::NFILE, Errno::NOMEM]
        .map(|errno| Some(errno.raw_os_error()))
        .contains(&error.raw_os_error())
}
