//! A program that knows the format, and nothing of the library: it maps the file, finds a field by the field table,
//! and reads, writes, waits and wakes by the words of `docs/format.md`.
//!
//! Its sleeps have no bound, as those of the library have: who does not wake it lets it hang. So it waits only for those
//! who are not killed or stopped.

#![allow(unsafe_code)]

use std::fs::File;
use std::os::fd::AsRawFd;
use std::ptr;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::atomic::{AtomicU8, AtomicU16, AtomicU32, AtomicU64, fence};

use super::forge;

/// The access of a field that can be waited for.
const WATCHED: u8 = 2;

pub(crate) struct Segment {
    base: *mut u8,
    bytes: Vec<u8>,
}

/// A watched field of a segment.
#[derive(Clone, Copy)]
pub(crate) struct Field<'a> {
    segment: &'a Segment,
    /// From the start of the segment.
    pub(crate) offset: usize,
    /// Of the number.
    pub(crate) width: usize,
    /// Of the slot.
    pub(crate) size: usize,
    /// From the start of the slot.
    pub(crate) event: usize,
}

fn number(bytes: &[u8], offset: usize, width: usize) -> usize {
    let mut number = [0; 8];
    number[..width].copy_from_slice(&bytes[offset..offset + width]);
    usize::from_le_bytes(number)
}

impl Segment {
    pub(crate) fn of(name: &str) -> Segment {
        let bytes = forge::bytes(name).expect("the segment is there");
        let options = File::options().read(true).write(true).to_owned();
        let file = options.open(forge::path(name)).expect("the file opens");
        let (access, fd) = (libc::PROT_READ | libc::PROT_WRITE, file.as_raw_fd());
        let (none, len) = (ptr::null_mut(), bytes.len());
        // SAFETY: no address is asked for, so nothing that exists is replaced.
        let base = unsafe { libc::mmap(none, len, access, libc::MAP_SHARED, fd, 0) };
        assert_ne!(base, libc::MAP_FAILED, "mmap");
        let base = base.cast();
        Segment { base, bytes }
    }

    /// A field of the state.
    pub(crate) fn field(&self, name: &str) -> Field<'_> {
        let entry = self.entry(name);
        self.watched(entry, self.slots() + number(entry, 16, 8))
    }

    /// An element of a field that is an array, or an array of arrays.
    pub(crate) fn element(&self, name: &str, indices: &[usize]) -> Field<'_> {
        let mut entry = self.entry(name);
        let mut offset = self.slots() + number(entry, 16, 8);
        for index in indices {
            assert_eq!(number(entry, 8, 2), usize::from(forge::ARRAY), "no array");
            assert!(*index < number(entry, 32, 8));
            offset += index * number(entry, 40, 8);
            // The element's entry follows.
            entry = &entry[64..];
        }
        self.watched(entry, offset)
    }

    fn slots(&self) -> usize {
        number(&self.bytes, forge::place("slots_offset").start, 8)
    }

    /// The field table from the entry of the state's field of this name on.
    fn entry(&self, wanted: &str) -> &[u8] {
        let header = |field: &str| {
            let place = forge::place(field);
            number(&self.bytes, place.start, place.len())
        };
        let strings = header("strings_offset");
        let table = &self.bytes[header("table_offset")..strings];
        assert_eq!(table.len(), 64 * header("table_entries"));
        let found = (0..table.len()).step_by(64).find(|at| {
            let entry = &table[*at..];
            let (from, len) = (number(entry, 0, 4), number(entry, 4, 4));
            let name = &self.bytes[strings + from..][..len];
            number(entry, 12, 4) == 1 && name == wanted.as_bytes()
        });
        &table[found.expect("the table has the field")..]
    }

    fn watched(&self, entry: &[u8], offset: usize) -> Field<'_> {
        assert_eq!(entry[10], WATCHED, "no watched field");
        let kind = number(entry, 8, 2);
        let field = Field {
            segment: self,
            offset,
            width: match kind & 0xff {
                1 | 3 | 7 => 1,
                4 | 8 => 2,
                2 | 5 | 9 | 11 => 4,
                6 | 10 | 12 => 8,
                other => panic!("kind {other} does not fit an atomic"),
            },
            size: number(entry, 24, 8),
            event: number(entry, 48, 8),
        };
        assert!(field.event.is_multiple_of(4) && field.event + 4 <= field.size);
        assert!(field.offset.is_multiple_of(field.width) && field.width <= field.event);
        assert!(field.offset + field.size <= self.bytes.len());
        field
    }
}

impl Field<'_> {
    fn at<T>(&self, offset: usize) -> &T {
        let place = self.segment.base.wrapping_add(self.offset + offset);
        // SAFETY: an atomic, aligned and within the mapping, as `watched` has looked; it is never unmapped.
        unsafe { &*place.cast() }
    }

    fn event_word(&self) -> &AtomicU32 {
        self.at(self.event)
    }

    pub(crate) fn event(&self) -> u32 {
        self.event_word().load(SeqCst)
    }

    pub(crate) fn scribble_event(&self, word: u32) {
        self.event_word().store(word, SeqCst);
    }

    /// The number, zero-extended.
    pub(crate) fn get(&self) -> u64 {
        match self.width {
            1 => self.at::<AtomicU8>(0).load(SeqCst).into(),
            2 => self.at::<AtomicU16>(0).load(SeqCst).into(),
            4 => self.at::<AtomicU32>(0).load(SeqCst).into(),
            _ => self.at::<AtomicU64>(0).load(SeqCst),
        }
    }

    /// Writes the low bytes of a number, and tells nobody.
    #[allow(clippy::cast_possible_truncation)] // to the field's width
    pub(crate) fn scribble(&self, bits: u64) {
        match self.width {
            1 => _ = self.at::<AtomicU8>(0).swap(bits as u8, SeqCst),
            2 => _ = self.at::<AtomicU16>(0).swap(bits as u16, SeqCst),
            4 => _ = self.at::<AtomicU32>(0).swap(bits as u32, SeqCst),
            _ => _ = self.at::<AtomicU64>(0).swap(bits, SeqCst),
        }
    }

    /// Writes the number, and wakes who waits.
    pub(crate) fn set(&self, bits: u64) {
        self.set_and(bits, || {});
    }

    /// As `set`, and if somebody waits does something between the new event and the call that wakes.
    pub(crate) fn set_and(&self, bits: u64, before_the_call: impl FnOnce()) {
        self.scribble(bits);
        let event = self.event();
        if event & 1 != 0 {
            let word = self.event_word();
            let _ = word.compare_exchange(event, event.wrapping_add(1), SeqCst, SeqCst);
            before_the_call();
            futex(word, libc::FUTEX_WAKE, i32::MAX.unsigned_abs());
        }
    }

    /// Sleeps, for ever if nobody wakes it, until the number is as `wanted` says.
    pub(crate) fn wait_until(&self, wanted: impl Fn(u64) -> bool) -> u64 {
        loop {
            let word = self.event_word();
            let event = word.fetch_or(1, SeqCst) | 1;
            fence(SeqCst);
            let bits = self.get();
            if wanted(bits) {
                return bits;
            }
            futex(word, libc::FUTEX_WAIT, event);
        }
    }
}

/// A call for processes that share the word, not threads of one.
fn futex(word: &AtomicU32, call: i32, number: u32) {
    let (place, no_limit) = (ptr::from_ref(word), ptr::null::<libc::timespec>());
    // SAFETY: the word lives; there is no limit, and the other arguments are numbers.
    unsafe { libc::syscall(libc::SYS_futex, place, call, number, no_limit) };
}
