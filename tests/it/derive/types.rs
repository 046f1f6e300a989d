//! What the derive makes of each kind of type.

use shared_testkit::{Test, tests};

use std::marker::PhantomData;
use std::mem::{align_of, offset_of, size_of};
use std::num::{NonZero, NonZeroU16};
use std::sync::atomic::Ordering::Relaxed;

use shmstate::slot::Scalar;
use shmstate::{Access, ReadOnly, SchemaField, Shared, SharedState, Slot, Zeroed};

pub(crate) const TESTS: &[Test] = tests![
    a_struct_with_named_fields_comes_back_as_it_went_in,
    methods_of_the_slots_work_through_every_handle,
    the_slots_are_laid_out_as_c_lays_out_their_values,
    the_schema_names_every_field_with_bytes,
    a_padded_field_has_its_cache_lines_to_itself,
    a_tuple_struct_has_slots_by_number,
    structs_without_fields_have_slots_without_bytes,
    a_generic_struct_works_for_every_type_with_a_slot,
    a_parameter_may_be_used_through_an_associated_type_or_not_at_all,
    an_enum_is_stored_by_the_index_of_its_variant,
    an_enum_takes_the_smallest_integer_that_holds_its_variants,
    an_enum_with_a_repr_is_stored_by_its_discriminant,
    zeroed_is_there_for_what_zero_bytes_are_a_value_of,
    a_packed_struct_is_a_plain_value_too,
    a_broken_leaf_is_named_by_its_path,
    a_million_elements_are_made_and_read_in_place,
    a_constant_parameter_may_be_a_length_or_an_argument,
];

#[derive(SharedState, Clone, Debug, Default, PartialEq)]
struct Progress {
    started: bool,
    done: u64,
    ratio: f64,
    mark: char,
    phase: Phase,
    per_worker: [u32; 8],
    limits: Limits,
    history: [Limits; 2],
    table: [[i16; 3]; 2],
    best: Option<NonZeroU16>,
    nothing: (),
    of: PhantomData<String>,
}

#[derive(SharedState, Clone, Copy, Debug, Default, PartialEq)]
enum Phase {
    #[default]
    Idle,
    Busy,
    Done,
}

#[derive(SharedState, Clone, Copy, Debug, Default, PartialEq)]
struct Limits {
    low: i8,
    high: i64,
}

impl ProgressSlots {
    fn start(&self, worker: usize) {
        self.started.set(true);
        self.phase.set(Phase::Busy);
        self.per_worker[worker].fetch_add(1);
        self.limits.widen(5);
    }
}

impl LimitsSlots {
    fn widen(&self, by: i64) {
        self.high.fetch_add(by);
    }
}

impl<A: Access> ProgressSlots<A> {
    fn is_busy(&self) -> bool {
        self.started.get() && self.phase.get() == Phase::Busy
    }
}

fn progress() -> Progress {
    Progress {
        started: false,
        done: u64::MAX,
        ratio: -0.5,
        mark: '\u{10ffff}',
        phase: Phase::Done,
        per_worker: [1, 2, 3, 4, 5, 6, 7, 8],
        limits: Limits { low: -1, high: 10 },
        history: [Limits { low: 2, high: 3 }, Limits { low: 4, high: 5 }],
        table: [[-1, -2, -3], [4, 5, i16::MIN]],
        best: NonZeroU16::new(9),
        nothing: (),
        of: PhantomData,
    }
}

fn a_struct_with_named_fields_comes_back_as_it_went_in() {
    let state = Shared::new(progress()).unwrap();
    assert_eq!(state.snapshot(), progress());
    let mut out = Progress::default();
    state.snapshot_into(&mut out);
    assert_eq!(out, progress());
    state.restore(Progress::default()).unwrap();
    assert_eq!(state.try_snapshot().unwrap(), Progress::default());
}

fn methods_of_the_slots_work_through_every_handle() {
    let state = Shared::new(progress()).unwrap();
    assert!(!state.is_busy());
    state.start(3);
    assert!(state.is_busy());
    assert_eq!(state.per_worker[3].get(), 5);
    assert_eq!(state.limits.high.get(), 15);
    let view: ReadOnly<Progress> = state.read_only();
    assert!(view.is_busy());
    assert_eq!(view.history[1].high.get(), 5);
    assert_eq!(view.limits.snapshot(), Limits { low: -1, high: 15 });
}

