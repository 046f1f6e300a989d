//! What a segment is besides its memory: where others find it, and who removes it.

use std::io;
use std::sync::OnceLock;

use crate::error::label;
use crate::sys::identity::ThisProcess;
use crate::sys::memory::MemoryFile;
use crate::sys::names::{self, FileId};

/// Shared by all handles of a segment in a process, so that it is dropped with the last of them.
#[derive(Debug)]
pub(crate) struct Origin {
    pub id: u128,
    pub backing: Backing,
}

#[derive(Debug)]
pub(crate) enum Backing {
    /// A file in the folder of segments.
    Named {
        name: String,
        file: FileId,
        /// The process that has the duty to remove the name: the creator, from when it has published it, unless the
        /// name is to outlive it. A forked child has a copy of all this.
        remover: OnceLock<&'static ThisProcess>,
    },
    /// Memory without a name, which others reach by its number in this process.
    Anonymous { file: MemoryFile },
}

impl Backing {
    /// A file whose name this process need not remove.
    pub(super) fn named(name: &str, file: FileId) -> Backing {
        Backing::Named {
            name: name.to_owned(),
            file,
            remover: OnceLock::new(),
        }
    }

    fn name(&self) -> Option<&str> {
        match self {
            Backing::Named { name, .. } => Some(name),
            Backing::Anonymous { .. } => None,
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
        self.backing.name()
    }

    /// From here on, that process has the duty to remove the name.
    pub(super) fn remove_at_end(&self, by: &'static ThisProcess) {
        if let Backing::Named { remover, .. } = &self.backing {
            remover.get_or_init(|| by);
        }
    }

    /// The file that holds the segment.
    pub(crate) fn file(&self) -> io::Result<FileId> {
        match &self.backing {
            Backing::Named { file, .. } => Ok(*file),
            Backing::Anonymous { file } => file.id(),
        }
    }
}

impl Drop for Origin {
    fn drop(&mut self) {
        let Backing::Named {
            name,
            file,
            remover,
        } = &self.backing
        else {
            return;
        };
        if remover.get().is_some_and(|remover| remover.is_current()) {
            // Nothing can be done about a failure here, and the segment is recognised as stale later.
            let _ = names::remove(name, *file, false);
        }
    }
}
