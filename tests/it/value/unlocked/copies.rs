//! Structs of many types, and plain copies of them.

use shmstate::{Access, ShareCommand, Shared, SharedState};

use super::support::{arguments, assert_success, in_child, name, spawn_self};

#[derive(SharedState, Clone, Copy, Debug, PartialEq)]
struct Inner {
    low: i16,
    high: f32,
}

#[derive(SharedState, Clone, Debug, PartialEq)]
struct Mixed {
    int: i32,
    double: f64,
    long: i64,
    inner: Inner,
    array: [u16; 3],
    rows: [Inner; 2],
    size: usize,
    difference: isize,
    #[shared(cache_padded)]
    alone: u8,
}

impl MixedSlots {
    /// Doubles every field, in place.
    fn double(&self) {
        self.int.update(|v| v * 2);
        self.double.update(|v| v * 2.0);
        self.long.update(|v| v * 2);
        self.inner.double();
        for slot in &self.array {
            slot.update(|v| v * 2);
        }
        for row in &self.rows {
            row.double();
        }
        self.size.update(|v| v * 2);
        self.difference.update(|v| v * 2);
        self.alone.update(|v| v * 2);
    }
}

impl InnerSlots {
    fn double(&self) {
        self.low.update(|v| v * 2);
        self.high.update(|v| v * 2.0);
    }
}

impl<A: Access> MixedSlots<A> {
    /// For readers too.
    fn sum(&self) -> f64 {
        f64::from(self.int.get()) + self.double.get()
    }
}

/// The example, each number times `factor`.
fn example(factor: u8) -> Mixed {
    let inner = |low: i16, high: f32| Inner {
        low: low * i16::from(factor),
        high: high * f32::from(factor),
    };
    Mixed {
        int: -33 * i32::from(factor),
        double: 3.625 * f64::from(factor),
        long: (1 << 33) * i64::from(factor),
        inner: inner(-7, 0.5),
        array: [1, 200, 30_000].map(|v| v * u16::from(factor)),
        rows: [inner(1, -1.0), inner(1000, 2.25)],
        size: (1 << 33) * usize::from(factor),
        difference: -(1 << 33) * isize::from(factor),
        alone: 100 * factor,
    }
}

pub(crate) fn child() {
    let arguments = arguments();
    let state = match arguments[0].as_str() {
        "inherit" => Shared::<Mixed>::inherit("mixed"),
        "token" => Shared::<Mixed>::from_token(&arguments[1]),
        _ => Shared::<Mixed>::open(&arguments[1]),
    };
    let state = state.expect("opened");
    assert_eq!(state.snapshot(), example(1));
    state.double();
}

pub(crate) fn a_nested_struct_is_doubled_by_each_kind_of_child() {
    let state = Shared::new(example(1)).unwrap();
    assert_success(in_child(|| state.double()));
    assert_eq!(state.snapshot(), example(2));
    assert!((state.read_only().sum() - (-66.0 + 7.25)).abs() < f64::EPSILON);

    for way in ["inherit", "token"] {
        state.restore(example(1)).unwrap();
        let mut child = spawn_self("copy", |command| {
            command.args([way, &state.token()]).share("mixed", &state);
        });
        assert_success(child.wait().unwrap());
        assert_eq!(state.snapshot(), example(2), "by {way}");
    }

    let state = Shared::create(&name("mixed"), example(1)).unwrap();
    let mut child = spawn_self("copy", |command| {
        command.args(["name", &name("mixed")]);
    });
    assert_success(child.wait().unwrap());
    assert_eq!(state.snapshot(), example(2));
}

pub(crate) fn a_snapshot_does_not_follow_the_live_state() {
    let state = Shared::new(example(1)).unwrap();
    let copy = state.snapshot();
    let mut into = example(2);
    state.snapshot_into(&mut into);
    assert_success(in_child(|| state.double()));
    assert_eq!(copy, example(1));
    assert_eq!(into, example(1));
    assert_eq!(state.snapshot(), example(2));
}

pub(crate) fn the_live_state_does_not_follow_a_snapshot() {
    let state = Shared::new(example(1)).unwrap();
    let mut copy = state.snapshot();
    copy.int = 1;
    copy.array[1] = 1;
    copy.rows[1].low = 1;
    assert_success(in_child(|| assert_eq!(state.snapshot(), example(1))));
    state.restore(copy.clone()).unwrap();
    copy.int = 2;
    assert_success(in_child(|| {
        assert_eq!(state.int.get(), 1);
        assert_eq!(state.array[1].get(), 1);
        assert_eq!(state.rows[1].low.get(), 1);
        assert_eq!(state.rows[0].low.get(), 1);
        assert_eq!(state.array[0].get(), 1);
    }));
    assert_ne!(state.snapshot(), copy);
}