fn the_slots_are_laid_out_as_c_lays_out_their_values() {
    assert_eq!(size_of::<LimitsSlots>(), 16);
    assert_eq!(offset_of!(ProgressSlots, started), 0);
    assert_eq!(offset_of!(ProgressSlots, done), 8);
    assert_eq!(offset_of!(ProgressSlots, ratio), 16);
    assert_eq!(offset_of!(ProgressSlots, mark), 24);
    assert_eq!(offset_of!(ProgressSlots, phase), 28);
    assert_eq!(offset_of!(ProgressSlots, per_worker), 32);
    assert_eq!(offset_of!(ProgressSlots, limits), 64);
    assert_eq!(offset_of!(ProgressSlots, history), 80);
    assert_eq!(offset_of!(ProgressSlots, table), 112);
    assert_eq!(offset_of!(ProgressSlots, best), 124);
    assert_eq!(size_of::<ProgressSlots>(), 128);
    assert_eq!(align_of::<ProgressSlots>(), 8);
    assert_eq!(
        size_of::<ProgressSlots>(),
        size_of::<ProgressSlots<shmstate::access::Read>>()
    );
}

fn the_schema_names_every_field_with_bytes() {
    let schema = Shared::<Progress>::schema();
    let paths: Vec<&str> = schema.fields().iter().map(SchemaField::path).collect();
    for path in [
        "started",
        "done",
        "phase",
        "per_worker",
        "limits.low",
        "table",
        "best",
    ] {
        assert!(paths.contains(&path), "{path} is not in {paths:?}");
    }
    assert!(!paths.contains(&"of"), "{paths:?}");
    assert!(!paths.contains(&"nothing"), "{paths:?}");
}

fn a_padded_field_has_its_cache_lines_to_itself() {
    #[derive(SharedState, Clone, Debug, PartialEq)]
    struct Padded {
        first: u8,
        #[shared(cache_padded)]
        alone: u8,
        #[shared(cache_padded)]
        each: [[u16; 2]; 2],
        #[shared(cache_padded)]
        limits: Limits,
        #[shared(cache_padded)]
        of: PhantomData<u8>,
        last: u8,
    }

    assert_eq!(offset_of!(PaddedSlots, alone), 64);
    assert_eq!(offset_of!(PaddedSlots, each), 128);
    assert_eq!(offset_of!(PaddedSlots, limits), 128 + 4 * 64);
    assert_eq!(align_of::<PaddedSlots>(), 64);
    let value = Padded {
        first: 1,
        alone: 2,
        each: [[3, 4], [5, 6]],
        limits: Limits { low: 7, high: 8 },
        of: PhantomData,
        last: 9,
    };
    let state = Shared::new(value.clone()).unwrap();
    let (a, b) = (&raw const state.each[0][0], &raw const state.each[0][1]);
    assert_eq!(b.addr() - a.addr(), 64);
    assert_eq!(state.limits.high.get(), 8);
    assert_eq!(state.snapshot(), value);
}

