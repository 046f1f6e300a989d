//! Watched fields in every place where a field may stand, and the state around them.

use std::num::NonZero;

use shmstate::slot::Scalar;
use shmstate::{Access, ReadOnly, Shared, SharedState, Slot, Watched};

use super::support::{assert_success, in_child, name};
use super::{Level, Phase, Signals, example, stage};

pub(crate) fn a_watched_field_is_an_atomic_and_an_event() {
    macro_rules! sizes {
        ($($ty:ty: $size:literal $align:literal;)*) => {$(
            assert_eq!(size_of::<Watched<$ty>>(), $size, stringify!($ty));
            assert_eq!(align_of::<Watched<$ty>>(), $align, stringify!($ty));
        )*};
    }
    sizes! {
        bool: 8 4; u8: 8 4; i16: 8 4; char: 8 4; f32: 8 4; u32: 8 4; Phase: 8 4; Level: 8 4;
        u64: 16 8; i64: 16 8; f64: 16 8; usize: 16 8; Option<NonZero<i64>>: 16 8; NonZero<u8>: 8 4;
    }
    let schema = Shared::<Signals>::schema();
    let lines: Vec<String> = schema
        .fields()
        .iter()
        .map(|field| {
            let (at, size, access) = (field.offset(), field.size(), field.access());
            format!("{at} {size} {access} {}: {}", field.path(), field.ty())
        })
        .collect();
    let expected = "\
0 1 atomic before: u8
4 8 watched flag: bool
12 8 watched tiny: i8
20 8 watched port: u16
28 8 watched step: u32
40 16 watched big: u64
56 8 watched single: f32
64 16 watched ratio: f64
80 8 watched letter: char
88 8 watched phase: enum(u8) { Idle = 0, Busy = 1, Done = 2 }
96 8 watched level: enum(i16) { Low = -3, High = 500 }
104 8 watched tries: nonzero u8
112 16 watched last: optional i64
128 24 watched many: [u16; 3]
192 128 watched alone: [u32; 2] each 64 bytes apart
320 1 atomic after: u8";
    assert_eq!(lines.join("\n"), expected);
}

#[derive(SharedState, Clone, Debug, PartialEq)]
struct Tuple(
    #[shared(watch)] u8,
    Signals,
    #[shared(watch)] [[bool; 2]; 2],
);

fn tuple() -> Tuple {
    Tuple(3, example(), [[true, false], [false, true]])
}

/// Each is written by another process, and by `restore`.
pub(crate) fn a_watched_field_may_stand_wherever_an_atomic_may() {
    let state = Shared::new(tuple()).expect("create");
    assert_eq!(state.snapshot(), tuple());
    assert_eq!(state.try_snapshot().expect("a value"), tuple());
    assert_success(in_child(|| {
        assert_eq!(state.snapshot(), tuple());
        state.0.set(4);
        state.1.alone[1].fetch_add(1);
        state.1.many[2].replace(7);
        state.1.last.set(None);
        state.1.level.update(|_| Level::High);
        state.2[1][0].fetch_or(true);
        state.2[0].iter().for_each(|slot| slot.set(true));
    }));
    let mut changed = tuple();
    changed.0 = 4;
    changed.1.alone[1] = 6;
    changed.1.many[2] = 7;
    changed.1.last = None;
    changed.1.level = Level::High;
    changed.2 = [[true, true], [true, true]];
    assert_eq!(state.snapshot(), changed);
    let mut out = tuple();
    state.snapshot_into(&mut out);
    assert_eq!(out, changed);
    assert_eq!(state.2.snapshot(), changed.2);
    assert_eq!(state.1.alone[0].snapshot(), 4);
    let shown = format!("{state:?}");
    assert_eq!(shown, format!("{changed:?}").replace("Some(-2)", "-2"));
    assert_success(in_child(|| state.restore(tuple()).expect("it fits")));
    assert_eq!(state.snapshot(), tuple());
}

#[derive(SharedState, Clone, Copy, Debug, PartialEq)]
struct Generic<T: SharedState, const N: usize> {
    plain: T,
    #[shared(watch)]
    one: T,
    #[shared(watch, cache_padded)]
    more: [T; N],
}

impl<T: SharedState + Scalar, const N: usize> GenericSlots<T, N> {
    fn put(&self, value: T) {
        self.one.set(value);
    }
}

impl<T: SharedState + Scalar, const N: usize, A: Access> GenericSlots<T, N, A> {
    fn first(&self) -> T {
        self.more[0].get()
    }
}

