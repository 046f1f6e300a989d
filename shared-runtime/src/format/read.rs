//! Reading a segment, however its bytes are reached.

use std::io;

use bytemuck::Zeroable;

use super::error::HeaderError;
use super::header::{HEADER_LEN, Header};
use super::table::{ENTRY_LEN, Table};

/// The bytes of a segment: mapped here, in a file that is open, or in another process.
pub(crate) trait ReadAt {
    /// Copies what there is from `offset` on, at most as much as `out` takes; returns how much that was.
    fn read_at(&self, offset: u64, out: &mut [u8]) -> io::Result<usize>;
}

impl<F: Fn(u64, &mut [u8]) -> io::Result<usize>> ReadAt for F {
    fn read_at(&self, offset: u64, out: &mut [u8]) -> io::Result<usize> {
        self(offset, out)
    }
}

/// The first bytes, by which a segment is told from other files; zeros where there are fewer.
pub(crate) fn magic(segment: &impl ReadAt) -> [u8; 8] {
    let mut magic = [0; 8];
    let _ = segment.read_at(0, &mut magic);
    magic
}

/// A private copy of the header of a segment of `length` bytes, checked: what is checked and what is used must be one
/// copy, because the bytes may change at any time.
pub(crate) fn header(segment: &impl ReadAt, length: u64) -> Result<Header, HeaderError> {
    let needed = HEADER_LEN as u64;
    let too_short = HeaderError::TooShort { length, needed };
    if length < needed {
        return Err(too_short);
    }
    let mut header = Header::zeroed();
    let read = segment.read_at(0, bytemuck::bytes_of_mut(&mut header));
    // The memory of another process does not say how long the segment is: it is cut off.
    if read.is_ok_and(|read| read < HEADER_LEN) {
        return Err(too_short);
    }
    // What could not be read is zeros, which are not a header.
    header.check(length)?;
    Ok(header)
}

/// The table of a segment whose header this is.
pub(crate) fn table(segment: &impl ReadAt, header: &Header) -> Result<Table, HeaderError> {
    let part = |offset: u64, length: u64| {
        let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
        match segment.read_at(offset, &mut bytes) {
            Ok(read) if read == bytes.len() => Ok(bytes),
            _ => Err("it cannot be read: the file became shorter"),
        }
    };
    let entries = u64::from(header.table_entries.min(Table::MOST_ENTRIES + 1));
    let strings = header.strings_len.min(Table::MOST_STRINGS);
    part(header.table_offset, entries * ENTRY_LEN as u64)
        .and_then(|entries| Table::read(&entries, &part(header.strings_offset, strings)?))
        .map_err(|reason| HeaderError::Table { reason })
}
