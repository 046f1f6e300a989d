//! What one would pick instead, each in a file that says what it does and what it does not.

#![allow(unsafe_code)]

mod boost;
mod by_hand;
mod in_process;
mod lock;
mod ours;
mod pthread;
mod python;
mod shared_memory;
mod text;
mod two_images;

#[cfg(feature = "peers")]
mod iceoryx2;
#[cfg(not(feature = "peers"))]
mod left_out;
#[cfg(feature = "peers")]
mod mmap_sync;
#[cfg(feature = "peers")]
mod raw_sync;
#[cfg(feature = "peers")]
mod redis;

use std::sync::OnceLock;
use std::sync::atomic::AtomicU64;

use crate::harness::memory::shared_zeros;
use crate::harness::{Entry, processes};
use crate::work::hand_over::{HandOver, HandOverJob};
use crate::work::record::{Record, SMALL};
use crate::work::recovery::{self, Holder};

pub(crate) mod names {
    //! The rows that a bar is about.

    pub(crate) use super::by_hand::{FUTEX, MEMCPY, RAW_CALLS, SLEEPS, SPINS, WORDS};
    pub(crate) use super::in_process::{ATOMIC as STD_ATOMIC, MUTEX as STD_MUTEX};
    pub(crate) use super::ours::{ATOMIC, LOCKED, SEGMENT, WATCHED};
    pub(crate) use super::pthread::{REPAIRED, ROBUST};
    pub(crate) const MMAP_SYNC: &str = "`mmap-sync`";
    pub(crate) use super::two_images::TWO_IMAGES;
}

/// The rows of a peer, for each kind of work that it can do.
trait Lists {
    fn counters(&self) -> Vec<Entry> {
        Vec::new()
    }

    fn records<const N: usize>(&self) -> Vec<Entry> {
        Vec::new()
    }

    fn fields(&self, _count: usize) -> Vec<Entry> {
        Vec::new()
    }

    fn segments(&self) -> Vec<Entry> {
        Vec::new()
    }

    fn hand_overs(&self) -> Vec<Entry> {
        Vec::new()
    }

    fn holders(&self) -> Vec<recovery::Entry> {
        Vec::new()
    }
}

/// Calls a function of all peers, in the order of the tables.
macro_rules! all {
    ($list:ident $(::<$size:ident>)? ($($argument:expr)?)) => {{
        let mut all = ours::Ours.$list$(::<$size>)?($($argument)?);
        all.extend(in_process::InProcess.$list$(::<$size>)?($($argument)?));
        all.extend(by_hand::ByHand.$list$(::<$size>)?($($argument)?));
        all.extend(pthread::Pthread.$list$(::<$size>)?($($argument)?));
        all.extend(shared_memory::SharedMemory.$list$(::<$size>)?($($argument)?));
        #[cfg(feature = "peers")]
        {
            all.extend(raw_sync::RawSync.$list$(::<$size>)?($($argument)?));
            all.extend(iceoryx2::Iceoryx2.$list$(::<$size>)?($($argument)?));
            all.extend(mmap_sync::MmapSync.$list$(::<$size>)?($($argument)?));
        }
        #[cfg(not(feature = "peers"))]
        all.extend(left_out::LeftOut.$list$(::<$size>)?($($argument)?));
        all.extend(boost::Boost.$list$(::<$size>)?($($argument)?));
        all.extend(python::Python.$list$(::<$size>)?($($argument)?));
        #[cfg(feature = "peers")]
        all.extend(redis::Redis.$list$(::<$size>)?($($argument)?));
        all
    }};
}

pub(crate) fn counters() -> Vec<Entry> {
    all!(counters())
}

pub(crate) fn records<const N: usize>() -> Vec<Entry> {
    all!(records::<N>())
}

pub(crate) fn fields(count: usize) -> Vec<Entry> {
    all!(fields(count))
}

pub(crate) fn segments() -> Vec<Entry> {
    all!(segments())
}

pub(crate) fn hand_overs() -> Vec<Entry> {
    all!(hand_overs())
}

pub(crate) fn holders() -> Vec<recovery::Entry> {
    all!(holders())
}

/// Those that are fast enough for millions a second, and our padded counters.
pub(crate) fn contended_counters() -> Vec<Entry> {
    let mut all = ours::padded();
    all.extend(ours::Ours.counters());
    all.extend(in_process::padded());
    all.extend(in_process::InProcess.counters());
    all.extend(by_hand::ByHand.counters());
    all.extend(pthread::Pthread.counters());
    all.extend(boost::Boost.counters());
    all
}

/// Those that several processes can change, and that are fast enough.
pub(crate) fn contended_records() -> Vec<Entry> {
    let mut all = ours::Ours.records::<SMALL>();
    all.extend(in_process::InProcess.records::<SMALL>());
    all.extend(by_hand::locks::<SMALL>());
    all.extend(pthread::Pthread.records::<SMALL>());
    #[cfg(feature = "peers")]
    all.extend(raw_sync::RawSync.records::<SMALL>());
    all.extend(boost::Boost.records::<SMALL>());
    all
}

/// What all peers together need, for as long as it lives.
pub(crate) struct Session;

impl Session {
    /// To be called by the process that forks all the others.
    pub(crate) fn start() -> Self {
        run();
        Session
    }
}

impl Drop for Session {
    /// Stops what was started for all rows together, and removes what killed workers have left behind.
    fn drop(&mut self) {
        #[cfg(feature = "peers")]
        {
            redis::stop();
            iceoryx2::clean_up();
        }
        let prefix = unique("");
        for entry in std::fs::read_dir("/dev/shm")
            .into_iter()
            .flatten()
            .flatten()
        {
            if entry.file_name().to_string_lossy().starts_with(&prefix) {
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }
}

/// The process that forks all the others.
fn run() -> u32 {
    static RUN: OnceLock<u32> = OnceLock::new();
    *RUN.get_or_init(std::process::id)
}

/// A name that no other run has. All workers of this one have the same for one `what`.
fn unique(what: &str) -> String {
    format!("shared-bench-{}-{what}", run())
}

/// A row of the recovery table: `make` makes a fresh lock, which each process that is forked then has.
fn holder<R: Record<SMALL> + Clone + 'static>(
    name: &'static str,
    make: impl Fn() -> R + 'static,
) -> recovery::Entry {
    let make: recovery::Make = Box::new(move || {
        let record = make();
        Box::new(move || Box::new(record.clone()) as Box<dyn Holder>)
    });
    (name, Ok(make))
}

/// A row of the hand-over table: `join` is called by each process.
fn hand_over<H: HandOver + 'static>(name: &'static str, join: impl Fn() -> H + 'static) -> Entry {
    // SAFETY: it is an atomic.
    let changed: &AtomicU64 = unsafe { shared_zeros() };
    Entry::new(name, processes(move |_| HandOverJob::new(join(), changed)))
}

pub(crate) use boost::version as boost_version;
pub(crate) use python::version as python_version;
#[cfg(feature = "peers")]
pub(crate) use redis::version as redis_version;

#[cfg(not(feature = "peers"))]
pub(crate) fn redis_version() -> Option<String> {
    None
}
