//! What segments and fields cost, beside the same done by hand.
//!
//! Run `cargo bench --bench segments`. Each line compares an operation of this library with its
//! hand-written counterpart, in nanoseconds: the median of the rounds, in which both take turns, with the
//! fastest and the slowest round in parentheses, and the ratio of the medians. Two ratios have a bar.
//!
//! By hand, opening is `shm_open`, `fstat`, `mmap` and a first read; creating is `shm_open` with
//! `O_CREAT | O_EXCL`, `ftruncate`, `mmap` and a first write; a memory file is `memfd_create` instead of
//! `shm_open`. Giving up is `munmap` and `close`, and `shm_unlink` for the creator. That checks nothing,
//! reserves no memory, and lets others open a half-made segment. Both sides have segments of one size.

#![allow(unsafe_code)] // the counterparts

use std::ffi::{CStr, CString};
use std::hint::black_box;
use std::ptr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use shmstate::prelude::*;

#[derive(SharedState, Clone, Copy, Default)]
struct Progress {
    started: bool,
    done: u64,
    ratio: f64,
    phase: Phase,
    limits: Limits,
    per_worker: [u32; 8],
    lines: u64,
    words: u64,
    bytes: u64,
}

#[derive(SharedState, Clone, Copy, Default)]
struct Limits {
    low: i64,
    high: i64,
}

#[derive(SharedState, Clone, Copy, Default)]
enum Phase {
    #[default]
    Idle,
    Busy,
}

const ROUNDS: usize = 501; // short ones, so that the median is of rounds that nothing interrupted
const SEGMENTS_A_ROUND: u32 = 20;
const ACCESSES_A_ROUND: u32 = 100_000;

fn main() {
    let name = format!("bench-{}", std::process::id());
    let path = CString::new(format!("/{name}-by-hand")).expect("no NUL");
    let value = Progress {
        phase: Phase::Busy,
        ..Progress::default()
    };
    let shared = Shared::create(&name, value).expect("create");
    let file = std::fs::metadata(format!("/dev/shm/{name}")).expect("a file");
    let len = usize::try_from(file.len()).expect("a small file");
    let by_hand = ByHand::create(&path, len);
    println!("segments of {len} bytes; nanoseconds\n");
    println!(
        "{:24}{:>28}{:>28}{:>8}",
        "", "this library", "by hand", "ratio"
    );

    segments("open, by name", 1.5, || open(&name), || ByHand::open(&path));
    let (name, path) = (
        format!("{name}-2"),
        CString::new(format!("/{name}-3")).expect("no NUL"),
    );
    segments(
        "create, by name",
        2.0,
        || Shared::create(&name, value).expect("create"),
        || ByHand::create(&path, len),
    );
    segments(
        "create, anonymous",
        f64::INFINITY,
        || Shared::new(value).expect("create"),
        || ByHand::memfd(len),
    );

    let (ours, raw): (&_, &_) = (&shared.done, by_hand.word());
    accesses(
        "get",
        || _ = black_box(ours.get()),
        || _ = black_box(raw.load(Ordering::Acquire)),
    );
    accesses(
        "set",
        || ours.set(black_box(7)),
        || raw.store(black_box(7), Ordering::Release),
    );
    accesses(
        "fetch_add",
        || _ = black_box(ours.fetch_add(1)),
        || _ = black_box(raw.fetch_add(1, Ordering::AcqRel)),
    );
}

fn open(name: &str) -> Shared<Progress> {
    let shared = Shared::<Progress>::open(name).expect("open");
    black_box(shared.done.get());
    shared
}

/// Compares how two handles are made and dropped; the bar is for making.
fn segments<A, B>(what: &str, bar: f64, mut ours: impl FnMut() -> A, mut raw: impl FnMut() -> B) {
    let mut rounds = [[(); 3].map(|()| Vec::new()), [(); 3].map(|()| Vec::new())];
    for round in 0..=ROUNDS {
        let both = [make_and_drop(&mut ours), make_and_drop(&mut raw)];
        if round == 0 {
            continue; // the first of each warms up
        }
        for (rounds, [make, drop]) in rounds.iter_mut().zip(both) {
            for (rounds, time) in rounds.iter_mut().zip([make, drop, make + drop]) {
                rounds.push(time);
            }
        }
    }
    let [ours, raw] = rounds;
    let whats = [what, "  giving it up", "  both together"];
    for (i, (ours, raw)) in ours.into_iter().zip(raw).enumerate() {
        print(
            whats[i],
            ours,
            raw,
            if i == 0 { bar } else { f64::INFINITY },
        );
    }
}

fn make_and_drop<H>(make: &mut impl FnMut() -> H) -> [f64; 2] {
    let mut times = [0.0; 2];
    for _ in 0..SEGMENTS_A_ROUND {
        let start = Instant::now();
        let handle = make();
        let made = Instant::now();
        drop(handle);
        times[0] += (made - start).as_secs_f64();
        times[1] += made.elapsed().as_secs_f64();
    }
    times.map(|time| time * 1e9 / f64::from(SEGMENTS_A_ROUND))
}