fn a_tuple_struct_has_slots_by_number() {
    #[derive(SharedState, Clone, Debug, PartialEq)]
    struct Point(f32, #[shared(cache_padded)] Phase, [u8; 2]);
    impl PointSlots {
        fn reset(&self) {
            self.0.set(0.0);
            self.1.set(Phase::Idle);
        }
    }

    let value = Point(1.5, Phase::Busy, [1, 2]);
    let state = Shared::new(value.clone()).unwrap();
    assert_eq!(state.snapshot(), value);
    assert_eq!(format!("{state:?}"), "Point(1.5, Busy, [1, 2])");
    state.reset();
    assert_eq!(state.snapshot(), Point(0.0, Phase::Idle, [1, 2]));
}

fn structs_without_fields_have_slots_without_bytes() {
    #[derive(SharedState, Clone, Debug, Default, PartialEq)]
    struct Unit;
    #[derive(SharedState, Clone, Debug, Default, PartialEq)]
    struct Braces {}
    #[derive(SharedState, Clone, Debug, Default, PartialEq)]
    struct Brackets();
    #[derive(SharedState, Clone, Debug, Default, PartialEq)]
    struct Holder {
        unit: Unit,
        braces: [Braces; 2],
        brackets: Brackets,
        value: u8,
    }

    assert_eq!(size_of::<UnitSlots>(), 0);
    assert_eq!(size_of::<BracesSlots>(), 0);
    assert_eq!(size_of::<BracketsSlots>(), 0);
    assert_eq!(size_of::<HolderSlots>(), 1);
    assert_eq!(Shared::new(Unit).unwrap().snapshot(), Unit);
    assert_eq!(Shared::new(Braces {}).unwrap().snapshot(), Braces {});
    let holder = Shared::new(Holder::default()).unwrap();
    assert_eq!(holder.snapshot(), Holder::default());
}

fn a_generic_struct_works_for_every_type_with_a_slot() {
    #[derive(SharedState, Clone, Debug, PartialEq)]
    struct Pair<T: SharedState = u64, const N: usize = 2>
    where
        T: Clone,
    {
        first: T,
        #[shared(cache_padded)]
        second: T,
        many: [T; N],
        nested: Inner<T>,
        of: PhantomData<T>,
        count: [u8; N],
    }
    #[derive(SharedState, Clone, Debug, PartialEq)]
    struct Inner<T: SharedState>(T);

    impl<T: SharedState + Clone, const N: usize> PairSlots<T, N> {
        fn first(&self) -> T {
            self.first.snapshot()
        }
    }
    impl PairSlots<u64> {
        fn bump(&self) -> u64 {
            self.first.fetch_add(1) + self.many[1].get()
        }
    }
    impl<T: SharedState + Clone, const N: usize, A: Access> PairSlots<T, N, A> {
        fn last(&self) -> T {
            self.many[N - 1].snapshot()
        }
    }

    fn check<T: SharedState + Clone + PartialEq + std::fmt::Debug>(a: &T, b: &T) {
        let value = Pair::<T, 3> {
            first: a.clone(),
            second: b.clone(),
            many: [a.clone(), a.clone(), b.clone()],
            nested: Inner(b.clone()),
            of: PhantomData,
            count: [1, 2, 3],
        };
        let state = Shared::new(value.clone()).unwrap();
        assert_eq!(state.snapshot(), value);
        assert_eq!(&state.first(), a);
        assert_eq!(&state.last(), b);
        assert_eq!(&state.read_only().last(), b);
    }
    check(&1_u64, &2);
    check(&Phase::Busy, &Phase::Idle);
    check(&Limits { low: 1, high: 2 }, &Limits { low: 3, high: 4 });
    check(&[[1_u8; 2]; 2], &[[2; 2]; 2]);

    let state = Shared::<Pair>::zeroed().unwrap();
    assert_eq!(state.bump(), 0);
    assert_eq!(state.bump(), 1);
}

fn a_parameter_may_be_used_through_an_associated_type_or_not_at_all() {
    trait Unit: 'static {
        type Number: SharedState;
        const ONE: Self::Number;
    }
    struct Metre;
    impl Unit for Metre {
        type Number = u16;
        const ONE: u16 = 1;
    }
    #[derive(SharedState)]
    struct Length<U: Unit> {
        value: U::Number,
        values: [<U as Unit>::Number; 2],
        unit: PhantomData<U>,
    }
    #[derive(SharedState)]
    struct Tag<T: ?Sized + 'static>(PhantomData<T>, u8);

    let state = Shared::new(Length::<Metre> {
        value: Metre::ONE,
        values: [2, 3],
        unit: PhantomData,
    });
    assert_eq!(state.unwrap().snapshot().values, [2, 3]);
    assert_eq!(
        Shared::new(Tag::<str>(PhantomData, 1))
            .unwrap()
            .snapshot()
            .1,
        1
    );
}

fn an_enum_is_stored_by_the_index_of_its_variant() {
    assert_eq!(Phase::Done.into_bits(), 2_u8);
    let state = Shared::new(Phase::Busy).unwrap();
    assert_eq!(state.raw().load(Relaxed), 1);
    state.set(Phase::Done);
    assert_eq!(state.get(), Phase::Done);
    state.raw().store(3, Relaxed);
    let corrupt = state.try_get().unwrap_err();
    assert!(
        corrupt.to_string().contains("0 (Idle), 1 (Busy), 2 (Done)"),
        "{corrupt}"
    );
}

