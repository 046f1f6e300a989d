//! A program that forbids every warning and unsafe code, and reads none of its fields.

#![forbid(warnings, missing_docs, unused, drop_bounds, unsafe_code)]

use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct Progress {
    done: u64,
    phase: Phase,
    limits: [Limits; 2],
}

#[derive(SharedState)]
enum Phase {
    Idle,
    Busy,
}

#[derive(SharedState)]
struct Limits(u32, u32);

/// Public, in a program.
#[derive(SharedState)]
pub struct Public {
    /// Documented.
    pub value: u8,
    /// Not.
    pub other: [u8; 2],
}

pub fn main() {
    let progress = Progress {
        done: 0,
        phase: Phase::Idle,
        limits: [Limits(0, 1), Limits(2, 3)],
    };
    let progress = Shared::new(progress).map_err(drop);
    drop(progress);
    drop(Shared::new(Public {
        value: 0,
        other: [0; 2],
    }));
}
