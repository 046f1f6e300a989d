//! Lock-guarded slots within one process: what the derive makes of each attribute, how it lies in memory,
//! and what the verbs do. (`tests/locked_values` has them across processes.)

mod changes;
mod generic;
mod kinds;
mod layout;

use shmstate::{Shared, SharedState};

#[derive(SharedState, Clone, Debug, Default, PartialEq)]
struct Progress {
    started: bool,
    done: u64,
    ratio: f64,
    phase: Phase,
    per_worker: [u32; 8],
    limits: Limits,
    total: u128,
    #[shared(capacity = 64)]
    label: String,
    #[shared(capacity = 32)]
    recent: Vec<u32>,
    #[shared(lock)]
    window: Window,
}

#[derive(SharedState, Clone, Debug, Default, PartialEq)]
enum Phase {
    #[default]
    Idle,
    Busy,
}

#[derive(SharedState, Clone, Debug, Default, PartialEq)]
struct Limits {
    low: u32,
    high: u32,
}

#[derive(SharedState, Clone, Debug, Default, PartialEq)]
struct Window {
    low: u64,
    high: u64,
}

impl ProgressSlots {
    fn start(&self) {
        self.started.set(true);
    }
}

#[test]
fn a_struct_of_every_kind_of_field_works_as_written() {
    let progress = Shared::new(Progress::default()).unwrap();
    progress.start();
    progress.done.fetch_add(1);
    progress.per_worker[3].set(7);
    progress.phase.set(Phase::Busy);
    progress.total.modify(|total| *total += 1 << 100);
    progress.label.set("reading").unwrap();
    progress.recent.extend([4, 5]).unwrap();
    progress.window.modify(|w| {
        w.low += 1;
        w.high += 2;
    });
    let expected = Progress {
        started: true,
        done: 1,
        ratio: 0.0,
        phase: Phase::Busy,
        per_worker: [0, 0, 0, 7, 0, 0, 0, 0],
        limits: Limits::default(),
        total: 1 << 100,
        label: "reading".to_owned(),
        recent: vec![4, 5],
        window: Window { low: 1, high: 2 },
    };
    assert_eq!(progress.snapshot(), expected);
    let mut out = Progress::default();
    progress.snapshot_into(&mut out);
    assert_eq!(out, expected);
    assert_eq!(format!("{progress:?}"), format!("{expected:?}"));
    assert_eq!(progress.read_only().snapshot(), expected);
    let copy = Shared::<Progress>::zeroed().unwrap();
    assert_eq!(copy.snapshot(), Progress::default());
    copy.restore(expected.clone()).unwrap();
    assert_eq!(copy.snapshot(), expected);
}
