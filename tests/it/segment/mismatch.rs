//! A segment of another definition: the error says which fields differ, and how.

use shared_testkit::{self as support, Test, forge, tests};

use std::num::NonZero;

use shmstate::{OpenError, ReadOnly, Shared, SharedState};
use support::name;

pub(crate) const TESTS: &[Test] = tests![
    the_message_is_as_documented,
    another_type_is_told,
    another_offset_is_told,
    a_field_missing_there_is_told,
    a_field_missing_here_is_told,
    another_array_length_is_told,
    another_stride_is_told,
    a_renamed_variant_is_told,
    another_discriminant_is_told,
    another_width_of_an_enum_is_told,
    what_zero_means_is_told,
    a_field_of_a_nested_struct_has_a_path,
    a_field_of_an_element_has_a_path,
    only_the_first_of_many_differences_are_told,
    names_of_types_do_not_count,
    states_without_names_are_told_apart,
    a_struct_is_told_from_a_state_that_is_none,
    a_watched_field_is_told_from_a_plain_one,
];

/// Creates a `There`, opens it as a `Here` both ways, and compares the differences told. `PID` stands
/// for the creator.
#[track_caller]
fn differ<There: SharedState, Here: SharedState>(value: There, expected: &[&str]) {
    let name = name("other");
    let ours = Shared::create(&name, value).expect("create");
    let before = forge::bytes(&name);
    let pid = std::process::id();
    let expected: Vec<String> = expected
        .iter()
        .map(|text| text.replace("PID", &pid.to_string()))
        .collect();
    for result in [
        Shared::<Here>::open(&name).map(drop),
        ReadOnly::<Here>::open(&name).map(drop),
        Shared::<Here>::from_token(&ours.token()).map(drop),
    ] {
        match result {
            Err(OpenError::Mismatch {
                segment,
                creator,
                differences,
                ..
            }) => {
                assert_eq!((segment, creator), (format!("segment `{name}`"), pid));
                assert_eq!(differences, expected);
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(forge::bytes(&name), before, "touched");
}

mod there {
    use super::{NonZero, SharedState};

    #[derive(SharedState)]
    pub(super) enum Phase {
        Idle,
        Busy,
    }

    #[derive(SharedState)]
    pub(super) struct Worker {
        pub(super) phase: Phase,
        pub(super) count: u32,
    }

    #[derive(SharedState)]
    pub(super) struct Progress {
        pub(super) started: bool,
        pub(super) done: u32,
        pub(super) tries: NonZero<u16>,
        pub(super) per_worker: [u32; 4],
        pub(super) worker: Worker,
        pub(super) workers: [Worker; 2],
    }

    pub(super) fn progress() -> Progress {
        let worker = || Worker {
            phase: Phase::Idle,
            count: 0,
        };
        Progress {
            started: true,
            done: 1,
            tries: NonZero::new(3).expect("3 is not 0"),
            per_worker: [0; 4],
            worker: worker(),
            workers: [worker(), worker()],
        }
    }
}

/// A definition of one field, `f`.
macro_rules! one {
    ($name:ident: $(#[$attribute:meta])* $ty:ty) => {
        #[derive(SharedState)]
        struct $name {
            $(#[$attribute])*
            f: $ty,
        }
    };
}

/// A fieldless enum of which only the definition counts.
macro_rules! choice {
    ($(#[$attribute:meta])* $name:ident { $($variant:ident $(= $value:expr)?),* }) => {
        #[derive(SharedState)]
        #[allow(dead_code)]
        $(#[$attribute])*
        enum $name { $($variant $(= $value)?),* }
    };
}

fn the_message_is_as_documented() {
    #[derive(SharedState)]
    struct Here {
        started: bool,
        done: u64,
    }
    #[derive(SharedState)]
    struct There {
        started: bool,
        done: u32,
    }
    let name = name("progress");
    let there = There {
        started: true,
        done: 1,
    };
    let _ours = Shared::create(&name, there).expect("create");
    let error = Shared::<Here>::open(&name).expect_err("they differ");
    assert_eq!(
        error.to_string(),
        format!(
            "segment `{name}` holds a `There`, not a `Here`: field `done` is u64 (8 bytes at offset 8) here, but u32 (4 bytes at offset 4) in the segment created by pid {}; rebuild both sides from one definition or choose another name",
            std::process::id()
        )
    );
}

fn another_type_is_told() {
    one!(Here: i32);
    one!(There: u32);
    let text = "field `f` is i32 (4 bytes at offset 0) here, but u32 (4 bytes at offset 0) in the segment created by pid PID";
    differ::<There, Here>(There { f: 1 }, &[text]);
    one!(Float: f32);
    let text = "field `f` is f32 (4 bytes at offset 0) here, but u32 (4 bytes at offset 0) in the segment created by pid PID";
    differ::<There, Float>(There { f: 1 }, &[text]);
}

fn another_offset_is_told() {
    #[derive(SharedState)]
    struct Here {
        a: u32,
        b: u32,
    }
    #[derive(SharedState)]
    struct There {
        b: u32,
        a: u32,
    }
    differ::<There, Here>(
        There { b: 1, a: 2 },
        &[
            "field `a` is u32 (4 bytes at offset 0) here, but u32 (4 bytes at offset 4) in the segment created by pid PID",
            "field `b` is u32 (4 bytes at offset 4) here, but u32 (4 bytes at offset 0) in the segment created by pid PID",
        ],
    );
}

#[derive(SharedState)]
struct Longer {
    f: u8,
    g: u8,
}
one!(Shorter: u8);

fn a_field_missing_there_is_told() {
    let text =
        "field `g` is u8 (1 byte at offset 1) here, but absent in the segment created by pid PID";
    differ::<Shorter, Longer>(Shorter { f: 1 }, &[text]);
}

fn a_field_missing_here_is_told() {
    let text =
        "field `g` is absent here, but u8 (1 byte at offset 1) in the segment created by pid PID";
    differ::<Longer, Shorter>(Longer { f: 1, g: 2 }, &[text]);
}

fn another_array_length_is_told() {
    one!(Here: [u32; 8]);
    one!(There: [u32; 6]);
    let text = "field `f` is [u32; 8] (32 bytes at offset 0) here, but [u32; 6] (24 bytes at offset 0) in the segment created by pid PID";
    differ::<There, Here>(There { f: [0; 6] }, &[text]);
}

fn another_stride_is_told() {
    one!(Here: #[shared(cache_padded)] [u32; 2]);
    one!(There: [u32; 2]);
    let text = "field `f` is [u32; 2] each 64 bytes apart (128 bytes at offset 0) here, but [u32; 2] (8 bytes at offset 0) in the segment created by pid PID";
    differ::<There, Here>(There { f: [0; 2] }, &[text]);
}

choice!(Phase { Idle, Busy });
one!(OfPhase: Phase);

fn a_renamed_variant_is_told() {
    choice!(Renamed { Idle, Active });
    one!(Here: Renamed);
    let text = "field `f` is enum(u8) { Idle = 0, Active = 1 } (1 byte at offset 0) here, but enum(u8) { Idle = 0, Busy = 1 } (1 byte at offset 0) in the segment created by pid PID";
    differ::<OfPhase, Here>(OfPhase { f: Phase::Idle }, &[text]);
    choice!(More { Idle, Busy, Done });
    one!(WithMore: More);
    let text = "field `f` is enum(u8) { Idle = 0, Busy = 1, Done = 2 } (1 byte at offset 0) here, but enum(u8) { Idle = 0, Busy = 1 } (1 byte at offset 0) in the segment created by pid PID";
    differ::<OfPhase, WithMore>(OfPhase { f: Phase::Idle }, &[text]);
}

choice!(#[repr(i8)] Signed { Low = -1, High = 1 });
one!(OfSigned: Signed);

fn another_discriminant_is_told() {
    choice!(#[repr(i8)] Moved { Low = -2, High = 1 });
    one!(Here: Moved);
    let text = "field `f` is enum(i8) { Low = -2, High = 1 } (1 byte at offset 0) here, but enum(i8) { Low = -1, High = 1 } (1 byte at offset 0) in the segment created by pid PID";
    differ::<OfSigned, Here>(OfSigned { f: Signed::Low }, &[text]);
}

fn another_width_of_an_enum_is_told() {
    choice!(#[repr(i16)] Wide { Low = -1, High = 1 });
    one!(Here: Wide);
    let text = "field `f` is enum(i16) { Low = -1, High = 1 } (2 bytes at offset 0) here, but enum(i8) { Low = -1, High = 1 } (1 byte at offset 0) in the segment created by pid PID";
    differ::<OfSigned, Here>(OfSigned { f: Signed::Low }, &[text]);
}

fn what_zero_means_is_told() {
    one!(Plain: u16);
    one!(Never: NonZero<u16>);
    one!(Absent: Option<NonZero<u16>>);
    let text = "field `f` is nonzero u16 (2 bytes at offset 0) here, but u16 (2 bytes at offset 0) in the segment created by pid PID";
    differ::<Plain, Never>(Plain { f: 1 }, &[text]);
    let text = "field `f` is nonzero u16 (2 bytes at offset 0) here, but optional u16 (2 bytes at offset 0) in the segment created by pid PID";
    differ::<Absent, Never>(Absent { f: None }, &[text]);
}

fn a_field_of_a_nested_struct_has_a_path() {
    one!(Inner: u8);
    one!(Other: u16);
    one!(Here: Inner);
    one!(There: Other);
    let text = "field `f.f` is u8 (1 byte at offset 0) here, but u16 (2 bytes at offset 0) in the segment created by pid PID";
    differ::<There, Here>(There { f: Other { f: 1 } }, &[text]);
}

fn a_field_of_an_element_has_a_path() {
    one!(Inner: u8);
    one!(Other: i8);
    one!(Here: [[Inner; 2]; 3]);
    one!(There: [[Other; 2]; 3]);
    let text = "field `f[].f` is u8 (1 byte at offset 0) here, but i8 (1 byte at offset 0) in the segment created by pid PID";
    let value = || [Other { f: 1 }, Other { f: 2 }];
    let f = [value(), value(), value()];
    differ::<There, Here>(There { f }, &[text]);
}

fn only_the_first_of_many_differences_are_told() {
    macro_rules! fields {
        ($($field:ident)*) => {
            #[derive(SharedState)]
            struct Here { $($field: u8),* }
            #[derive(SharedState)]
            struct There { $($field: i8),* }
            fn there() -> There { There { $($field: 0),* } }
        };
    }
    fields!(a b c d e f g h i j);
    let mut expected: Vec<String> = (0..)
        .zip('a'..='h')
        .map(|(i, field)| format!("field `{field}` is u8 (1 byte at offset {i}) here, but i8 (1 byte at offset {i}) in the segment created by pid PID"))
        .collect();
    expected.push("2 more differ".to_owned());
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    differ::<There, Here>(there(), &expected);
}

fn names_of_types_do_not_count() {
    choice!(Stage { Idle, Busy });
    #[derive(SharedState)]
    struct Helper {
        phase: Stage,
        count: u32,
    }
    #[derive(SharedState)]
    struct Advance {
        started: bool,
        done: u32,
        tries: NonZero<u16>,
        per_worker: [u32; 4],
        worker: Helper,
        workers: [Helper; 2],
    }
    let name = name("renamed");
    let ours = Shared::create(&name, there::progress()).expect("create");
    let theirs = Shared::<Advance>::open(&name).expect("the same fields");
    theirs.workers[1].phase.set(Stage::Busy);
    theirs.done.set(5);
    assert!(matches!(ours.workers[1].phase.get(), there::Phase::Busy));
    assert_eq!(ours.done.get(), 5);
    let (here, there) = (
        Shared::<Advance>::schema(),
        Shared::<there::Progress>::schema(),
    );
    assert_eq!(here.fingerprint(), there.fingerprint());
    assert_eq!(here.fields(), there.fields());
}

fn states_without_names_are_told_apart() {
    let text = "the state is u64 (8 bytes at offset 0) here, but i64 (8 bytes at offset 0) in the segment created by pid PID";
    differ::<i64, u64>(1, &[text]);
    let text = "the state is [u64; 2] (16 bytes at offset 0) here, but [u64; 3] (24 bytes at offset 0) in the segment created by pid PID";
    differ::<[u64; 3], [u64; 2]>([1; 3], &[text]);
}

fn a_struct_is_told_from_a_state_that_is_none() {
    one!(Alone: u32);
    let text = "the state is [u64; 3] (24 bytes at offset 0) here, but the struct `Alone` (4 bytes) in the segment created by pid PID";
    differ::<Alone, [u64; 3]>(Alone { f: 1 }, &[text]);
    let text = "the state is the struct `Alone` (4 bytes) here, but [u64; 3] (24 bytes at offset 0) in the segment created by pid PID";
    differ::<[u64; 3], Alone>([1; 3], &[text]);
}

fn a_watched_field_is_told_from_a_plain_one() {
    one!(Plain: u32);
    one!(Watched: #[shared(watch)] u32);
    let text = "field `f` is watched u32 (8 bytes at offset 0) here, but u32 (4 bytes at offset 0) in the segment created by pid PID";
    differ::<Plain, Watched>(Plain { f: 1 }, &[text]);
    let text = "field `f` is u32 (4 bytes at offset 0) here, but watched u32 (8 bytes at offset 0) in the segment created by pid PID";
    differ::<Watched, Plain>(Watched { f: 1 }, &[text]);
    one!(Locked: #[shared(lock)] u32);
    let text = "field `f` is locked u32 (64 bytes at offset 0) here, but watched u32 (8 bytes at offset 0) in the segment created by pid PID";
    differ::<Watched, Locked>(Watched { f: 1 }, &[text]);
    one!(Wide: #[shared(watch)] u64);
    let text = "field `f` is watched u64 (16 bytes at offset 0) here, but watched u32 (8 bytes at offset 0) in the segment created by pid PID";
    differ::<Watched, Wide>(Watched { f: 1 }, &[text]);
    one!(Many: #[shared(watch, cache_padded)] [u32; 2]);
    one!(Close: #[shared(watch)] [u32; 2]);
    let text = "field `f` is watched [u32; 2] (16 bytes at offset 0) here, but watched [u32; 2] each 64 bytes apart (128 bytes at offset 0) in the segment created by pid PID";
    differ::<Many, Close>(Many { f: [1; 2] }, &[text]);
    // Of the same size and at the same place as another definition, and still another.
    #[derive(SharedState)]
    struct Beside {
        f: u32,
        g: u32,
    }
    differ::<Beside, Watched>(
        Beside { f: 1, g: 0 },
        &[
            "field `f` is watched u32 (8 bytes at offset 0) here, but u32 (4 bytes at offset 0) in the segment created by pid PID",
            "field `g` is absent here, but u32 (4 bytes at offset 4) in the segment created by pid PID",
        ],
    );
}
