//! The crate `raw_sync`: pthread's mutex, and an event of mutex and condition, behind trait objects, in whatever memory
//! the user has. Neither survives a killed holder.

#![allow(unsafe_code)]

use std::mem::ManuallyDrop;

use ::raw_sync::Timeout;
use ::raw_sync::events::{Event, EventImpl, EventInit, EventState};
use ::raw_sync::locks::{LockImpl, LockInit, Mutex};

use super::lock::OneWord;
use crate::harness::job::Entry;
use crate::harness::memory::{Line, shared_zeros};
use crate::harness::processes;
use crate::rows::{RAW_SYNC_EVENT, RAW_SYNC_MUTEX};
use crate::work::counter::CounterJob;
use crate::work::hand_over::{self, HandOver};
use crate::work::peer::Peer;
use crate::work::record::{Record, RecordJob, SMALL, Words};
use crate::work::recovery;

pub(super) struct RawSync;

impl Peer for RawSync {
    fn counters(&self) -> Vec<Entry> {
        let place = Place::<1>::new();
        let join = move |_| CounterJob(OneWord(place.open()));
        vec![Entry::new(RAW_SYNC_MUTEX, processes(join))]
    }

    fn records<const N: usize>(&self) -> Vec<Entry> {
        let place = Place::<N>::new();
        let join = move |_| RecordJob::new(place.open());
        vec![Entry::new(RAW_SYNC_MUTEX, processes(join))]
    }

    fn hand_overs(&self) -> Vec<Entry> {
        // SAFETY: bytes, in which events are made.
        let places: &'static [Line<[u8; 256]>; 2] = unsafe { shared_zeros() };
        for place in places {
            assert!(Event::size_of(None) + 16 < 256, "too little room");
            // SAFETY: there is room, and nobody uses it yet. The `true` asks that a wait resets the event.
            let event = unsafe { Event::new(place.0.as_ptr().cast_mut(), true) };
            std::mem::forget(event.expect("made"));
        }
        let open = |place: &Line<[u8; 256]>| {
            // SAFETY: an event was made there.
            let opened = unsafe { Event::from_existing(place.0.as_ptr().cast_mut()) };
            ManuallyDrop::new(opened.expect("opened").0)
        };
        let join = move || Events([open(&places[0]), open(&places[1])]);
        vec![hand_over::entry(RAW_SYNC_EVENT, join)]
    }

    fn holders(&self) -> Vec<recovery::Entry> {
        let make: recovery::Make = Box::new(|| {
            let place = Place::<SMALL>::new();
            Box::new(move || Box::new(place.open()))
        });
        vec![(RAW_SYNC_MUTEX, Ok(make))]
    }
}

/// Room for a mutex, and the value beside it.
#[repr(C)]
struct Place<const N: usize> {
    lock: Line<[u8; 128]>,
    value: Line<Words<N>>,
}

impl<const N: usize> Place<N> {
    fn new() -> &'static Self {
        // SAFETY: bytes, in which a mutex is made; the value is used under it.
        let place: &Self = unsafe { shared_zeros() };
        assert!(Mutex::size_of(None) + 16 < 128, "too little room");
        // SAFETY: there is room, and nobody uses it yet.
        let made = unsafe { Mutex::new(place.lock(), place.value()) };
        std::mem::forget(made.expect("made"));
        place
    }

    fn lock(&self) -> *mut u8 {
        self.lock.0.as_ptr().cast_mut()
    }

    fn value(&self) -> *mut u8 {
        (&raw const self.value.0).cast_mut().cast()
    }

    fn open(&self) -> Value<N> {
        // SAFETY: a mutex was made there.
        let opened = unsafe { Mutex::from_existing(self.lock(), self.value()) };
        Value(ManuallyDrop::new(opened.expect("opened").0))
    }
}

struct Value<const N: usize>(ManuallyDrop<Box<dyn LockImpl>>);

impl<const N: usize> Value<N> {
    #[inline]
    fn with<R>(&self, f: impl FnOnce(&mut Words<N>) -> R) -> R {
        let guard = self.0.lock().expect("locked");
        let value = guard.cast::<Words<N>>();
        // SAFETY: the lock is held; the pointer is the one that the lock was made with.
        f(unsafe { &mut *value })
    }
}

impl<const N: usize> Record<N> for Value<N> {
    fn read(&mut self, out: &mut Words<N>) {
        self.with(|value| out.words = value.words);
    }

    fn write(&mut self, value: &Words<N>) {
        self.with(|place| place.words = value.words);
    }

    fn change(&mut self, f: impl FnMut(&mut Words<N>)) {
        self.with(f);
    }
}

/// One for each direction. A signal is one hand-over, whatever the number.
struct Events([ManuallyDrop<Box<dyn EventImpl>>; 2]);

impl HandOver for Events {
    fn set(&mut self, which: usize, _number: u32) {
        self.0[which].set(EventState::Signaled).expect("set");
    }

    fn wait(&mut self, which: usize, _number: u32) {
        self.0[which].wait(Timeout::Infinite).expect("waited");
    }
}
