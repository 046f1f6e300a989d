//! Bytes that are no value: an error that says where and what, never more, and a write heals it.

use std::num::{
    NonZeroI8, NonZeroI16, NonZeroI32, NonZeroI64, NonZeroIsize, NonZeroU8, NonZeroU16, NonZeroU32,
    NonZeroU64, NonZeroUsize,
};
use std::sync::atomic::Ordering::Relaxed;

use shmstate::{Corrupt, CreateError, ReadOnly, SchemaField, Shared, SharedState};

use super::foreign;
use super::support::{assert_success, in_child, name, panic_of};
use super::types::{InI8, InI16, InI32, InI64, InU8, InU16, InU32, InU64, Phase};

#[derive(SharedState, Clone, Debug, PartialEq)]
struct Inner {
    limit: NonZeroU32,
    ready: bool,
}

/// Every kind of slot that can be invalid, between numbers that cannot.
#[derive(SharedState, Clone, Debug, PartialEq)]
struct Checked {
    first: u64,
    flag: bool,
    letter: char,
    phase: Phase,
    in_u8: InU8,
    in_u16: InU16,
    in_u32: InU32,
    in_u64: InU64,
    in_i8: InI8,
    in_i16: InI16,
    in_i32: InI32,
    in_i64: InI64,
    nonzero_u8: NonZeroU8,
    nonzero_u16: NonZeroU16,
    nonzero_u32: NonZeroU32,
    nonzero_u64: NonZeroU64,
    nonzero_usize: NonZeroUsize,
    nonzero_i8: NonZeroI8,
    nonzero_i16: NonZeroI16,
    nonzero_i32: NonZeroI32,
    nonzero_i64: NonZeroI64,
    nonzero_isize: NonZeroIsize,
    flags: [bool; 3],
    inner: Inner,
    rows: [Inner; 2],
    #[shared(cache_padded)]
    phases: [Phase; 2],
    last: u64,
}

fn example() -> Checked {
    let inner = |limit| Inner {
        limit: NonZeroU32::new(limit).unwrap(),
        ready: true,
    };
    Checked {
        first: u64::MAX,
        flag: true,
        letter: 'é',
        phase: Phase::Done,
        in_u8: InU8::Most,
        in_u16: InU16::Most,
        in_u32: InU32::Most,
        in_u64: InU64::Most,
        in_i8: InI8::Least,
        in_i16: InI16::Least,
        in_i32: InI32::Least,
        in_i64: InI64::Least,
        nonzero_u8: NonZeroU8::MAX,
        nonzero_u16: NonZeroU16::MAX,
        nonzero_u32: NonZeroU32::MAX,
        nonzero_u64: NonZeroU64::MAX,
        nonzero_usize: NonZeroUsize::MAX,
        nonzero_i8: NonZeroI8::MIN,
        nonzero_i16: NonZeroI16::MIN,
        nonzero_i32: NonZeroI32::MIN,
        nonzero_i64: NonZeroI64::MIN,
        nonzero_isize: NonZeroIsize::MIN,
        flags: [true, false, true],
        inner: inner(1),
        rows: [inner(2), inner(3)],
        phases: [Phase::Reading, Phase::Waiting],
        last: u64::MAX,
    }
}

type State = Shared<Checked>;

/// One leaf, without its type.
struct Leaf {
    path: &'static str,
    /// The patterns that are no value, sign-extended.
    bad: Vec<u64>,
    put: fn(&State, u64),
    try_get: fn(&State) -> Option<Corrupt>,
    try_get_read_only: fn(&ReadOnly<Checked>) -> Option<Corrupt>,
    get: fn(&State),
    heal: fn(&State),
    /// Where it lies in the slots, and how many bytes it has.
    place: fn(&State) -> (usize, usize),
}

macro_rules! leaf {
    ($bad:expr, $($leaf:tt)+) => {
        Leaf {
            path: concat!($(stringify!($leaf)),+),
            bad: $bad.into_iter().map(|bits| bits as u64).collect(),
            #[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap)] // to the slot's bytes
            put: |s, bits| s.$($leaf)+.raw().store(bits as _, Relaxed),
            try_get: |s| s.$($leaf)+.try_get().err(),
            try_get_read_only: |s| s.$($leaf)+.try_get().err(),
            get: |s| {
                s.$($leaf)+.get();
            },
            heal: |s| s.$($leaf)+.set(example().$($leaf)+),
            place: |s| {
                let start = (&raw const **s).addr();
                let raw = s.$($leaf)+.raw();
                ((&raw const *raw).addr() - start, size_of_val(raw))
            },
        }
    };
}

/// All that a byte can hold but these.
fn bytes_but(valid: &[u64]) -> Vec<u64> {
    (0..=255).filter(|byte| !valid.contains(byte)).collect()
}

