//! What a segment is besides its memory: where others find it, and who removes it.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use crate::sys::fork;
use crate::sys::shm::{self, FileId};

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
        /// In the process that created it, unless the name is to outlive that process.
        ownership: Option<Ownership>,
    },
    /// A memory file, which others reach by descriptor.
    Anonymous { file: Descriptor },
}

/// The duty to remove a name.
#[derive(Debug)]
pub(crate) struct Ownership {
    pub file: FileId,
    /// The process: a forked child has a copy of all this, and another generation.
    pub generation: u64,
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

impl Drop for Origin {
    fn drop(&mut self) {
        if let Place::Named {
            name,
            ownership: Some(Ownership { file, generation }),
        } = &self.place
            && fork::generation().is_ok_and(|now| now == *generation)
        {
            // Nothing can be done about a failure here, and the segment is recognised as stale later.
            let _ = shm::remove(name, *file, false);
        }
    }
}
