//! What a careful programmer writes, without the care: the limits.
//!
//! `memcpy` and relaxed words copy without any lock, and so may tear, and lose changes. The futex lock is the least
//! that a lock between processes can be: it is lost when its holder dies. The raw calls check nothing.

#![allow(unsafe_code)]

use std::cell::UnsafeCell;
use std::ffi::{CStr, CString};
use std::hint::black_box;
use std::ptr;
use std::sync::atomic::{
    AtomicU32, AtomicU64,
    Ordering::{Acquire, Relaxed, Release, SeqCst},
};

use super::lock::{Guarded, Lock, OneWord};
use super::run::unique;
use super::two_images::{TwoImages, Word};
use crate::harness::job::Entry;
use crate::harness::memory::{Line, shared_zeros};
use crate::harness::processes;
use crate::rows::{FUTEX, MEMCPY, RAW_CALLS, SLEEPS, SPINS, TWO_IMAGES, WORDS};
use crate::work::counter::CounterJob;
use crate::work::hand_over::{self, HandOver};
use crate::work::peer::Peer;
use crate::work::record::{Record, RecordJob, SMALL, Words};
use crate::work::recovery;
use crate::work::segment::{Segment, SegmentJob};

pub(super) struct ByHand;

impl Peer for ByHand {
    fn counters(&self) -> Vec<Entry> {
        let value = futex::<1>();
        vec![Entry::new(
            FUTEX,
            processes(move |_| CounterJob(OneWord(value.clone()))),
        )]
    }

    fn records<const N: usize>(&self) -> Vec<Entry> {
        let (bytes, words) = (Bytes::<N>::new(), Atomics::<N>::new());
        // SAFETY: it is an atomic.
        let two_images = unsafe { TwoImages::<Word, N>::new() };
        let join = move |_| RecordJob::new(two_images.clone());
        let mut all = vec![
            Entry::new(MEMCPY, processes(move |_| RecordJob::new(bytes))),
            Entry::new(WORDS, processes(move |_| RecordJob::new(words))),
            Entry::new(TWO_IMAGES, processes(join)),
        ];
        all.extend(locks::<N>());
        all
    }

    fn segments(&self) -> Vec<Entry> {
        let names = ["raw", "raw-fresh"];
        let join = move |_| SegmentJob(RawSegments::new(names.map(path)));
        vec![Entry::new(RAW_CALLS, processes(join))]
    }

    fn hand_overs(&self) -> Vec<Entry> {
        // SAFETY: it is made of atomics.
        let [spins, sleeps]: [&[Line<Event>; 2]; 2] = [(); 2].map(|()| unsafe { shared_zeros() });
        vec![
            hand_over::entry(SPINS, move || Events(spins, 2_000)),
            hand_over::entry(SLEEPS, move || Events(sleeps, 0)),
        ]
    }

    fn holders(&self) -> Vec<recovery::Entry> {
        vec![recovery::entry(FUTEX, futex::<SMALL>)]
    }
}

/// Those that lock.
pub(super) fn locks<const N: usize>() -> Vec<Entry> {
    let value = futex::<N>();
    let join = move |_| RecordJob::new(value.clone());
    vec![Entry::new(FUTEX, processes(join))]
}

