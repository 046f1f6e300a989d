//! Which slot each type gets from each attribute.

#![allow(clippy::option_option)] // a kind like others

use std::marker::PhantomData;
use std::num::NonZeroU16;
use std::time::Duration;

use shmstate::mode::{Capacity, Inline, Pod};
use shmstate::slot::Padded;
use shmstate::{Atomic, List, Locked, Shared, SharedState, Text, Zeroed, access};

type Write = access::Write;
type Point = [f32; 3];

#[derive(SharedState, Clone, Debug, PartialEq, Default)]
struct Every {
    wide: i128,
    duration: Duration,
    pair: (u32, Phase),
    single: (u8,),
    option: Option<u8>,
    niche: Option<NonZeroU16>,
    nested: Option<Option<Limits>>,
    #[shared(lock)]
    number: u32,
    #[shared(lock)]
    niche_locked: Option<NonZeroU16>,
    #[shared(lock)]
    numbers: [u32; 2],
    #[shared(lock)]
    array_as_one: ([u32; 2],),
    #[shared(lock)]
    phase: Phase,
    #[shared(lock)]
    limits: Limits,
    #[shared(lock)]
    nothing: (),
    #[shared(capacity = 4)]
    text: String,
    #[shared(capacity = 4)]
    texts: [String; 2],
    #[shared(capacity = 4)]
    some_text: Option<String>,
    #[shared(capacity = SIZE / 2)]
    list: Vec<(u8, bool)>,
    #[shared(capacity = 2)]
    entries: Vec<Limits>,
    #[shared(pod)]
    point: Point,
    #[shared(pod)]
    points: [Point; 2],
    #[shared(lock, cache_padded)]
    padded: u8,
    #[shared(capacity = 2, cache_padded)]
    padded_texts: [String; 2],
    #[shared(pod, cache_padded)]
    padded_points: [Point; 2],
    account: Account,
    accounts: [Account; 2],
}

const SIZE: usize = 8;

#[derive(SharedState, Clone, Copy, Debug, Default, PartialEq)]
enum Phase {
    #[default]
    Idle,
    Busy,
}

#[derive(SharedState, Clone, Debug, Default, PartialEq)]
struct Limits {
    low: bool,
    high: u64,
    #[shared(lock)]
    inner: (u8, u8),
    #[shared(cache_padded)]
    padded: u8,
}

#[derive(SharedState, Clone, Debug, Default, PartialEq)]
#[shared(lock)]
struct Account {
    cents: i64,
    #[shared(capacity = 8)]
    owner: String,
    #[shared(pod)]
    at: Point,
    limits: Option<Limits>,
    nothing: PhantomData<u8>,
}

pub(super) fn each_attribute_makes_its_slot() {
    fn check(state: &EverySlots) {
        let _: &Locked<i128> = &state.wide;
        let _: &Locked<Duration, Write, Inline> = &state.duration;
        let _: &Locked<(u32, Phase)> = &state.pair;
        let _: &Locked<(u8,)> = &state.single;
        let _: &Locked<Option<u8>> = &state.option;
        let _: &Atomic<Option<NonZeroU16>> = &state.niche;
        let _: &Locked<Option<Option<Limits>>> = &state.nested;
        let _: &Locked<u32> = &state.number;
        let _: &Locked<Option<NonZeroU16>> = &state.niche_locked;
        let _: &[Locked<u32>; 2] = &state.numbers;
        let _: &Locked<([u32; 2],)> = &state.array_as_one;
        let _: &Locked<Phase> = &state.phase;
        let _: &Locked<Limits> = &state.limits;
        let _: &Locked<()> = &state.nothing;
        let _: &Text<4> = &state.text;
        let _: &[Text<4>; 2] = &state.texts;
        let _: &Locked<Option<String>, Write, Capacity<4>> = &state.some_text;
        let _: &List<(u8, bool), 4> = &state.list;
        let _: &List<Limits, 2> = &state.entries;
        let _: &[Locked<Point, Write, Pod>; 2] = &state.points;
        let _: &Locked<Point, Write, Pod> = &state.point;
        let _: &Padded<Locked<u8>> = &state.padded;
        let _: &[Padded<Text<2>>; 2] = &state.padded_texts;
        let _: &Locked<Account> = &state.account;
        let _: &[Locked<Account>; 2] = &state.accounts;
    }
    check(&Shared::new(Every::default()).unwrap());
}

