//! The bytes of files that this process does not map.

use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::FileExt;

use super::is_lack;
use super::look::Found;
use super::scan::Hold;
use super::shm::{FileId, FileInfo};

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
    ///
    /// # Errors
    ///
    /// If this process has too few descriptors or too little memory left.
    pub(crate) fn of_hold(hold: &Hold) -> io::Result<Option<(Peek, Option<FileInfo>)>> {
        let thread = hold.thread;
        let descriptors = hold.descriptors.iter().map(|fd| format!("fd/{fd}"));
        // Root may open a mapping as the file that it is of.
        let range = hold.start.iter();
        let mappings = range.map(|range| format!("map_files/{:x}-{:x}", range.start, range.end));
        for link in descriptors.chain(mappings) {
            let link = format!("/proc/{thread}/{link}");
            if let Some((file, info)) = seen(open_same(&link, hold.file))?.flatten() {
                return Ok(Some((Peek::of(file), Some(info))));
            }
        }
        let Some(range) = &hold.start else {
            return Ok(None);
        };
        let memory = seen(File::open(format!("/proc/{thread}/mem")))?;
        let start = range.start;
        Ok(memory.map(|file| (Peek { file, start }, None)))
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

/// Opens what the link leads to, if it is that file: the number may be another's by now.
fn open_same(link: &str, file: FileId) -> io::Result<Option<(OwnedFd, FileInfo)>> {
    let found = Found::by_link(link)?;
    if found.info.id != file || !found.info.regular {
        return Ok(None);
    }
    Ok(Some((found.open()?, found.info)))
}

/// `None` if it is gone, or may not be looked at.
fn seen<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Err(error) if is_lack(&error) => Err(error),
        other => Ok(other.ok()),
    }
}