fn accesses(what: &str, mut ours: impl FnMut(), mut raw: impl FnMut()) {
    let (mut all_ours, mut all_raw) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let both = [repeat(&mut ours), repeat(&mut raw)];
        if round > 0 {
            all_ours.push(both[0]);
            all_raw.push(both[1]);
        }
    }
    print(what, all_ours, all_raw, f64::INFINITY);
}

fn repeat(access: &mut impl FnMut()) -> f64 {
    let start = Instant::now();
    for _ in 0..ACCESSES_A_ROUND {
        access();
    }
    start.elapsed().as_secs_f64() * 1e9 / f64::from(ACCESSES_A_ROUND)
}

fn print(what: &str, mut ours: Vec<f64>, mut raw: Vec<f64>, bar: f64) {
    let column = |times: &mut Vec<f64>| {
        times.sort_by(f64::total_cmp);
        let (median, most) = (times[times.len() / 2], times[times.len() - 1]);
        let digits = if median < 100.0 { 2 } else { 0 };
        (
            median,
            format!(
                "{median:.digits$} ({:.digits$} to {most:.digits$})",
                times[0]
            ),
        )
    };
    let ((ours, our_text), (raw, raw_text)) = (column(&mut ours), column(&mut raw));
    let ratio = ours / raw;
    let verdict = match bar {
        f64::INFINITY => String::new(),
        bar if ratio <= bar => format!("  at most {bar}: met"),
        bar => format!("  at most {bar}: MISSED"),
    };
    println!("{what:24}{our_text:>28}{raw_text:>28}{ratio:8.2}{verdict}");
}

/// A segment made by hand: the mapping, its descriptor, and the name if it is to be removed.
struct ByHand<'a> {
    base: *mut libc::c_void,
    len: usize,
    fd: libc::c_int,
    created: Option<&'a CStr>,
}

impl<'a> ByHand<'a> {
    fn open(path: &'a CStr) -> Self {
        // SAFETY: `path` is a C string.
        let fd = unsafe { libc::shm_open(path.as_ptr(), libc::O_RDWR, 0) };
        assert!(fd >= 0, "shm_open");
        // SAFETY: a `stat` is plain numbers.
        let mut stat: libc::stat = unsafe { std::mem::zeroed() };
        // SAFETY: `stat` is a place for the answer.
        assert!(unsafe { libc::fstat(fd, &raw mut stat) } == 0, "fstat");
        let opened = Self::map(fd, usize::try_from(stat.st_size).expect("a length"), None);
        black_box(opened.word().load(Ordering::Acquire));
        opened
    }

    fn create(path: &'a CStr, len: usize) -> Self {
        let flags = libc::O_RDWR | libc::O_CREAT | libc::O_EXCL;
        // SAFETY: `path` is a C string.
        let fd = unsafe { libc::shm_open(path.as_ptr(), flags, 0o600) };
        Self::size_and_map(fd, len, Some(path))
    }

    fn memfd(len: usize) -> Self {
        // SAFETY: the name is a C string.
        let fd = unsafe { libc::memfd_create(c"bench".as_ptr(), libc::MFD_CLOEXEC) };
        Self::size_and_map(fd, len, None)
    }

    fn size_and_map(fd: libc::c_int, len: usize, created: Option<&'a CStr>) -> Self {
        assert!(fd >= 0, "shm_open or memfd_create");
        let size = libc::off_t::try_from(len).expect("a length");
        // SAFETY: takes numbers.
        assert!(unsafe { libc::ftruncate(fd, size) } == 0, "ftruncate");
        let made = Self::map(fd, len, created);
        made.word().store(1, Ordering::Release);
        made
    }

    fn map(fd: libc::c_int, len: usize, created: Option<&'a CStr>) -> Self {
        let access = libc::PROT_READ | libc::PROT_WRITE;
        // SAFETY: no address is asked for, so nothing that exists is replaced.
        let base = unsafe { libc::mmap(ptr::null_mut(), len, access, libc::MAP_SHARED, fd, 0) };
        assert!(base != libc::MAP_FAILED, "mmap");
        ByHand {
            base,
            len,
            fd,
            created,
        }
    }

    fn word(&self) -> &AtomicU64 {
        // SAFETY: a mapping is aligned to a page, longer than this, and lives as long as `self`.
        unsafe { &*self.base.cast() }
    }
}

impl Drop for ByHand<'_> {
    fn drop(&mut self) {
        // SAFETY: nothing is borrowed from the mapping any more.
        unsafe { libc::munmap(self.base, self.len) };
        // SAFETY: the descriptor is this value's own.
        unsafe { libc::close(self.fd) };
        if let Some(path) = self.created {
            // SAFETY: `path` is a C string.
            unsafe { libc::shm_unlink(path.as_ptr()) };
        }
    }
}
