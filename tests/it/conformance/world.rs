//! The state of all tests here: something of every kind, and a desk at which the processes meet.

use std::thread::{sleep, yield_now};
use std::time::Duration;

use shmstate::{Locked, Shared, SharedState};

use super::slot::SlotFile;

pub(crate) type State = Shared<World>;

/// Each change adds 1 to both.
pub(crate) type Pair = (u64, u64);

/// How many children have a seat.
pub(crate) const SEATS: usize = 8;

/// It is made of zeros, so nothing of it passes over a stack.
#[derive(SharedState)]
pub(crate) struct World {
    pub pair: Pair, // the first, where `SlotFile` finds it
    pub desk: Desk,
    pub figures: Figures,
    pub locked_figures: LockedFigures,
    pub numbers: [i64; 64],
    #[shared(lock)]
    pub door: u32,
    #[shared(watch)]
    pub watched_door: u32,
    #[shared(watch)]
    pub watched_doors: [u32; 4],
    #[shared(capacity = 8)]
    pub text: String,
    #[shared(capacity = 8)]
    pub list: Vec<u32>,
    #[shared(capacity = 200)]
    pub told: String,
    pub byte: Marked<0, 1>,
    pub word: Marked<1, 0>,
    pub line: Marked<8, 0>,
    pub page: Marked<125, 0>,
    pub large: Marked<8192, 0>,
}

/// Where the processes of a test say how far they are. Who waits here looks again and again: what is tested is not used
/// for it.
#[derive(SharedState)]
pub(crate) struct Desk {
    /// The process in each seat.
    pub ids: [u32; SEATS],
    /// How far it has come.
    pub steps: [u64; SEATS],
    /// How far it may go.
    pub orders: [u64; SEATS],
    /// A role has panicked.
    pub failed: bool,
}

/// What `doubles` doubles.
#[derive(SharedState, Clone, Debug, PartialEq)]
pub(crate) struct Figures {
    pub int: i32,
    pub double: f64,
    pub long: i64,
    pub point: Point,
    pub array: [i16; 3],
    #[shared(capacity = 16)]
    pub text: String,
}

#[derive(SharedState, Clone, Debug, PartialEq)]
pub(crate) struct Point {
    pub x: f32,
    pub y: f32,
}

/// The same under one lock.
#[derive(SharedState, Clone, Debug, PartialEq)]
#[shared(lock)]
pub(crate) struct LockedFigures {
    pub int: i32,
    pub double: f64,
    pub long: i64,
    pub point: Point,
    pub array: [i16; 3],
    #[shared(capacity = 16)]
    pub text: String,
}

/// Every word and byte says which write it came from.
#[derive(SharedState, Clone, Copy, PartialEq)]
#[shared(lock)]
pub(crate) struct Marked<const WORDS: usize, const BYTES: usize> {
    pub words: [u64; WORDS],
    pub bytes: [u8; BYTES],
}

/// The lock word of `pair`, and the words behind it.
pub(crate) fn file_of(state: &State) -> SlotFile {
    if let Some(name) = Shared::name(state) {
        return SlotFile::of(name);
    }
    // The descriptor of this process, which is the last part of the token.
    let token = state.token();
    let (_, number) = token.rsplit_once(':').expect("that of a descriptor");
    SlotFile::behind(&format!("/proc/self/fd/{number}"))
}

pub(crate) fn add(pair: &mut Pair) {
    pair.0 += 1;
    pair.1 += 1;
}

/// So many changes were made, and so many who held the lock have died.
#[track_caller]
pub(crate) fn check(pair: &Locked<Pair>, expected: u64, recoveries: u64) {
    assert_eq!(pair.get(), (expected, expected));
    assert_eq!(pair.recoveries(), recoveries, "taken over so often");
}

/// Waits for what another process does. If that process fails, it will not come.
#[track_caller]
pub(crate) fn until(state: &State, mut there: impl FnMut() -> bool) {
    for look in 0_u32.. {
        if there() {
            return;
        }
        let failed = state.desk.failed.get();
        assert!(!failed, "another process has failed: see what it printed");
        if look < 20 {
            yield_now();
        } else {
            sleep(Duration::from_micros(50)); // others want the processor, too
        }
    }
}
