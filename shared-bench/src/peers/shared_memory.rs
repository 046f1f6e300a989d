//! The crate `shared_memory` alone: it makes and maps segments, and leaves the rest to its user, who here does without
//! a lock. So what two processes change at a time is lost, and what one reads while another writes is torn.
//!
//! It unlinks the name when the creator's mapping is dropped, also in a forked child; hence each worker opens its own.

#![allow(unsafe_code)]

use std::ptr;

use shared_memory::{Shmem, ShmemConf};

use super::lock::OneWord;
use super::run::unique;
use crate::harness::job::{Entry, Op};
use crate::harness::processes;
use crate::rows::SHARED_MEMORY;
use crate::work::counter::CounterJob;
use crate::work::peer::Peer;
use crate::work::record::{Record, RecordJob, Words};
use crate::work::segment::{Segment, SegmentJob};

const NAMES_ONLY: &str = "it has names only";

pub(super) struct SharedMemory;

impl Peer for SharedMemory {
    fn counters(&self) -> Vec<Entry> {
        let join = |worker| CounterJob(OneWord(Plain::<1>::join(worker)));
        vec![Entry::new(SHARED_MEMORY, processes(join))]
    }

    fn records<const N: usize>(&self) -> Vec<Entry> {
        let join = |worker| RecordJob::new(Plain::<N>::join(worker));
        vec![Entry::new(SHARED_MEMORY, processes(join))]
    }

    fn segments(&self) -> Vec<Entry> {
        let contender = processes(|_| SegmentJob(Segments::new()))
            .without(Op::CreateUnnamed, NAMES_ONLY)
            .without(Op::Inherit, NAMES_ONLY);
        vec![Entry::new("`shared_memory`", contender)]
    }
}

struct Plain<const N: usize>(Shmem);

impl<const N: usize> Plain<N> {
    fn join(worker: usize) -> Self {
        let conf = ShmemConf::new()
            .os_id(unique(&format!("plain-{N}")))
            .size(size_of::<Words<N>>());
        // The first one creates, and is there before the others.
        let opened = match worker {
            0 => conf.create(),
            _ => conf.open(),
        };
        Plain(opened.expect("a segment"))
    }

    fn value(&self) -> *mut Words<N> {
        self.0.as_ptr().cast()
    }
}

impl<const N: usize> Record<N> for Plain<N> {
    fn read(&mut self, out: &mut Words<N>) {
        // SAFETY: both are live and aligned; others may write meanwhile, into plain numbers.
        unsafe { ptr::copy_nonoverlapping(self.value(), out, 1) };
    }

    fn write(&mut self, value: &Words<N>) {
        // SAFETY: as above.
        unsafe { ptr::copy_nonoverlapping(value, self.value(), 1) };
    }

    fn change(&mut self, mut f: impl FnMut(&mut Words<N>)) {
        // SAFETY: as above.
        f(unsafe { &mut *self.value() });
    }
}

struct Segments {
    _existing: Shmem,
    name: String,
    fresh: String,
}

const LEN: usize = 4096;

impl Segments {
    fn new() -> Self {
        let name = unique("shared_memory");
        let conf = ShmemConf::new().os_id(&name).size(LEN);
        Segments {
            _existing: conf.create().expect("created"),
            fresh: format!("{name}-fresh"),
            name,
        }
    }
}

fn touched(made: Shmem) -> Shmem {
    // SAFETY: it is mapped, and longer.
    std::hint::black_box(unsafe { made.as_ptr().read_volatile() });
    made
}

impl Segment for Segments {
    type Made = Shmem;

    fn create(&mut self) -> Shmem {
        let conf = ShmemConf::new().os_id(&self.fresh).size(LEN);
        touched(conf.create().expect("created"))
    }

    fn create_unnamed(&mut self) -> Shmem {
        unreachable!("it lacks that")
    }

    fn open(&mut self) -> Shmem {
        touched(ShmemConf::new().os_id(&self.name).open().expect("opened"))
    }

    fn open_or_create(&mut self) -> Shmem {
        // As its documentation shows it.
        let conf = || ShmemConf::new().os_id(&self.name).size(LEN);
        match conf().create() {
            Ok(made) => touched(made),
            Err(_) => touched(conf().open().expect("opened")),
        }
    }

    fn inherit(&mut self) -> Shmem {
        unreachable!("it lacks that")
    }
}
