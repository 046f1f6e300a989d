//! Errors of every platform: what a failed call means, and names that no segment can have.

/// What a failed call means to the layers above, whatever the number of the error on the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ErrorKind {
    /// There is no such name, process or handle.
    NotFound,
    /// This user may not do it.
    Denied,
    /// The name leads to something that holds no bytes: a folder, a link, a socket.
    NotAFile,
    /// Shared memory is full, or smaller than what was asked for.
    Full,
    /// This process, or the machine, has no memory left.
    NoMemory,
    /// This process, or the machine, has no handle (on Linux: no descriptor) left.
    NoHandles,
    /// Anything else.
    Other,
}

impl ErrorKind {
    /// Whether this process has run out of something. Then nothing is wrong with what it looks at.
    pub(crate) fn is_exhausted(self) -> bool {
        matches!(self, ErrorKind::NoMemory | ErrorKind::NoHandles)
    }
}

/// The name given cannot be a segment's; nothing was looked up or changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// The name is empty.
    #[error("a segment's name is empty; give it one, or use `Shared::new` for a segment without")]
    Empty,
    /// The name has more bytes than a file name in `/dev/shm` may have.
    #[error("a segment's name is {length} bytes long; the limit is {limit}: choose a shorter one")]
    TooLong {
        /// Its length in bytes.
        length: usize,
        /// The longest that works, in bytes.
        limit: usize,
    },
    /// The name has a `/`; segments lie in one flat folder.
    #[error(
        "segment name `{name}` has a `/`; names are flat and start without one: use `-` or `.`"
    )]
    Slash {
        /// The name.
        name: String,
    },
    /// The name has a NUL byte.
    #[error("segment name {name:?} has a NUL byte; leave it out")]
    Nul {
        /// The name.
        name: String,
    },
    /// The name is `.` or `..`, or starts as the names do under which segments are built.
    #[error("segment name `{name}` is reserved; choose another")]
    Reserved {
        /// The name.
        name: String,
    },
}