/// 257 variants, one more than a byte can tell apart.
mod wide {
    use shmstate::SharedState;

    macro_rules! hex {
        ($([$($name:ident)*])*) => {
            #[derive(SharedState, Clone, Copy, Debug, PartialEq)]
            pub(super) enum Wide { $($($name,)*)* Last }
            #[derive(SharedState, Clone, Copy, Debug, PartialEq)]
            pub(super) enum Narrow { $($($name,)*)* }
            pub(super) const LAST: Narrow = [$($(Narrow::$name),*),*][255];
        };
    }
    hex! {
        [A0 A1 A2 A3 A4 A5 A6 A7 A8 A9 Aa Ab Ac Ad Ae Af] [B0 B1 B2 B3 B4 B5 B6 B7 B8 B9 Ba Bb Bc Bd Be Bf]
        [C0 C1 C2 C3 C4 C5 C6 C7 C8 C9 Ca Cb Cc Cd Ce Cf] [D0 D1 D2 D3 D4 D5 D6 D7 D8 D9 Da Db Dc Dd De Df]
        [E0 E1 E2 E3 E4 E5 E6 E7 E8 E9 Ea Eb Ec Ed Ee Ef] [F0 F1 F2 F3 F4 F5 F6 F7 F8 F9 Fa Fb Fc Fd Fe Ff]
        [G0 G1 G2 G3 G4 G5 G6 G7 G8 G9 Ga Gb Gc Gd Ge Gf] [H0 H1 H2 H3 H4 H5 H6 H7 H8 H9 Ha Hb Hc Hd He Hf]
        [I0 I1 I2 I3 I4 I5 I6 I7 I8 I9 Ia Ib Ic Id Ie If] [J0 J1 J2 J3 J4 J5 J6 J7 J8 J9 Ja Jb Jc Jd Je Jf]
        [K0 K1 K2 K3 K4 K5 K6 K7 K8 K9 Ka Kb Kc Kd Ke Kf] [L0 L1 L2 L3 L4 L5 L6 L7 L8 L9 La Lb Lc Ld Le Lf]
        [M0 M1 M2 M3 M4 M5 M6 M7 M8 M9 Ma Mb Mc Md Me Mf] [N0 N1 N2 N3 N4 N5 N6 N7 N8 N9 Na Nb Nc Nd Ne Nf]
        [O0 O1 O2 O3 O4 O5 O6 O7 O8 O9 Oa Ob Oc Od Oe Of] [P0 P1 P2 P3 P4 P5 P6 P7 P8 P9 Pa Pb Pc Pd Pe Pf]
    }
}

fn an_enum_takes_the_smallest_integer_that_holds_its_variants() {
    assert_eq!(size_of::<wide::Narrow>(), 1);
    assert_eq!(wide::LAST.into_bits(), 255_u8);
    assert_eq!(wide::Wide::Last.into_bits(), 256_u16);
    assert_eq!(wide::Wide::from_bits(256), Some(wide::Wide::Last));
    assert_eq!(wide::Wide::from_bits(257), None);
}

fn an_enum_with_a_repr_is_stored_by_its_discriminant() {
    #[derive(SharedState, Clone, Copy, Debug, PartialEq)]
    #[repr(i16)]
    enum Level {
        Low = -300,
        Next,
        High = Self::BASE * 2,
    }
    impl Level {
        const BASE: i16 = 150;
    }
    #[derive(SharedState, Debug, PartialEq)]
    #[repr(u64)]
    enum Huge {
        Zero,
        Max = u64::MAX,
    }

    for (level, bits) in [(Level::Low, -300), (Level::Next, -299), (Level::High, 300)] {
        assert_eq!(level.into_bits(), bits);
        assert_eq!(Level::from_bits(bits), Some(level));
    }
    assert_eq!(Level::from_bits(0), None);
    let state = Shared::new(Level::Low).unwrap();
    assert_eq!(format!("{state:?}"), "Low");
    let state = Shared::new(Huge::Max).unwrap();
    assert_eq!(format!("{state:?}"), "Max");
    assert_eq!(state.replace(Huge::Zero), Huge::Max);
    assert_eq!(state.raw().load(Relaxed), 0);
}

