//! The first bytes of a segment. `docs/format.md` has the layout; this file reads and checks it.

#![allow(unsafe_code)]

use bytemuck::{Pod, Zeroable};

use super::error::HeaderError;
use super::fingerprint::{OFFSET_BASIS, fold_bytes};
use super::shape::SLOTS_ALIGN;
use super::table::{ENTRY_LEN, Table};

/// The header, field by field as it lies in the segment.
#[derive(Clone, Copy, Debug, Default)]
#[allow(clippy::struct_field_names)] // the names are those of `docs/format.md`
#[repr(C)]
pub(crate) struct Header {
    pub magic: [u8; 8],
    pub version: u32,
    pub header_len: u32,
    pub total_len: u64,
    pub id: [u8; 16],
    pub fingerprint: u64,
    pub table_offset: u64,
    pub table_entries: u32,
    pub entry_len: u32,
    pub strings_offset: u64,
    pub strings_len: u64,
    pub slots_offset: u64,
    pub slots_len: u64,
    pub creator_pid: u32,
    pub flags: u32,
    pub creator_start: u64,
    pub pid_namespace: u64,
    pub time_namespace: u64,
    /// Nanoseconds since 1970.
    pub created: u64,
    pub reserved: [u64; 6],
    pub checksum: u64,
}

// SAFETY: all fields may be zero.
unsafe impl Zeroable for Header {}
// SAFETY: integers and arrays of them, in an order that leaves no padding (their sizes add up to that of the struct).
unsafe impl Pod for Header {}

pub(crate) const HEADER_LEN: usize = size_of::<Header>();
const _: () = assert!(HEADER_LEN == 192);

pub(crate) const MAGIC: [u8; 8] = *b"SHMSTATE";
pub(crate) const VERSION: u32 = 1;
/// Flag: the name is meant to outlive its creator.
pub(crate) const KEEPS_NAME: u32 = 1;

/// The largest thread id that Linux gives out (`PID_MAX_LIMIT`).
const PID_MAX: u32 = 1 << 22;

/// A segment that is to be made: its table, and where its parts lie.
pub(crate) struct Plan {
    table: Table,
    fingerprint: u64,
    slots_len: usize,
    strings: usize,
    /// Where the slots begin.
    pub slots: usize,
    /// The length of the segment.
    pub total: usize,
}

impl Plan {
    /// The plan of a segment with these fields. The fingerprint must be that of the table. `None` if the segment would be
    /// larger than an address space.
    pub(crate) fn new(table: Table, fingerprint: u64, slots_len: usize) -> Option<Plan> {
        let strings = HEADER_LEN.checked_add(table.entries().len())?;
        let slots = strings
            .checked_add(table.strings().len())?
            .checked_next_multiple_of(SLOTS_ALIGN)?;
        let total = slots.checked_add(slots_len)?.checked_next_multiple_of(8)?;
        isize::try_from(total).ok()?;
        Some(Plan {
            table,
            fingerprint,
            slots_len,
            strings,
            slots,
            total,
        })
    }

    /// The header of such a segment. `birth` is what it says of how the segment came to be, and nothing else.
    pub(crate) fn header(&self, birth: Header) -> Header {
        let small = |n| u32::try_from(n).expect("a table has fewer than 2^32 entries");
        let mut header = Header {
            magic: MAGIC,
            version: VERSION,
            header_len: small(HEADER_LEN),
            total_len: self.total as u64,
            fingerprint: self.fingerprint,
            table_offset: HEADER_LEN as u64,
            table_entries: small(self.table.len()),
            entry_len: small(ENTRY_LEN),
            strings_offset: self.strings as u64,
            strings_len: self.table.strings().len() as u64,
            slots_offset: self.slots as u64,
            slots_len: self.slots_len as u64,
            ..birth
        };
        header.checksum = header.expected_checksum();
        header
    }

    /// What is to be written before the slots, each part with its offset.
    pub(crate) fn parts<'a>(&'a self, header: &'a Header) -> [(usize, &'a [u8]); 3] {
        [
            (0, bytemuck::bytes_of(header)),
            (HEADER_LEN, self.table.entries()),
            (self.strings, self.table.strings()),
        ]
    }
}