fn every() -> Every {
    let account = Account {
        cents: -3,
        owner: "Ada".to_owned(),
        at: [0.5, -0.0, 7.25],
        limits: Some(limits()),
        nothing: PhantomData,
    };
    Every {
        wide: i128::MIN,
        duration: Duration::new(7, 999_999_999),
        pair: (9, Phase::Busy),
        single: (1,),
        option: Some(0),
        niche: None,
        nested: Some(Some(limits())),
        number: 3,
        niche_locked: NonZeroU16::new(3),
        numbers: [4, 5],
        array_as_one: ([6, 7],),
        phase: Phase::Busy,
        limits: limits(),
        nothing: (),
        text: "häß".chars().take(2).collect(),
        texts: ["a".to_owned(), String::new()],
        some_text: Some("🦀".to_owned()),
        list: vec![(1, true), (2, false)],
        entries: vec![limits()],
        point: [1.0, 2.0, 3.0],
        points: [[4.0; 3], [5.0; 3]],
        padded: 8,
        padded_texts: ["b".to_owned(), "c".to_owned()],
        padded_points: [[6.0; 3], [7.0; 3]],
        account: account.clone(),
        accounts: [Account::default(), account],
    }
}

fn limits() -> Limits {
    Limits {
        low: true,
        high: u64::MAX,
        inner: (1, 2),
        padded: 3,
    }
}

pub(super) fn every_kind_of_value_comes_back_as_it_went_in() {
    let state = Shared::new(every()).unwrap();
    assert_eq!(state.snapshot(), every());
    let mut out = Every::default();
    state.snapshot_into(&mut out);
    assert_eq!(out, every());
    state.restore(Every::default()).unwrap();
    assert_eq!(state.try_snapshot().unwrap(), Every::default());
    assert_eq!(state.read_only().snapshot(), Every::default());
}

pub(super) fn every_kind_of_value_is_shown_as_its_own_debug_shows_it() {
    let state = Shared::new(every()).unwrap();
    let shown = format!("{:?}", state.account);
    // Foreign types are bytes to the table.
    let expected = format!("{:?}", every().account)
        .replace(
            "[0.5, -0.0, 7.25]",
            "[0, 0, 0, 63, 0, 0, 0, 128, 0, 0, 232, 64]",
        )
        .replace(", nothing: PhantomData<u8>", ", nothing: ()");
    assert_eq!(shown, expected);
    for (shown, expected) in [
        (format!("{:?}", state.wide), format!("{:?}", i128::MIN)),
        (
            format!("{:?}", state.duration),
            format!("{:?}", every().duration),
        ),
        (format!("{:?}", state.pair), "(9, Busy)".to_owned()),
        (
            format!("{:#?}", state.nested),
            format!("{:#?}", every().nested),
        ),
        (format!("{:?}", state.niche_locked), "Some(3)".to_owned()),
        (format!("{:?}", state.texts), format!("{:?}", every().texts)),
        (
            format!("{:?}", state.some_text),
            format!("{:?}", every().some_text),
        ),
        (format!("{:?}", state.list), format!("{:?}", every().list)),
        (format!("{:?}", state.nothing), "()".to_owned()),
    ] {
        assert_eq!(shown, expected);
    }
}

