//! What a segment is besides its memory: where others find it, and who removes it.

use crate::sys::identity::ThisProcess;
use crate::sys::memory::MemoryFile;
use crate::sys::names::{self, FileId};

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
    /// Memory without a name, which others reach by its number in this process.
    Anonymous { file: MemoryFile },
}

/// The duty to remove a name.
#[derive(Debug)]
pub(crate) struct Ownership {
    pub file: FileId,
    /// The process that has it: a forked child has a copy of all this.
    pub creator: &'static ThisProcess,
}

impl Drop for Origin {
    fn drop(&mut self) {
        if let Place::Named {
            name,
            ownership: Some(Ownership { file, creator }),
        } = &self.place
            && creator.is_current()
        {
            // Nothing can be done about a failure here, and the segment is recognised as stale later.
            let _ = names::remove(name, *file, false);
        }
    }
}