fn zeroed_is_there_for_what_zero_bytes_are_a_value_of() {
    #[derive(SharedState)]
    #[repr(u8)]
    enum Later {
        _First = 0xff,
        _Second = 0x00,
    }
    #[derive(SharedState)]
    #[repr(i8)]
    enum Implicit {
        _Before = -1,
        _Zero,
    }
    #[derive(SharedState)]
    struct NotZeroed {
        _value: NonZero<u8>,
    }
    const fn zeroed<T: Zeroed>() {}
    zeroed::<Progress>();
    zeroed::<Phase>();
    zeroed::<Later>();
    zeroed::<Implicit>();
    zeroed::<[Limits; 3]>();

    let state = Shared::<Progress>::zeroed().unwrap();
    assert_eq!(
        state.snapshot(),
        Progress {
            mark: '\0',
            ..Progress::default()
        }
    );
    let value = NotZeroed {
        _value: NonZero::<u8>::MIN,
    };
    assert_eq!(Shared::new(value).unwrap()._value.get(), NonZero::<u8>::MIN);
}

fn a_packed_struct_is_a_plain_value_too() {
    #[derive(SharedState, Clone, Copy)]
    #[repr(C, packed)]
    struct Packed {
        small: u8,
        large: u64,
    }

    let state = Shared::new(Packed { small: 1, large: 2 }).unwrap();
    let mut copy = Packed { small: 0, large: 0 };
    state.snapshot_into(&mut copy);
    assert_eq!((copy.small, { copy.large }), (1, 2));
}

fn a_broken_leaf_is_named_by_its_path() {
    #[derive(SharedState, Debug)]
    struct Outer {
        all: [Inner; 2],
    }
    #[derive(SharedState, Clone, Copy, Debug)]
    struct Inner(u8, bool);

    let state = Shared::new(progress()).unwrap();
    state.phase.raw().store(77, Relaxed);
    let corrupt = state.try_snapshot().unwrap_err();
    assert_eq!(corrupt.field(), "phase");
    assert!(
        format!("{state:?}").contains("phase: <corrupt: 77>"),
        "{state:?}"
    );
    let all = [Inner(1, true); 2];
    let state = Shared::new(Outer { all }).unwrap();
    state.all[1].1.raw().store(2, Relaxed);
    let corrupt = state.try_snapshot().unwrap_err();
    assert_eq!(corrupt.field(), "all[1].1");
    assert!(state.all[0].try_snapshot().is_ok());
}

fn a_million_elements_are_made_and_read_in_place() {
    #[derive(SharedState)]
    struct Large {
        cells: [Cell; 1_000_000],
        done: u32,
    }
    #[derive(SharedState, Clone, Copy, Debug, PartialEq)]
    struct Cell {
        x: u32,
        phase: Phase,
    }

    let state = Shared::<Large>::new_with(|slots| slots.done.set(7)).unwrap();
    state.cells[999_999].phase.set(Phase::Done);
    let last = Cell {
        x: 0,
        phase: Phase::Done,
    };
    assert_eq!(state.cells[999_999].snapshot(), last);
    assert!(format!("{state:?}").len() < 4000);
}

fn a_constant_parameter_may_be_a_length_or_an_argument() {
    #[derive(SharedState, Clone, Debug, PartialEq)]
    struct Buffer<const N: usize> {
        bytes: [u8; N],
        limits: [[Limits; N]; 2],
    }
    #[derive(SharedState, Clone, Debug, PartialEq)]
    struct Buffers<const N: usize, const USED: bool> {
        one: Buffer<N>,
        #[shared(cache_padded)]
        more: [Buffer<N>; 2],
    }
    impl<const N: usize, const USED: bool> BuffersSlots<N, USED> {
        fn first(&self) -> u8 {
            self.one.bytes[0].get() + self.more[1].bytes[0].get()
        }
    }

    let limits = [[Limits { low: 1, high: 2 }; 3]; 2];
    let one = Buffer {
        bytes: [4; 3],
        limits,
    };
    let value = Buffers::<3, true> {
        more: [one.clone(), one.clone()],
        one,
    };
    let state = Shared::new(value.clone()).unwrap();
    assert_eq!(state.snapshot(), value);
    assert_eq!(state.first(), 8);
}