pub(super) fn a_long_text_or_list_is_cut_where_it_is_shown() {
    let text = Shared::new(Long::default()).unwrap();
    text.text.set("ä".repeat(200)).unwrap();
    text.list.extend(0..20).unwrap();
    let shown = format!("{text:?}");
    assert!(shown.contains("ä\"… 144 more bytes"), "{shown}");
    assert!(shown.contains("15, … 4 more]"), "{shown}");
}

#[derive(SharedState, Default)]
struct Long {
    #[shared(capacity = 400)]
    text: String,
    #[shared(capacity = 20)]
    list: Vec<u8>,
}

pub(super) fn a_type_that_is_one_locked_slot_is_a_state_by_itself() {
    let total = Shared::new(7_u128).unwrap();
    total.modify(|total| *total += 1);
    assert_eq!(total.get(), 8);
    let pair = Shared::new((1_u8, Some('x'))).unwrap();
    assert_eq!(pair.replace((2, None)), (1, Some('x')));
    let account = Shared::new(Account::default()).unwrap();
    assert_eq!(account.modify(|account| account.owner.push('x')), ());
    assert_eq!(account.get().owner, "x");
    let durations = Shared::new([Duration::ZERO; 2]).unwrap();
    durations[1].set(Duration::MAX);
    assert_eq!(durations.snapshot(), [Duration::ZERO, Duration::MAX]);
}

pub(super) fn zero_bytes_are_a_value_where_every_part_has_one() {
    fn has<T: Zeroed>() {}
    has::<Every>();
    has::<Account>();
    has::<Option<NonZeroU16>>();
    has::<Option<String>>();
    has::<(u128, Duration, Vec<NonZeroU16>)>();
    let zeroed = Shared::<Every>::zeroed().unwrap();
    assert_eq!(zeroed.snapshot(), Every::default());
}

/// The tuple and unit forms, raw names, and a packed struct.
#[derive(SharedState, Clone, Copy, Debug, Default, PartialEq)]
#[shared(lock)]
struct Tuple(u8, pub(crate) Option<u32>, PhantomData<u8>);

#[derive(SharedState, Clone, Copy, Debug, Default, PartialEq)]
#[shared(lock)]
struct Unit;

#[derive(SharedState, Clone, Copy, Debug, Default, PartialEq)]
#[shared(lock)]
struct Empty {}

#[derive(SharedState, Clone, Debug, Default, PartialEq)]
#[shared(lock)]
#[expect(non_camel_case_types, reason = "a raw name is most often a keyword")]
struct r#struct {
    r#type: u8,
    #[shared(capacity = 1)]
    r#fn: String,
}

#[derive(SharedState, Clone, Copy, Debug, Default, PartialEq)]
#[repr(C, packed)]
struct Packed {
    a: u8,
    b: u64,
    c: Option<u16>,
}

pub(super) fn a_locked_struct_may_have_any_form() {
    let tuple = Shared::new(Tuple(1, Some(2), PhantomData)).unwrap();
    tuple.modify(|tuple| tuple.1 = tuple.1.map(|n| n + u32::from(tuple.0)));
    assert_eq!(tuple.get(), Tuple(1, Some(3), PhantomData));
    assert_eq!(format!("{tuple:?}"), "Tuple(1, Some(3), ())");
    assert_eq!(Shared::new(Unit).unwrap().get(), Unit);
    assert_eq!(Shared::new(Empty {}).unwrap().get(), Empty {});
    let raw = Shared::new(r#struct::default()).unwrap();
    raw.modify(|raw| raw.r#fn.push('x'));
    let paths: Vec<_> = Shared::<r#struct>::schema()
        .fields()
        .iter()
        .map(|field| field.path().to_owned())
        .collect();
    assert_eq!(paths, ["", "type", "fn"]);
    let packed = Packed {
        a: 1,
        b: 2,
        c: Some(3),
    };
    let state = Shared::new(packed).unwrap();
    assert_eq!(state.snapshot(), packed);
    let locked = Shared::new((packed, 4_u8)).unwrap();
    assert_eq!(locked.get(), (packed, 4));
}
