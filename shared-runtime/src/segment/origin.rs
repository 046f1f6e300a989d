//! What a segment is besides its memory: where others find it, and who removes it.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use crate::error::label;
use crate::sys::shm::{self, FileId};
use crate::sys::{fork, memfd};

/// Shared by all handles of a segment in a process, so that it is dropped with the last of them.
#[derive(Debug)]
pub(crate) struct Origin {
    pub id: u128,
    pub place: Place,
}

#[derive(Debug)]
pub(crate) enum Place {
    /// A file in the folder of segments.
    Named {
        name: String,
        file: FileId,
        /// The generation of the process that has the duty to remove the name: the creator, unless the name is to
        /// outlive it. A forked child has a copy of all this, and another generation.
        remover: Option<u64>,
    },
    /// A memory file, which others reach by descriptor.
    Anonymous { file: Descriptor },
}

#[derive(Debug)]
pub(crate) enum Descriptor {
    Owned(OwnedFd),
    /// Given to this process by its parent. It stays open as long as the process, so that it can be
    /// inherited more than once.
    Inherited(BorrowedFd<'static>),
}

impl AsFd for Descriptor {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            Descriptor::Owned(file) => file.as_fd(),
            Descriptor::Inherited(file) => file.as_fd(),
        }
    }
}

impl Place {
    fn name(&self) -> Option<&str> {
        match self {
            Place::Named { name, .. } => Some(name),
            Place::Anonymous { .. } => None,
        }
    }

    /// How messages call the segment.
    pub(super) fn label(&self) -> String {
        label(self.name())
    }
}

impl Origin {
    /// The name of the segment, if it was created or opened with one.
    pub(crate) fn name(&self) -> Option<&str> {
        self.place.name()
    }

    /// The file that holds the segment.
    pub(crate) fn file(&self) -> io::Result<FileId> {
        match &self.place {
            Place::Named { file, .. } => Ok(*file),
            Place::Anonymous { file } => memfd::id(file.as_fd()),
        }
    }
}

impl Drop for Origin {
    fn drop(&mut self) {
        let Place::Named {
            name,
            file,
            remover: Some(generation),
        } = &self.place
        else {
            return;
        };
        if fork::generation().is_ok_and(|now| now == *generation) {
            // Nothing can be done about a failure here, and the segment is recognised as stale later.
            let _ = shm::remove(name, *file, false);
        }
    }
}
