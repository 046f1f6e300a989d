//! The crate `mmap-sync`: one writer, who serialises a value into one of two files, and readers who count themselves
//! in. It has no read-modify-write, and two writers are refused or overwrite each other.
//!
//! A writer sleeps as long as a reader is in the file that it needs, for a second at a time by default. Here that is a
//! microsecond, or a column would be of the sleep alone. A reader that looks up the file just before a writer turns to
//! it counts itself in too late, and then reads what is being written.

#![allow(unsafe_code)]

use std::ffi::OsString;
use std::time::Duration;

use ::mmap_sync::locks::LockDisabled;
use ::mmap_sync::synchronizer::Synchronizer;

use super::lock::OneWord;
use super::run::unique;
use crate::harness::job::{Contender, Entry, Op};
use crate::harness::processes;
use crate::rows::MMAP_SYNC;
use crate::work::counter::CounterJob;
use crate::work::peer::Peer;
use crate::work::record::{Record, RecordJob, Words};
use crate::work::recovery;

const ONE_WRITER: &str = "one writer, and no read-modify-write";

pub(super) struct MmapSync;

impl Peer for MmapSync {
    fn counters(&self) -> Vec<Entry> {
        let join = |_| CounterJob(OneWord(Files::<1>::join()));
        let contender = processes(join).without(Op::Add, ONE_WRITER);
        vec![Entry::new(MMAP_SYNC, contender)]
    }

    fn records<const N: usize>(&self) -> Vec<Entry> {
        let join = |_| RecordJob::new(Files::<N>::join());
        let contender: Contender = processes(join).without(Op::Change, ONE_WRITER);
        vec![Entry::new(MMAP_SYNC, contender)]
    }

    fn holders(&self) -> Vec<recovery::Entry> {
        vec![(
            MMAP_SYNC,
            Err("nothing is held: a value is not there until it is whole".to_owned()),
        )]
    }
}

/// Looks every microsecond whether readers have gone.
type Synced = Synchronizer<wyhash::WyHash, LockDisabled, 1024, 1_000>;

/// How long a writer waits for a reader before it takes it for dead.
const GRACE: Duration = Duration::from_millis(100);

struct Files<const N: usize> {
    files: Synced,
    prefix: OsString,
}

impl<const N: usize> Files<N> {
    /// The first worker joins before the others, and writes a first value.
    fn join() -> Self {
        let prefix = OsString::from(format!("/dev/shm/{}", unique(&format!("mmap-{N}"))));
        let mut joined = Files {
            files: Synced::with_params(&prefix),
            prefix,
        };
        // SAFETY: the value is not used any more when this line is done.
        let there = unsafe { joined.files.read::<[u64; N]>(false) }.is_ok();
        if !there {
            joined.write(&Words::ZERO);
        }
        joined
    }
}

impl<const N: usize> Record<N> for Files<N> {
    fn read(&mut self, out: &mut Words<N>) {
        // SAFETY: the value is copied at once, and was written by this type.
        let value = unsafe { self.files.read::<[u64; N]>(false) };
        out.words = *value.expect("read");
    }

    fn write(&mut self, value: &Words<N>) {
        self.files.write(&value.words, GRACE).expect("written");
    }

    fn change(&mut self, _: impl FnMut(&mut Words<N>)) {
        unreachable!("it lacks that")
    }
}

impl<const N: usize> Drop for Files<N> {
    /// The worker that ends first removes the files; the others have them mapped.
    fn drop(&mut self) {
        for which in ["_state", "_data_0", "_data_1"] {
            let mut path = self.prefix.clone();
            path.push(which);
            let _ = std::fs::remove_file(path);
        }
    }
}
