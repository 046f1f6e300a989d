//! What a handle shows, and how a whole state is read and written.

use std::num::{NonZeroI8, NonZeroU32};
use std::sync::atomic::Ordering::Relaxed;

use shmstate::{Shared, SharedState};

use super::support::{assert_success, in_child};

#[derive(SharedState, Clone, Copy, Debug, PartialEq)]
enum Phase {
    Waiting,
    Reading,
}

#[derive(SharedState, Clone, Copy, Debug, PartialEq)]
#[repr(i16)]
enum Level {
    Low = -5,
    High = 300,
}

#[derive(SharedState, Clone, Debug, PartialEq)]
struct Limits {
    low: i8,
    high: f32,
}

#[derive(SharedState, Clone, Debug, PartialEq)]
struct Point(i64, char);

#[derive(SharedState, Clone, Debug, PartialEq)]
struct Mixed {
    started: bool,
    done: u64,
    ratio: f64,
    phase: Phase,
    level: Level,
    letter: char,
    limit: NonZeroU32,
    absent: Option<NonZeroI8>,
    present: Option<NonZeroI8>,
    limits: Limits,
    point: Point,
    #[shared(cache_padded)]
    workers: [u16; 3],
    grid: [[bool; 2]; 2],
}

fn example() -> Mixed {
    Mixed {
        started: true,
        done: u64::MAX,
        ratio: 3.625,
        phase: Phase::Reading,
        level: Level::Low,
        letter: '\n',
        limit: NonZeroU32::MAX,
        absent: None,
        present: NonZeroI8::new(-3),
        limits: Limits {
            low: i8::MIN,
            high: 1.0,
        },
        point: Point(-1, 'ß'),
        workers: [1, 2, 3],
        grid: [[true, false], [false, true]],
    }
}

pub(crate) fn every_kind_of_field_is_shown() {
    let state = Shared::new(example()).unwrap();
    // Exactly as the plain value would be by its own derive.
    assert_eq!(format!("{state:?}"), format!("{:?}", example()));
    assert_eq!(format!("{state:#?}"), format!("{:#?}", example()));
    assert_eq!(
        format!("{:?}", state.read_only()),
        format!("{:?}", example())
    );
    assert_eq!(
        format!("{:?}", state.limits),
        "Limits { low: -128, high: 1.0 }"
    );
    assert_eq!(format!("{:?}", state.workers[1]), "2");
    let pretty = format!("{:#?}", state.limits);
    assert_eq!(pretty, "Limits {\n    low: -128,\n    high: 1.0,\n}");
    // And it shows what is there now.
    assert_success(in_child(|| {
        state.done.set(7);
        state.phase.set(Phase::Waiting);
        state.level.set(Level::High);
    }));
    let shown = format!("{state:?}");
    assert!(
        shown.contains("done: 7, ratio: 3.625, phase: Waiting, level: High"),
        "{shown}"
    );
    assert_eq!(
        format!("{:.1?} {:03?}", state.ratio, state.workers[1]),
        "3.6 002"
    );
}

pub(crate) fn long_arrays_are_cut() {
    let sixteen = Shared::new([7_u8; 16]).unwrap();
    assert_eq!(format!("{sixteen:?}"), format!("{:?}", [7_u8; 16]));
    let more = Shared::new([7_u8; 17]).unwrap();
    assert_eq!(
        format!("{more:?}"),
        format!("[{}… 1 more]", "7, ".repeat(16))
    );
    let grid = Shared::<[[u32; 1000]; 1000]>::zeroed().unwrap();
    let shown = format!("{grid:?}");
    assert!(shown.len() < 2000, "{} bytes", shown.len());
    assert!(shown.contains("… 984 more]"), "{shown}");
    let pretty = format!("{more:#?}");
    assert!(pretty.ends_with("    7,\n    … 1 more,\n]"), "{pretty}");
    assert_eq!(format!("{:?}", Shared::new([0_u8; 0]).unwrap()), "[]");
}

pub(crate) fn bytes_that_are_no_value_are_shown_as_such() {
    let state = Shared::new(example()).unwrap();
    assert_success(in_child(|| {
        state.started.raw().store(2, Relaxed);
        state.phase.raw().store(9, Relaxed);
        state.level.raw().store(-6, Relaxed);
        state.letter.raw().store(0xd800, Relaxed);
        state.limit.raw().store(0, Relaxed);
        state.grid[1][0].raw().store(255, Relaxed);
    }));
    for shown in [format!("{state:?}"), format!("{:?}", state.read_only())] {
        for field in [
            "started: <corrupt: 2>, done: 18446744073709551615",
            "phase: <corrupt: 9>",
            "level: <corrupt: -6>",
            "letter: <corrupt: 55296>",
            "limit: <corrupt: 0>, absent: None, present: Some(-3)",
            "grid: [[true, false], [<corrupt: 255>, true]]",
        ] {
            assert!(shown.contains(field), "no `{field}` in {shown}");
        }
    }
    assert!(format!("{state:#?}").contains("\n    started: <corrupt: 2>,\n"));
    assert_eq!(format!("{:?}", state.started), "<corrupt: 2>");
}

pub(crate) fn restore_writes_every_field_and_snapshot_into_reads_every_field() {
    let other = || Mixed {
        started: false,
        done: 0,
        ratio: -0.0,
        phase: Phase::Waiting,
        level: Level::High,
        letter: 'x',
        limit: NonZeroU32::MIN,
        absent: NonZeroI8::new(1),
        present: None,
        limits: Limits { low: 1, high: -1.0 },
        point: Point(9, 'y'),
        workers: [4, 5, 6],
        grid: [[false, true], [true, false]],
    };
    let state = Shared::new(example()).unwrap();
    assert_success(in_child(|| {
        // Also over bytes that are no value.
        state.limit.raw().store(0, Relaxed);
        state.restore(other()).unwrap();
    }));
    assert_eq!(state.snapshot(), other());
    let mut into = example();
    state.snapshot_into(&mut into);
    assert_eq!(into, other());
    assert!(into.ratio.is_sign_negative());

    // What stands before a field without a value is replaced, and the rest is left.
    let mut into = example();
    state.phase.raw().store(9, Relaxed);
    let message = super::support::panic_of(|| state.snapshot_into(&mut into));
    assert!(message.starts_with("field `phase`"), "{message}");
    assert_eq!(
        (into.done, into.phase, into.letter),
        (0, Phase::Reading, '\n')
    );
}
