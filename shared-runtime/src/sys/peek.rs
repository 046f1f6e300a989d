//! The bytes of files that this process does not map.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::FileExt;

use rustix::fs::fstat;

use super::memfd;
use super::scan::Hold;
use super::shm::FileInfo;

/// A file to read from, at any place.
pub(crate) struct Peek {
    file: File,
    /// Where the segment begins in it.
    start: u64,
}

impl Peek {
    pub(crate) fn of(file: OwnedFd) -> Peek {
        Peek {
            file: file.into(),
            start: 0,
        }
    }

    /// Of a file that a process has, by a descriptor or else through its memory; with what `stat` says of
    /// it, where that can be asked. `None` if neither is there any more, or may be looked at.
    pub(crate) fn of_hold(hold: &Hold) -> Option<(Peek, Option<FileInfo>)> {
        let thread = hold.thread;
        let of_descriptor = |fd: &u32| same(hold, memfd::open_of(thread, *fd, false));
        let by_descriptor = hold.descriptors.iter().find_map(of_descriptor);
        let opened = by_descriptor.or_else(|| {
            let range = hold.start.as_ref()?;
            // Root may open a mapping as the file that it is of.
            let link = format!("map_files/{:x}-{:x}", range.start, range.end);
            same(
                hold,
                memfd::reopen(&format!("/proc/{thread}/{link}"), false),
            )
        });
        if let Some((file, info)) = opened {
            return Some((Peek::of(file), Some(info)));
        }
        let start = hold.start.as_ref()?.start;
        let file = File::open(format!("/proc/{thread}/mem")).ok()?;
        Some((Peek { file, start }, None))
    }

    /// Reads as many bytes as there are from `offset` on, at most as many as `out` takes.
    pub(crate) fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<usize> {
        let mut done = 0;
        while done < out.len() {
            let at = self.start + offset + done as u64;
            match self.file.read_at(&mut out[done..], at) {
                Ok(0) => break,
                Ok(n) => done += n,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(done)
    }
}

/// What was opened, if it is the file: the number may be another's by now.
fn same(hold: &Hold, opened: io::Result<OwnedFd>) -> Option<(OwnedFd, FileInfo)> {
    let file = opened.ok()?;
    let info = FileInfo::of(&fstat(file.as_fd()).ok()?);
    (info.id == hold.file).then_some((file, info))
}
