//! `pthread_mutex_t` between processes, as C programs do it, and its condition variable.
//!
//! The plain one is lost when its holder dies. The robust one is handed on, and says so, with the value as the dead
//! holder left it: to repair that is the caller's business. With two images there is nothing to repair.

#![allow(unsafe_code)]

use std::cell::UnsafeCell;
use std::mem::MaybeUninit;

use super::lock::{Guarded, Lock, OneWord};
use super::two_images::TwoImages;
use crate::harness::job::{Contender, Entry};
use crate::harness::memory::shared_zeros;
use crate::harness::processes;
use crate::rows::{REPAIRED, ROBUST};
use crate::work::counter::CounterJob;
use crate::work::hand_over::{self, HandOver};
use crate::work::peer::Peer;
use crate::work::record::{RecordJob, SMALL};
use crate::work::recovery;

const SHARED: &str = "pthread mutex, process-shared";

/// A mutex between processes.
#[repr(transparent)]
pub(crate) struct Mutex<const IS_ROBUST: bool>(UnsafeCell<libc::pthread_mutex_t>);

impl<const IS_ROBUST: bool> Lock for Mutex<IS_ROBUST> {
    fn init(&self) {
        let mut attributes = MaybeUninit::uninit();
        let attributes = attributes.as_mut_ptr();
        // SAFETY: a place for the attributes.
        ok(unsafe { libc::pthread_mutexattr_init(attributes) });
        let shared = libc::PTHREAD_PROCESS_SHARED;
        // SAFETY: they have been initialised.
        ok(unsafe { libc::pthread_mutexattr_setpshared(attributes, shared) });
        if IS_ROBUST {
            let robust = libc::PTHREAD_MUTEX_ROBUST;
            // SAFETY: as above.
            ok(unsafe { libc::pthread_mutexattr_setrobust(attributes, robust) });
        }
        // SAFETY: as above, and nobody uses the mutex yet.
        ok(unsafe { libc::pthread_mutex_init(self.0.get(), attributes) });
    }

    #[inline]
    fn with<R>(&self, f: impl FnOnce() -> R) -> R {
        // SAFETY: the mutex has been initialised, and is never destroyed.
        let locked = unsafe { libc::pthread_mutex_lock(self.0.get()) };
        if locked == libc::EOWNERDEAD {
            // SAFETY: this thread holds it.
            ok(unsafe { libc::pthread_mutex_consistent(self.0.get()) });
        } else {
            ok(locked);
        }
        let result = f();
        // SAFETY: this thread holds it.
        ok(unsafe { libc::pthread_mutex_unlock(self.0.get()) });
        result
    }
}

#[inline]
fn ok(result: libc::c_int) {
    assert_eq!(result, 0, "a call of pthreads");
}

fn guarded<const IS_ROBUST: bool, const N: usize>() -> Guarded<Mutex<IS_ROBUST>, N> {
    // SAFETY: a `pthread_mutex_t` is plain bytes, and is initialised for use between processes.
    unsafe { Guarded::new() }
}

fn two_images<const N: usize>() -> TwoImages<Mutex<true>, N> {
    // SAFETY: as above.
    unsafe { TwoImages::new() }
}

fn record<const IS_ROBUST: bool, const N: usize>() -> Contender {
    let value = guarded::<IS_ROBUST, N>();
    processes(move |_| RecordJob::new(value.clone()))
}

fn counter<const IS_ROBUST: bool>() -> Contender {
    let value = guarded::<IS_ROBUST, 1>();
    processes(move |_| CounterJob(OneWord(value.clone())))
}

pub(super) struct Pthread;

impl Peer for Pthread {
    fn counters(&self) -> Vec<Entry> {
        vec![
            Entry::new(SHARED, counter::<false>()),
            Entry::new(ROBUST, counter::<true>()),
        ]
    }

    fn records<const N: usize>(&self) -> Vec<Entry> {
        vec![
            Entry::new(SHARED, record::<false, N>()),
            Entry::new(ROBUST, record::<true, N>()),
            Entry::new(REPAIRED, {
                let value = two_images::<N>();
                processes(move |_| RecordJob::new(value.clone()))
            }),
        ]
    }

    fn hand_overs(&self) -> Vec<Entry> {
        let event = Event::new();
        vec![hand_over::entry("pthread mutex and condition", move || {
            event
        })]
    }

    fn holders(&self) -> Vec<recovery::Entry> {
        vec![
            recovery::entry(SHARED, guarded::<false, SMALL>),
            recovery::entry(ROBUST, guarded::<true, SMALL>),
            recovery::entry(REPAIRED, two_images::<SMALL>),
        ]
    }
}

/// Two numbers that can be waited for.
#[derive(Clone, Copy)]
struct Event(&'static Shared);

struct Shared {
    mutex: Mutex<false>,
    condition: UnsafeCell<libc::pthread_cond_t>,
    numbers: UnsafeCell<[u32; 2]>,
}

impl Event {
    fn new() -> Self {
        // SAFETY: plain bytes, initialised below, and used under the mutex.
        let shared: &Shared = unsafe { shared_zeros() };
        shared.mutex.init();
        let mut attributes = MaybeUninit::uninit();
        let attributes = attributes.as_mut_ptr();
        // SAFETY: a place for the attributes.
        ok(unsafe { libc::pthread_condattr_init(attributes) });
        let kind = libc::PTHREAD_PROCESS_SHARED;
        // SAFETY: they have been initialised.
        ok(unsafe { libc::pthread_condattr_setpshared(attributes, kind) });
        // SAFETY: as above, and nobody uses the condition yet.
        ok(unsafe { libc::pthread_cond_init(shared.condition.get(), attributes) });
        Event(shared)
    }
}

impl HandOver for Event {
    fn set(&mut self, which: usize, number: u32) {
        self.0.mutex.with(|| {
            // SAFETY: the mutex is held.
            let numbers = unsafe { &mut *self.0.numbers.get() };
            numbers[which] = number;
            // SAFETY: the condition has been initialised. Both directions share it.
            ok(unsafe { libc::pthread_cond_broadcast(self.0.condition.get()) });
        });
    }

    fn wait(&mut self, which: usize, number: u32) {
        self.0.mutex.with(|| {
            let now = || {
                // SAFETY: the mutex is held.
                let numbers = unsafe { &*self.0.numbers.get() };
                numbers[which]
            };
            while now() != number {
                let mutex = self.0.mutex.0.get();
                // SAFETY: both have been initialised, and the mutex is held.
                ok(unsafe { libc::pthread_cond_wait(self.0.condition.get(), mutex) });
            }
        });
    }
}