impl Header {
    /// The hash of all that stands before it.
    pub(crate) fn expected_checksum(&self) -> u64 {
        fold_bytes(OFFSET_BASIS, &bytemuck::bytes_of(self)[..HEADER_LEN - 8])
    }

    pub(crate) fn keeps_name(&self) -> bool {
        self.flags & KEEPS_NAME != 0
    }

    /// Checks every field against what it can be, in a segment of `length` bytes.
    pub(super) fn check(&self, length: u64) -> Result<(), HeaderError> {
        self.check_format(length)?;
        self.check_places()?;
        self.check_origin()?;
        if let Some(found) = self.reserved.iter().find(|word| **word != 0) {
            return bad("reserved", *found, "0");
        }
        // Last, so that an error that says more comes first.
        let expected = self.expected_checksum();
        if self.checksum != expected {
            let expected = format!("{expected}, by the bytes before it");
            return bad("checksum", self.checksum, expected);
        }
        Ok(())
    }

    /// Whether it is a header that this version reads, of a whole segment.
    fn check_format(&self, length: u64) -> Result<(), HeaderError> {
        let (found, supported) = (self.version, VERSION);
        if self.magic != MAGIC {
            return Err(HeaderError::Foreign { found: self.magic });
        }
        if found.swap_bytes() == supported {
            return Err(HeaderError::ByteOrder);
        }
        if found > supported {
            return Err(HeaderError::NewerFormat { found, supported });
        }
        exactly("version", self.version, VERSION)?;
        exactly("header_len", self.header_len, HEADER_LEN as u64)?;
        let needed = self.total_len;
        if needed > length {
            return Err(HeaderError::TooShort { length, needed });
        }
        if needed < HEADER_LEN as u64 || needed % 8 != 0 {
            let expected = format!("a multiple of 8 from {HEADER_LEN}");
            return bad("total_len", needed, expected);
        }
        Ok(())
    }

    /// Whether the parts lie where the format puts them, one behind the other within the segment.
    fn check_places(&self) -> Result<(), HeaderError> {
        let fits = |what: &str| format!("{what} that fit the segment's {} bytes", self.total_len);
        exactly("table_offset", self.table_offset, HEADER_LEN as u64)?;
        exactly("entry_len", self.entry_len, ENTRY_LEN as u64)?;
        let strings = self.table_offset + u64::from(self.table_entries) * ENTRY_LEN as u64;
        if self.table_entries == 0 || strings > self.total_len {
            return bad("table_entries", self.table_entries, fits("rows"));
        }
        exactly("strings_offset", self.strings_offset, strings)?;
        let length = self.strings_len;
        if length > self.total_len - strings || length % 8 != 0 {
            return bad("strings_len", length, fits("multiples of 8 bytes"));
        }
        let slots = (strings + self.strings_len).next_multiple_of(SLOTS_ALIGN as u64);
        exactly("slots_offset", self.slots_offset, slots)?;
        if slots > self.total_len || self.slots_len > self.total_len - slots {
            return bad("slots_len", self.slots_len, fits("bytes"));
        }
        Ok(())
    }

    /// Whether a process can have created it.
    fn check_origin(&self) -> Result<(), HeaderError> {
        if self.id == [0; 16] {
            return bad("id", 0_u8, "a random number other than 0");
        }
        if !(1..=PID_MAX).contains(&self.creator_pid) {
            return bad("creator_pid", self.creator_pid, format!("1 to {PID_MAX}"));
        }
        if self.flags & !KEEPS_NAME != 0 {
            return bad("flags", self.flags, "0 or 1");
        }
        for (field, found) in [
            ("creator_start", self.creator_start),
            ("pid_namespace", self.pid_namespace),
            ("created", self.created),
        ] {
            if found == 0 {
                return bad(field, found, "a number other than 0");
            }
        }
        Ok(())
    }
}

fn bad(
    field: &'static str,
    found: impl Into<u64>,
    expected: impl Into<String>,
) -> Result<(), HeaderError> {
    Err(HeaderError::Field {
        field,
        found: found.into(),
        expected: expected.into(),
    })
}

fn exactly(
    field: &'static str,
    found: impl Into<u64>,
    expected: impl Into<u64>,
) -> Result<(), HeaderError> {
    let (found, expected) = (found.into(), expected.into());
    if found != expected {
        return bad(field, found, expected.to_string());
    }
    Ok(())
}
