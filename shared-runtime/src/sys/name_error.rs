//! A name that no segment can have.

use core::fmt;

/// The name given cannot be a segment's; nothing was looked up or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NameError {
    /// The name is empty.
    Empty,
    /// The name has more bytes than a file name in `/dev/shm` may have.
    TooLong {
        /// Its length in bytes.
        length: usize,
        /// The longest that works, in bytes.
        limit: usize,
    },
    /// The name has a `/`; segments lie in one flat folder.
    Slash {
        /// The name.
        name: String,
    },
    /// The name has a NUL byte.
    Nul {
        /// The name.
        name: String,
    },
    /// The name is `.` or `..`, or starts as the names do under which segments are built.
    Reserved {
        /// The name.
        name: String,
    },
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NameError::Empty => f.write_str(
                "a segment's name is empty; give it one, or use `Shared::new` for a segment without",
            ),
            NameError::TooLong { length, limit } => write!(
                f,
                "a segment's name is {length} bytes long; the limit is {limit}: choose a shorter one"
            ),
            NameError::Slash { name } => write!(
                f,
                "segment name `{name}` has a `/`; names are flat and start without one: use `-` or `.`"
            ),
            NameError::Nul { name } => {
                write!(f, "segment name {name:?} has a NUL byte; leave it out")
            }
            NameError::Reserved { name } => {
                write!(f, "segment name `{name}` is reserved; choose another")
            }
        }
    }
}

impl std::error::Error for NameError {}