#[allow(clippy::cast_sign_loss, clippy::cast_lossless, trivial_numeric_casts)]
fn leaves() -> Vec<Leaf> {
    let chars = [
        0xd800_u64,
        0xdbff,
        0xdc00,
        0xdfff,
        0x11_0000,
        0x8000_0061,
        0xffff_ffff,
    ];
    vec![
        leaf!(bytes_but(&[0, 1]), flag),
        leaf!(chars, letter),
        leaf!(bytes_but(&[0, 1, 2]), phase),
        leaf!(bytes_but(&[0, 7, 255]), in_u8),
        leaf!([1_u64, 7, 0xff, 0x101, 0x7fff, 0x8000, 0xfffe], in_u16),
        leaf!([1_u64, 0xffff, 0x1_0001, 0x8000_0000, 0xffff_fffe], in_u32),
        leaf!(
            [1_u64, 0xffff_ffff, 1 << 32, 1 << 34, 1 << 63, u64::MAX - 1],
            in_u64
        ),
        leaf!((-127_i64..-1).chain(0..127), in_i8),
        leaf!([0_i64, 1, -2, -128, 127, -0x7fff, 0x7ffe], in_i16),
        leaf!([0_i64, 1, -2, -0x8000, 0x7fff, -0x7fff_ffff], in_i32),
        leaf!([0_i64, 1, -2, 1 << 32, -(1 << 33), i64::MIN + 1], in_i64),
        leaf!([0_u64], nonzero_u8),
        leaf!([0_u64], nonzero_u16),
        leaf!([0_u64], nonzero_u32),
        leaf!([0_u64], nonzero_u64),
        leaf!([0_u64], nonzero_usize),
        leaf!([0_u64], nonzero_i8),
        leaf!([0_u64], nonzero_i16),
        leaf!([0_u64], nonzero_i32),
        leaf!([0_u64], nonzero_i64),
        leaf!([0_u64], nonzero_isize),
        leaf!([2_u64, 0x80, 0xff], flags[0]),
        leaf!([2_u64, 0x80, 0xff], flags[2]),
        leaf!([0_u64], inner.limit),
        leaf!([2_u64, 0xff], inner.ready),
        leaf!([0_u64], rows[0].limit),
        leaf!([2_u64, 0xff], rows[1].ready),
        leaf!([3_u64, 0xff], phases[1]),
    ]
}

/// Fails unless every way to look says that `leaf` holds `bits`, and that all others are well. If an
/// invalid pattern passed, this would name the field, and the pattern that was taken for a value.
fn expect_corrupt(state: &State, leaf: &Leaf, bits: u64) {
    let what = || format!("`{}` with {bits:#x}", leaf.path);
    let view = state.read_only();
    for corrupt in [(leaf.try_get)(state), (leaf.try_get_read_only)(&view)] {
        let corrupt = corrupt.unwrap_or_else(|| panic!("{} is a value", what()));
        assert_eq!(corrupt.found(), bits, "{}", what());
        assert_eq!(corrupt.field(), leaf.path);
    }
    for result in [state.try_snapshot(), view.try_snapshot()] {
        let corrupt = result.expect_err(&what());
        assert_eq!(corrupt.found(), bits, "{}", what());
        assert_eq!(corrupt.field(), leaf.path);
        let text = corrupt.to_string();
        let field = format!("field `{}` of ", leaf.path);
        assert!(text.starts_with(&field) && text.contains(" is a"), "{text}");
        assert!(text.contains("heals"), "{text}");
    }
    let shown = format!("{state:?}");
    assert_eq!(shown.matches("<corrupt: ").count(), 1, "{shown}");
}

/// Fails unless the state is the example, in a process of its own.
fn expect_healthy(state: &State) {
    assert_success(in_child(|| {
        assert_eq!(state.try_snapshot().expect("healed"), example());
        assert!(!format!("{state:?}").contains("corrupt"));
    }));
}

pub(crate) fn every_invalid_pattern_is_an_error_with_the_field_and_what_was_found() {
    let state = Shared::new(example()).unwrap();
    for leaf in leaves() {
        for &bits in &leaf.bad {
            assert_success(in_child(|| (leaf.put)(&state, bits)));
            expect_corrupt(&state, &leaf, bits);
        }
        (leaf.heal)(&state);
        expect_healthy(&state);
    }
}

pub(crate) fn the_first_corrupt_field_is_the_one_reported() {
    let state = Shared::new(example()).unwrap();
    assert_success(in_child(|| {
        state.rows[1].limit.raw().store(0, Relaxed);
        state.inner.ready.raw().store(2, Relaxed);
    }));
    assert_eq!(state.try_snapshot().unwrap_err().field(), "inner.ready");
    state.inner.ready.set(true);
    assert_eq!(state.try_snapshot().unwrap_err().field(), "rows[1].limit");
    let rows = state.rows[1].try_snapshot();
    assert_eq!(
        rows.unwrap_err().field(),
        "rows[1].limit",
        "wherever it was asked"
    );
    state.restore(example()).unwrap();
    expect_healthy(&state);

    let grid = Shared::new([[true; 2]; 3]).unwrap();
    assert_success(in_child(|| grid[2][1].raw().store(9, Relaxed)));
    assert_eq!(grid.try_snapshot().unwrap_err().field(), "[2][1]");
}

