//! Bytes that are no segment.

use core::fmt;

/// What is wrong with the header of a segment. The segment was left as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HeaderError {
    /// It is shorter than it must be: truncated, or still empty.
    TooShort {
        /// Its length in bytes.
        length: u64,
        /// The length that it must have.
        needed: u64,
    },
    /// It is no file: a folder, a link, a pipe or a socket.
    NoFile,
    /// It does not begin with `SHMSTATE`: some other program's memory.
    Foreign {
        /// The first eight bytes.
        found: [u8; 8],
    },
    /// It was written on a machine with the other byte order.
    ByteOrder,
    /// It was written by a later version of this library.
    NewerFormat {
        /// Its format version.
        found: u32,
        /// The last that this version reads.
        supported: u32,
    },
    /// A header field holds what it cannot hold.
    Field {
        /// The field, as `docs/format.md` names it.
        field: &'static str,
        /// What it holds.
        found: u64,
        /// What it could hold.
        expected: String,
    },
    /// The field table cannot be read.
    Table {
        /// Why.
        reason: &'static str,
    },
    /// It cannot be read at the moment, be it what it may: another process holds a lease on it, and does not go on.
    Leased,
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HeaderError::TooShort { length, needed } => write!(
                f,
                "it is {length} bytes long, but needs {needed}: it was truncated, or is no state"
            ),
            HeaderError::NoFile => f.write_str(
                "it is a folder, a link, a pipe or a socket, not a file; choose another name",
            ),
            HeaderError::Foreign { found } => write!(
                f,
                "it begins with `{}`, not `SHMSTATE`: another program's memory; choose another name",
                found.escape_ascii()
            ),
            HeaderError::ByteOrder => {
                f.write_str("it was written on a machine with the other byte order")
            }
            HeaderError::NewerFormat { found, supported } => write!(
                f,
                "it has format {found}, and this program reads up to {supported}: rebuild it with a newer `shmstate`"
            ),
            HeaderError::Field {
                field,
                found,
                expected,
            } => write!(
                f,
                "header field `{field}` is {found}, expected {expected}: its bytes were overwritten; remove it and create it anew"
            ),
            HeaderError::Table { reason } => {
                write!(f, "its field table cannot be read: {reason}")
            }
            HeaderError::Leased => f.write_str(
                "another process holds a lease on it, to see whether it is used, and does not go on; look for one that is stopped",
            ),
        }
    }
}

impl std::error::Error for HeaderError {}
