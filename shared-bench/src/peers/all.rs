//! All peers, in the order of the tables, and what they need together.

use super::run::{run, unique};
use super::{boost, by_hand, in_process, ours, pthread, python, shared_memory};
#[cfg(feature = "peers")]
use super::{iceoryx2, mmap_sync, raw_sync, redis};
use crate::harness::Entry;
use crate::work::peer::Peer;
use crate::work::record::SMALL;
use crate::work::recovery;

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
        all.extend(super::left_out::LeftOut.$list$(::<$size>)?($($argument)?));
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

/// What the peers are that no lock file tells, and their versions, if they are there.
pub(crate) fn versions() -> [(&'static str, Option<String>); 3] {
    #[cfg(feature = "peers")]
    let redis = redis::version();
    #[cfg(not(feature = "peers"))]
    let redis = None;
    [
        ("Boost", boost::version()),
        ("Python", python::version()),
        ("Redis server", redis),
    ]
}
