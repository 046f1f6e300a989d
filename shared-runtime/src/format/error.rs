//! Bytes that are not a segment.

/// What is wrong with the header of a segment. The segment was left as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HeaderError {
    /// It is shorter than it must be: truncated, or still empty.
    #[error("it is {length} bytes long, but needs {needed}: it was truncated, or is not a state")]
    TooShort {
        /// Its length in bytes.
        length: u64,
        /// The length that it must have.
        needed: u64,
    },
    /// It is not a file but a folder, a link, a pipe or a socket.
    #[error("it is a folder, a link, a pipe or a socket, not a file; choose another name")]
    NoFile,
    /// It does not begin with `SHMSTATE`: some other program's memory.
    #[error(
        "it begins with `{}`, not `SHMSTATE`: another program's memory; choose another name",
        found.escape_ascii()
    )]
    Foreign {
        /// The first eight bytes.
        found: [u8; 8],
    },
    /// It was written on a machine with the other byte order.
    #[error("it was written on a machine with the other byte order")]
    ByteOrder,
    /// It was written by a later version of this library.
    #[error(
        "it has format {found}, and this program reads up to {supported}: rebuild it with a newer `shmstate`"
    )]
    NewerFormat {
        /// Its format version.
        found: u32,
        /// The last that this version reads.
        supported: u32,
    },
    /// A header field has an impossible value.
    #[error(
        "header field `{field}` is {found}, expected {expected}: its bytes were overwritten; remove it and create it anew"
    )]
    Field {
        /// The field, as `docs/format.md` names it.
        field: &'static str,
        /// Its value.
        found: u64,
        /// The possible values.
        expected: String,
    },
    /// The field table cannot be read.
    #[error("its field table cannot be read: {reason}")]
    Table {
        /// Why.
        reason: &'static str,
    },
    /// It cannot be read at the moment: another process holds a lease on it and appears to be stopped.
    #[error(
        "another process holds a lease on it, to see whether it is used, and appears to be stopped"
    )]
    Leased,
}