/// Copied as if nobody else was there.
#[derive(Clone, Copy)]
struct Bytes<const N: usize>(&'static Line<UnsafeCell<Words<N>>>);

impl<const N: usize> Bytes<N> {
    fn new() -> Self {
        // SAFETY: zeros are a value. That it is used without a lock is what is measured.
        Bytes(unsafe { shared_zeros() })
    }
}

impl<const N: usize> Record<N> for Bytes<N> {
    fn read(&mut self, out: &mut Words<N>) {
        // SAFETY: both are live; others may write meanwhile, into plain numbers.
        unsafe { ptr::copy_nonoverlapping(self.0.0.get(), out, 1) };
    }

    fn write(&mut self, value: &Words<N>) {
        // SAFETY: as above.
        unsafe { ptr::copy_nonoverlapping(value, self.0.0.get(), 1) };
    }

    fn change(&mut self, mut f: impl FnMut(&mut Words<N>)) {
        // SAFETY: as above.
        f(unsafe { &mut *self.0.0.get() });
    }
}

/// Copied word by word.
#[derive(Clone, Copy)]
struct Atomics<const N: usize>(&'static Line<[AtomicU64; N]>);

impl<const N: usize> Atomics<N> {
    fn new() -> Self {
        // SAFETY: they are atomics.
        Atomics(unsafe { shared_zeros() })
    }
}

impl<const N: usize> Record<N> for Atomics<N> {
    fn read(&mut self, out: &mut Words<N>) {
        for (out, word) in out.words.iter_mut().zip(&self.0.0) {
            *out = word.load(Relaxed);
        }
    }

    fn write(&mut self, value: &Words<N>) {
        for (word, value) in self.0.0.iter().zip(value.words) {
            word.store(value, Relaxed);
        }
    }

    fn change(&mut self, mut f: impl FnMut(&mut Words<N>)) {
        let mut value = Words::ZERO;
        self.read(&mut value);
        f(&mut value);
        self.write(&value);
    }
}

/// One word: 0 free, 1 held, 2 held and somebody may sleep.
#[repr(transparent)]
struct Futex(AtomicU32);

fn futex<const N: usize>() -> Guarded<Futex, N> {
    // SAFETY: it is an atomic, and the futex calls are between processes.
    unsafe { Guarded::new() }
}

impl Lock for Futex {
    fn init(&self) {}

    #[inline]
    fn with<R>(&self, f: impl FnOnce() -> R) -> R {
        if self.0.compare_exchange(0, 1, Acquire, Relaxed).is_err() {
            self.contended();
        }
        let result = f();
        if self.0.swap(0, Release) == 2 {
            futex_call(&self.0, libc::FUTEX_WAKE, 1);
        }
        result
    }
}

impl Futex {
    /// As `std::sync::Mutex` does it: it spins a little, then sleeps.
    #[cold]
    fn contended(&self) {
        let spin = || {
            for _ in 0..100 {
                if self.0.load(Relaxed) != 1 {
                    break;
                }
                std::hint::spin_loop();
            }
            self.0.load(Relaxed)
        };
        if spin() == 0 && self.0.compare_exchange(0, 1, Acquire, Relaxed).is_ok() {
            return;
        }
        while self.0.swap(2, Acquire) != 0 {
            futex_call(&self.0, libc::FUTEX_WAIT, 2);
            spin();
        }
    }
}

fn futex_call(word: &AtomicU32, operation: libc::c_int, value: u32) {
    // SAFETY: the word is a live one; these operations ignore the other arguments.
    unsafe {
        libc::syscall(
            libc::SYS_futex,
            word.as_ptr(),
            operation,
            value,
            ptr::null::<libc::timespec>(),
        )
    };
}

/// A number, and whether somebody sleeps until it changes.
#[repr(C)]
struct Event {
    number: AtomicU32,
    sleeps: AtomicU32,
}

/// One for each direction, and how often a waiter looks before it sleeps.
struct Events(&'static [Line<Event>; 2], u32);

impl HandOver for Events {
    fn set(&mut self, which: usize, number: u32) {
        let event = &self.0[which].0;
        event.number.store(number, SeqCst);
        if event.sleeps.load(SeqCst) != 0 {
            futex_call(&event.number, libc::FUTEX_WAKE, i32::MAX.unsigned_abs());
        }
    }

    fn wait(&mut self, which: usize, number: u32) {
        let event = &self.0[which].0;
        for _ in 0..self.1 {
            if event.number.load(Acquire) == number {
                return;
            }
            std::hint::spin_loop();
        }
        event.sleeps.store(1, SeqCst);
        loop {
            let now = event.number.load(SeqCst);
            if now == number {
                break;
            }
            futex_call(&event.number, libc::FUTEX_WAIT, now);
        }
        event.sleeps.store(0, Relaxed);
    }
}

fn path(what: &str) -> CString {
    CString::new(format!("/{}", unique(what))).expect("no NUL")
}

/// The length of a segment that is made by hand; ours with the same fields are of one page too.
const LEN: usize = 4096;

struct RawSegments {
    existing: Raw,
    fresh: CString,
}

impl RawSegments {
    fn new([existing, fresh]: [CString; 2]) -> Self {
        let flags = libc::O_CREAT | libc::O_EXCL;
        RawSegments {
            existing: Raw::by_name(&existing, flags),
            fresh,
        }
    }

    fn name(&self) -> &CStr {
        self.existing.created.as_deref().expect("it was created")
    }
}

impl Segment for RawSegments {
    type Made = Raw;

    fn create(&mut self) -> Raw {
        Raw::by_name(&self.fresh, libc::O_CREAT | libc::O_EXCL)
    }

    fn create_unnamed(&mut self) -> Raw {
        // SAFETY: the name is a C string.
        let fd = unsafe { libc::memfd_create(c"bench".as_ptr(), libc::MFD_CLOEXEC) };
        Raw::of_file(fd, None)
    }

    fn open(&mut self) -> Raw {
        Raw::by_name(self.name(), 0)
    }

    fn open_or_create(&mut self) -> Raw {
        // As most do it: create, and if that fails, open.
        let mut raw = Raw::by_name(self.name(), libc::O_CREAT);
        raw.created = None;
        raw
    }

    fn inherit(&mut self) -> Raw {
        Raw::map(self.existing.fd, None, false)
    }
}

/// A mapping, its descriptor if it is to be closed, and its name if it is to be removed.
struct Raw {
    base: *mut libc::c_void,
    fd: libc::c_int,
    close: bool,
    created: Option<CString>,
}

impl Raw {
    fn by_name(path: &CStr, flags: libc::c_int) -> Self {
        // SAFETY: `path` is a C string.
        let fd = unsafe { libc::shm_open(path.as_ptr(), libc::O_RDWR | flags, 0o600) };
        assert!(fd >= 0, "shm_open");
        if flags & libc::O_CREAT != 0 {
            return Self::of_file(fd, Some(path.to_owned()));
        }
        // SAFETY: a `stat` is plain numbers.
        let mut stat: libc::stat = unsafe { std::mem::zeroed() };
        // SAFETY: `stat` is a place for the answer.
        assert!(unsafe { libc::fstat(fd, &raw mut stat) } == 0, "fstat");
        Self::map(fd, None, true)
    }

    /// Of an empty file.
    fn of_file(fd: libc::c_int, created: Option<CString>) -> Self {
        let len = libc::off_t::try_from(LEN).expect("a length");
        // SAFETY: takes numbers.
        assert!(unsafe { libc::ftruncate(fd, len) } == 0, "ftruncate");
        let made = Self::map(fd, created, true);
        made.word().store(1, Release);
        made
    }

    fn map(fd: libc::c_int, created: Option<CString>, close: bool) -> Self {
        let access = libc::PROT_READ | libc::PROT_WRITE;
        // SAFETY: no address is asked for, so nothing that exists is replaced.
        let base = unsafe { libc::mmap(ptr::null_mut(), LEN, access, libc::MAP_SHARED, fd, 0) };
        assert!(base != libc::MAP_FAILED, "mmap");
        let made = Raw {
            base,
            fd,
            close,
            created,
        };
        black_box(made.word().load(Acquire));
        made
    }

    fn word(&self) -> &AtomicU64 {
        // SAFETY: a mapping is aligned to a page, longer than this, and lives as long as `self`.
        unsafe { &*self.base.cast() }
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        // SAFETY: nothing is borrowed from the mapping any more.
        unsafe { libc::munmap(self.base, LEN) };
        if self.close {
            // SAFETY: the descriptor is this value's own.
            unsafe { libc::close(self.fd) };
        }
        if let Some(path) = &self.created {
            // SAFETY: `path` is a C string.
            unsafe { libc::shm_unlink(path.as_ptr()) };
        }
    }
}
