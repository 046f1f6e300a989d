//! The process that writes what it should not.

#![allow(unsafe_code)]

use std::fs::OpenOptions;
use std::os::fd::AsRawFd;
use std::ptr;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering::Relaxed};

use super::forge::{self, Random};

/// What a scribbler may write.
#[derive(Clone, Copy)]
pub(crate) struct Habits {
    /// Lock words of threads that live.
    pub live: bool,
}

/// A mapping of a segment's file that is none of the library's.
pub(crate) struct Mapped {
    base: *mut u8,
    len: usize,
    slots: usize,
    /// What lies before the slots, as it was.
    header: Vec<u8>,
}

impl Mapped {
    pub(crate) fn of(name: &str) -> Self {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .open(forge::path(name));
        let file = file.expect("the file is there");
        let mut header = forge::bytes(name).expect("the file is there");
        let slots = usize::try_from(forge::get(&header, "slots_offset")).expect("an offset");
        header.truncate(slots);
        let len = usize::try_from(file.metadata().expect("a file").len()).expect("a length");
        let (access, fd) = (libc::PROT_READ | libc::PROT_WRITE, file.as_raw_fd());
        // SAFETY: no address is asked for, so nothing that exists is replaced.
        let base = unsafe { libc::mmap(ptr::null_mut(), len, access, libc::MAP_SHARED, fd, 0) };
        assert_ne!(base, libc::MAP_FAILED, "mmap");
        Mapped {
            base: base.cast(),
            len,
            slots,
            header,
        }
    }

    /// Where the slots begin.
    pub(crate) fn slots(&self) -> usize {
        self.slots
    }

    /// The aligned word at `offset` of the segment.
    pub(crate) fn word(&self, offset: usize) -> &AtomicU64 {
        assert!(offset.is_multiple_of(8) && offset + 8 <= self.len);
        // SAFETY: aligned, within the mapping, which is never unmapped.
        unsafe { &*self.base.wrapping_add(offset).cast() }
    }

    fn byte(&self, offset: usize) -> &AtomicU8 {
        assert!(offset < self.len);
        // SAFETY: within the mapping, which is never unmapped.
        unsafe { &*self.base.wrapping_add(offset).cast() }
    }

    /// Writes noise over header and table, or one wrong byte with its checksum, or puts all right, so that
    /// others can open it now and then.
    fn spoil_header(&self, random: &mut Random) {
        let mut header = self.header.clone();
        match random.below(4) {
            0 => header = random.bytes(header.len()),
            1 => {
                let at = random.below(header.len());
                header[at] = random.next().to_le_bytes()[7];
                forge::seal(&mut header);
            }
            _ => {}
        }
        let mut bytes = header.into_iter();
        self.fill(0..self.slots, || bytes.next().unwrap_or(0));
    }

    fn fill(&self, range: std::ops::Range<usize>, mut byte: impl FnMut() -> u8) {
        for at in range {
            self.byte(at).store(byte(), Relaxed);
        }
    }
}

/// Lengths, counts, seconds and such that somebody might multiply or add.
const HOSTILE: [u32; 9] = [
    0,
    1,
    6,
    25,
    0x0011_0000,
    0x7fff_ffff,
    0x8000_0000,
    u32::MAX - 3,
    u32::MAX,
];

/// Writes one kind of nonsense at one place. `words` are the lock words of living threads.
pub(crate) fn scribble(mapped: &Mapped, habits: Habits, words: &[u64], random: &mut Random) {
    let (slots, len) = (mapped.slots, mapped.len);
    // Each lock-guarded slot begins with a cache line, and so do its images.
    let line = slots + random.below((len - slots) / 64) * 64;
    let anywhere = |random: &mut Random, most: usize| {
        let from = random.below(len);
        from..len.min(from + 1 + random.below(most))
    };
    match random.below(if habits.live { 14 } else { 11 }) {
        0 => mapped.fill(anywhere(random, 200), || random.next().to_le_bytes()[7]),
        1 => mapped.fill(anywhere(random, 500), || 0xff),
        2 => mapped.fill(anywhere(random, 500), || 0),
        3 => mapped.spoil_header(random),
        4 if random.below(20) == 0 => {
            let byte = [0xff, 0x00, random.next().to_le_bytes()[7]][random.below(3)];
            mapped.fill(slots..len, || byte);
        }
        4 | 5 => {
            let at = slots + random.below((len - slots) / 4 - 1) * 4;
            let number = HOSTILE[random.below(HOSTILE.len())].to_le_bytes();
            (at..)
                .zip(number)
                .for_each(|(at, byte)| mapped.byte(at).store(byte, Relaxed));
        }
        6 => {
            // Nobody's, as far as anybody can tell: too large, zero, or started at another time.
            let other_start = (words[random.below(words.len())] ^ 0x2000) | 1;
            let lock = [
                1,
                2,
                u64::MAX,
                u64::MAX - 1,
                1 << 63,
                (1 << 54) + 2,
                other_start,
            ];
            mapped
                .word(line)
                .store(lock[random.below(lock.len())], Relaxed);
        }
        7 => {
            let version = mapped.word(line + 8);
            let near = [
                u64::MAX,
                u64::MAX - 2,
                1 << 63,
                version.load(Relaxed).wrapping_add(3),
            ];
            version.store(near[random.below(near.len())], Relaxed);
        }
        8 => mapped.word(line + 16).store(random.next(), Relaxed),
        9 => {
            let version = mapped.word(line + 8);
            for _ in 0..random.below(200) {
                version.fetch_add(1 + random.next() % 3, Relaxed);
            }
        }
        10 => mapped
            .word(line + random.below(8) * 8)
            .store(random.next(), Relaxed),
        _ => {
            let word = words[random.below(words.len())] | random.next() & 1;
            mapped.word(line).store(word, Relaxed);
        }
    }
}