fn generic<T: SharedState + Scalar + Copy + std::fmt::Debug + PartialEq>(a: T, b: T) {
    let (plain, one, more) = (a, a, [a, b]);
    let value = Generic { plain, one, more };
    let state = Shared::new(value).expect("create");
    assert_success(in_child(|| {
        assert!(state.snapshot() == value);
        state.put(b);
        state.more[0].set(b);
    }));
    assert!(state.one.wait_until(|now| *now == b) == b);
    assert!(state.read_only().first() == b);
    let (one, more) = (b, [b, b]);
    assert!(state.snapshot() == Generic { plain, one, more });
}

pub(crate) fn a_type_parameter_may_be_watched() {
    generic(1_u8, 2);
    generic(i64::MIN, i64::MAX);
    generic(0.5_f32, f32::INFINITY);
    generic(false, true);
    generic('a', '\u{10ffff}');
    generic(Phase::Idle, Phase::Done);
    generic(Level::High, Level::Low);
    generic(NonZero::<u16>::MIN, NonZero::<u16>::MAX);
    generic(NonZero::new(7_u32), None);
}

#[derive(SharedState, Clone, Debug, PartialEq)]
struct Holder {
    live: Generic<u16, 2>,
    #[shared(lock)]
    locked: Generic<u16, 2>,
    #[shared(capacity = 2)]
    listed: Vec<Generic<u16, 2>>,
    maybe: Option<Generic<Phase, 1>>,
}

/// There the field is a plain one: the slot around it can be waited for.
pub(crate) fn a_struct_with_watched_fields_can_be_locked_and_listed() {
    let generic = |one| Generic {
        plain: 1_u16,
        one,
        more: [2, 3],
    };
    let value = Holder {
        live: generic(0),
        locked: generic(0),
        listed: vec![generic(5)],
        maybe: None,
    };
    let state = Shared::new(value.clone()).expect("create");
    assert_eq!(state.snapshot(), value);
    assert_success(in_child(|| {
        state.locked.modify(|locked| locked.one += 9);
        state.listed.push(generic(6)).expect("it fits");
        state.live.one.fetch_add(9);
    }));
    assert_eq!(state.locked.wait_until(|locked| locked.one == 9).one, 9);
    assert_eq!(state.live.one.wait_until(|one| *one == 9), 9);
    assert_eq!(state.listed.at(1).expect("two").one, 6);
    let schema = Shared::<Holder>::schema();
    let access = |path: &str| {
        let found = schema.fields().iter().find(|field| field.path() == path);
        found.expect("a field").access().to_owned()
    };
    assert_eq!(access("live.one"), "watched");
    assert_eq!(access("locked.one"), "locked");
    assert_eq!(access("listed[].one"), "locked");
}

#[derive(SharedState, Debug, PartialEq)]
struct Zero {
    #[shared(watch)]
    number: i32,
    #[shared(watch)]
    phases: [Phase; 3],
    #[shared(watch, cache_padded)]
    last: Option<NonZero<u8>>,
}

pub(crate) fn zero_bytes_are_a_watched_value_where_they_are_a_plain_one() {
    let zero = Zero {
        number: 0,
        phases: [Phase::Idle; 3],
        last: None,
    };
    let name = name("zeroed");
    for _ in 0..2 {
        let state = Shared::<Zero>::create_zeroed(&name).expect("create");
        assert_success(in_child(|| {
            let state = Shared::<Zero>::open(&name).expect("open");
            assert_eq!(state.snapshot(), zero);
            state.last.set(NonZero::new(3));
            state.phases[2].set(Phase::Done);
        }));
        let last = state.last.wait_until(Option::is_some);
        assert_eq!(last, NonZero::new(3));
        assert_eq!(state.phases[2].get(), Phase::Done);
    }
}

pub(crate) fn a_read_only_handle_sees_what_is_written() {
    let (state, _) = stage();
    let name = name("signals");
    assert_success(in_child(|| {
        let view = ReadOnly::<Signals>::open(&name).expect("open");
        assert_eq!(view.snapshot(), example());
        assert_success(in_child(|| {
            Shared::<Signals>::open(&name).expect("open").step.set(9);
        }));
        assert_eq!(view.step.get(), 9);
        assert_eq!(view.step.try_get().expect("a value"), 9);
        assert_eq!(view.alone[1].snapshot(), 5);
        assert!(format!("{view:?}").contains("step: 9"));
    }));
    assert_eq!(state.step.get(), 9);
}
