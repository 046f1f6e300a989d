//! A file that segments lie in: which one it is, and whether anybody else has it.

use std::fs::{File, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use super::call::{self, Control, record_lock};

/// Which file it is: the same numbers, the same file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct FileId {
    pub(super) device: u64,
    pub(super) inode: u64,
}

/// What `stat` says about a file, as far as it matters here.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FileInfo {
    pub id: FileId,
    pub uid: u32,
    /// Permission bits.
    pub mode: u32,
    pub len: u64,
    /// Whether it has a name still.
    pub has_name: bool,
    /// Whether it is an ordinary file.
    pub regular: bool,
    /// Whether some of its length has no memory yet.
    pub has_holes: bool,
}

impl FileInfo {
    pub(super) fn of(found: &Metadata) -> FileInfo {
        FileInfo {
            id: FileId {
                device: found.dev(),
                inode: found.ino(),
            },
            uid: found.uid(),
            mode: found.mode() & 0o777,
            len: found.len(),
            has_name: found.nlink() > 0,
            has_holes: found.blocks().saturating_mul(512) < found.len(),
            regular: found.is_file(),
        }
    }
}

/// Runs `f` while ours is the only descriptor or mapping of the file, in any process and any namespace; `None` if it is
/// not. The kernel grants a write lease then, and only then (fcntl(2), "Leases"). A process that opens the file
/// meanwhile waits until `f` has ended. The signal that this sends us is one that does nothing by default.
///
/// Fails if the kernel does not tell: the file belongs to another user, or its file system has no leases.
pub(super) fn while_unused<R>(file: &File, f: impl FnOnce() -> R) -> io::Result<Option<R>> {
    call::control(file, Control::SetLeaseSignal, libc::SIGURG)?;
    let lease = call::control(file, Control::SetLease, libc::F_WRLCK);
    if unless_leased(lease)?.is_none() {
        return Ok(None);
    }
    let result = f();
    // Not by closing the file: a fork may have copied the descriptor, which would keep the lease.
    let _ = call::control(file, Control::SetLease, libc::F_UNLCK);
    Ok(Some(result))
}

/// `None` if a file could not be opened because another process holds a lease on it. That process has been told by now
/// that somebody wants to open it.
pub(super) fn unless_leased<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Err(error) if call::is(&error, libc::EAGAIN) => Ok(None),
        other => other.map(Some),
    }
}

/// Runs `f` while the processes that open the file are told that its name may be removed at any moment: by a record
/// lock of the kind that a reader may take.
///
/// The lease alone does not hold them off: the kernel ends it after 45 s, and a process that was stopped meanwhile
/// would go on to remove the name.
pub(super) fn while_announced<R>(file: &File, f: impl FnOnce() -> R) -> io::Result<R> {
    record_lock(file, libc::F_OFD_SETLK, libc::F_RDLCK)?;
    let result = f();
    let _ = record_lock(file, libc::F_OFD_SETLK, libc::F_UNLCK); // also where a fork has copied the descriptor
    Ok(result)
}

/// Whether a process has announced that it removes the name of the file. If not, any process that does so from now on
/// sees that the file is open here.
pub(super) fn is_removal_announced(file: &File) -> io::Result<bool> {
    let found = record_lock(file, libc::F_OFD_GETLK, libc::F_WRLCK)?;
    Ok(found != libc::F_UNLCK)
}

/// `None` if what was looked for is not there.
pub(super) fn if_found<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        other => other.map(Some),
    }
}

/// Pauses that become longer, up to 10 ms, while other processes do something that takes a moment.
pub(crate) struct Backoff {
    end: Instant,
    pauses: u32,
    next: Duration,
}

/// On a busy machine the time may be over before anything has been tried twice.
const FEWEST_PAUSES: u32 = 8;

impl Backoff {
    /// For 50 ms, while others look at the same file: each sees the others' descriptors.
    pub(crate) fn for_observers() -> Self {
        Backoff::of(Duration::from_millis(50))
    }

    /// For a second, while another process removes a name, which takes it microseconds if it runs at all.
    pub(super) fn for_remover() -> Self {
        Backoff::of(Duration::from_secs(1))
    }

    fn of(time: Duration) -> Self {
        Backoff {
            end: Instant::now() + time,
            pauses: 0,
            next: Duration::from_micros(100),
        }
    }

    /// Pauses, unless the time is over; returns whether it did.
    pub(crate) fn pause(&mut self) -> bool {
        if self.pauses >= FEWEST_PAUSES && Instant::now() >= self.end {
            return false;
        }
        self.pauses += 1;
        // Longer or shorter by up to half, so that processes that began together do not collide each time.
        let clock = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
        thread::sleep(self.next / 2 + self.next * (clock.subsec_nanos() % 1000) / 1000);
        self.next = (self.next * 2).min(Duration::from_millis(10));
        true
    }

    /// Tries, with pauses, until there is something; `None` if the time is over.
    pub(super) fn until<T>(
        mut self,
        mut attempt: impl FnMut() -> io::Result<Option<T>>,
    ) -> io::Result<Option<T>> {
        loop {
            let found = attempt()?;
            if found.is_some() || !self.pause() {
                return Ok(found);
            }
        }
    }
}