pub(crate) fn get_and_snapshot_panic_and_say_why() {
    let state = Shared::new(example()).unwrap();
    for leaf in leaves() {
        let bits = leaf.bad[0];
        assert_success(in_child(|| (leaf.put)(&state, bits)));
        let message = panic_of(|| (leaf.get)(&state));
        for message in [
            message,
            panic_of(|| state.snapshot()),
            panic_of(|| state.snapshot_into(&mut example())),
        ] {
            let field = format!("field `{}` of an anonymous segment is a", leaf.path);
            assert!(message.starts_with(&field), "{message}");
        }
        (leaf.heal)(&state);
    }
    state.flag.raw().store(2, Relaxed);
    let message = panic_of(|| state.flag.get());
    assert!(message.contains("a bool and holds 2; expected 0 or 1"));
    state.in_i8.raw().store(-5, Relaxed);
    let message = panic_of(|| state.in_i8.get());
    let expected = "an enum and holds -5; expected -128 (Least), 127 (Most), -1 (Minus)";
    assert!(message.contains(expected), "{message}");
    state.nonzero_i16.raw().store(0, Relaxed);
    let message = panic_of(|| state.nonzero_i16.get());
    assert!(message.contains("a nonzero i16 and holds 0"), "{message}");
    state.letter.raw().store(0xd800, Relaxed);
    let message = panic_of(|| state.letter.get());
    assert!(message.contains("a char and holds 0xd800"), "{message}");
}

type Verb = fn(&Shared<bool>) -> bool;

pub(crate) fn verbs_that_read_panic_and_write_only_as_documented() {
    let flag = Shared::new(false).unwrap();
    // What each leaves in a slot that holds 2.
    let verbs: [(Verb, u8); 6] = [
        (|flag| flag.update(|_| panic!("called with no value")), 2),
        (|flag| flag.compare_exchange(false, true).is_ok(), 2),
        (|flag| flag.replace(true), 1),
        (|flag| flag.fetch_and(true), 0),
        (|flag| flag.fetch_or(true), 3),
        (|flag| flag.fetch_xor(true), 3),
    ];
    for (i, (verb, left)) in verbs.into_iter().enumerate() {
        assert_success(in_child(|| flag.raw().store(2, Relaxed)));
        let message = panic_of(|| verb(&flag));
        assert!(message.contains("bool and holds 2"), "verb {i}: {message}");
        assert_eq!(flag.raw().load(Relaxed), left, "verb {i}");
    }
    flag.set(true);
    assert!(flag.get());
    let message = panic_of(|| flag.update(|_| panic!("its own")));
    assert_eq!(message, "its own");
    assert!(flag.get(), "nothing is written when the closure panics");
}

pub(crate) fn an_initialiser_that_leaves_a_field_without_a_value_is_refused() {
    // Zero bytes are a value of `ready`, and none of the other row's `limit`.
    let fill = |rows: &[InnerSlots; 2]| rows[0].limit.set(NonZeroU32::MAX);
    let name = name("invalid");
    let results = [
        Shared::<[Inner; 2]>::new_with(fill),
        Shared::<[Inner; 2]>::create_with(&name, fill),
        Shared::<[Inner; 2]>::open_or_create_with(&name, fill),
    ];
    for result in results {
        let Err(CreateError::Invalid { source, .. }) = result else {
            panic!("{result:?}");
        };
        assert_eq!((source.field(), source.found()), ("[1].limit", 0));
        assert!(!std::fs::exists(format!("/dev/shm/{name}")).unwrap());
    }
    let result = Shared::<InI64>::new_with(|_| ());
    assert!(matches!(result, Err(CreateError::Invalid { .. })));
    // It is the bytes that count, not that something was written.
    assert_eq!(
        Shared::<InU64>::new_with(|_| ()).unwrap().get(),
        InU64::Zero
    );
}

pub(crate) fn a_program_without_the_library_cannot_put_an_invalid_value_past_a_reader() {
    let name = name("checked");
    let state = Shared::create(&name, example()).unwrap();
    for leaf in leaves() {
        let (offset, size) = (leaf.place)(&state);
        for (how, bits) in [
            ("file", *leaf.bad.first().unwrap()),
            ("mapping", *leaf.bad.last().unwrap()),
        ] {
            foreign::write(&name, how, offset, size, bits);
            expect_corrupt(&state, &leaf, bits);
        }
        (leaf.heal)(&state);
        expect_healthy(&state);
    }
    // And a value is a value, whoever wrote it.
    let (offset, _) = (leaves()[1].place)(&state);
    foreign::write(&name, "file", offset, 4, u64::from('ß'));
    assert_eq!(state.letter.get(), 'ß');
    let schema = Shared::<Checked>::schema();
    let field = schema
        .fields()
        .iter()
        .find(|field| field.path() == "letter");
    assert_eq!(field.map(SchemaField::offset), Some(offset));
}
