//! How lock-guarded slots lie in memory, and what the schema says of them.

use std::fmt::Write as _;

use shmstate::{Shared, SharedState};

#[derive(SharedState, Default)]
struct State {
    flag: bool,
    total: u128,
    pair: (u32, Option<bool>),
    #[shared(capacity = 5)]
    label: String,
    #[shared(capacity = 3)]
    recent: Vec<u16>,
    #[shared(capacity = 2)]
    spans: Vec<Span>,
    #[shared(lock)]
    window: Window,
    #[shared(lock)]
    small: Span,
    #[shared(pod)]
    point: Point,
    took: [std::time::Duration; 2],
    after: u8,
}

type Point = [f32; 3];

#[derive(SharedState, Default)]
struct Window {
    low: u64,
    span: Span,
    spans: [Span; 2],
    #[shared(capacity = 4)]
    names: [String; 2],
    last: Option<Span>,
    phase: Phase,
}

#[derive(SharedState, Default)]
struct Span {
    from: u32,
    to: u32,
}

#[derive(SharedState, Default)]
enum Phase {
    #[default]
    Idle,
    Busy,
}

pub(super) fn the_schema_lists_the_fields_within_images() {
    let mut listed = String::new();
    for field in Shared::<State>::schema().fields() {
        let (offset, size) = (field.offset(), field.size());
        let (access, path, ty) = (field.access(), field.path(), field.ty());
        let _ = writeln!(listed, "{offset} {size} {access} {path}: {ty}");
    }
    let expected = "\
0 1 atomic flag: bool
64 128 locked total: u128
192 320 locked pair: struct
0 4 locked pair.0: u32
4 2 locked pair.1: option of bool
512 320 locked label: text of at most 5 bytes
832 320 locked recent: list of at most 3 u16
1152 320 locked spans: list of at most 2 struct
0 4 locked spans[].from: u32
4 4 locked spans[].to: u32
1472 320 locked window: struct
0 8 locked window.low: u64
8 4 locked window.span.from: u32
12 4 locked window.span.to: u32
16 16 locked window.spans: [struct; 2]
0 4 locked window.spans[].from: u32
4 4 locked window.spans[].to: u32
32 16 locked window.names: [text of at most 4 bytes; 2]
48 9 locked window.last: option of struct
0 4 locked window.last.from: u32
4 4 locked window.last.to: u32
57 1 locked window.phase: enum(u8) { Idle = 0, Busy = 1 }
1792 64 locked small: struct
0 4 locked small.from: u32
4 4 locked small.to: u32
1856 320 locked point: 12 opaque bytes
2176 256 locked took: [duration; 2]
2432 1 atomic after: u8
";
    assert_eq!(listed, expected);
}

pub(super) fn values_of_a_few_words_share_the_lines_of_their_lock() {
    fn size<T: SharedState>() -> usize {
        size_of::<T::Slots>()
    }
    assert_eq!(size::<(u8,)>(), 320);
    assert_eq!(size::<Option<u8>>(), 64);
    assert_eq!(size::<Option<u64>>(), 128);
    assert_eq!(size::<u128>(), 128);
    assert_eq!(size::<std::time::Duration>(), 128);
    assert_eq!(size::<Locked<Span>>(), 64);
    assert_eq!(size::<Locked<Window>>(), 320);
    assert_eq!(size::<Locked<([u8; 64],)>>(), 320);
    assert_eq!(size::<Locked<([u8; 65],)>>(), 576);
    assert_eq!(align_of::<<u128 as SharedState>::Slots>(), 64);
}

#[derive(SharedState)]
struct Locked<T: SharedState> {
    #[shared(lock)]
    value: T,
}

macro_rules! here_and_there {
    ($([$($here:tt)*] [$($there:tt)*] $path:literal;)*) => {
        vec![$({
            #[derive(SharedState, Default)]
            struct Here { $($here)* }
            #[derive(SharedState, Default)]
            struct There { $($there)* }
            (
                Shared::<Here>::schema().fingerprint() == Shared::<There>::schema().fingerprint(),
                mismatch::<Here, There>(),
                $path,
            )
        }),*]
    };
}

/// What opening a segment of `There` as one of `Here` says.
fn mismatch<Here: SharedState, There: SharedState + Default>() -> String {
    let there = Shared::new(There::default()).unwrap();
    match Shared::<Here>::from_token(&there.token()) {
        Ok(_) => "none".to_owned(),
        Err(error) => error.to_string(),
    }
}

pub(super) fn what_differs_within_an_image_is_told_by_its_path() {
    #[derive(SharedState, Default)]
    struct Wide {
        from: u32,
        to: i32,
    }
    let cases = here_and_there! {
        [#[shared(lock)] a: Span,] [#[shared(lock)] a: Wide,] "field `a.to` is locked u32 (4 bytes at offset 4) here, but locked i32";
        [#[shared(capacity = 4)] a: String,] [#[shared(capacity = 5)] a: String,] "field `a` is locked text of at most 4 bytes (320 bytes at offset 0) here, but locked text of at most 5 bytes";
        [#[shared(capacity = 4)] a: Vec<u8>,] [#[shared(capacity = 4)] a: Vec<i8>,] "field `a` is locked list of at most 4 u8";
        [#[shared(capacity = 4)] a: Vec<Span>,] [#[shared(capacity = 4)] a: Vec<Wide>,] "field `a[].to` is locked u32";
        [a: Option<u32>,] [a: Option<i32>,] "field `a` is locked option of u32";
        [a: (u8, u16),] [a: (u8, i16),] "field `a.1` is locked u16";
        [a: u128,] [a: i128,] "field `a` is locked u128";
        [#[shared(lock)] a: u32,] [a: u32,] "field `a` is locked u32 (64 bytes at offset 0) here, but u32 (4 bytes at offset 0)";
    };
    for (same, told, expected) in cases {
        assert!(!same, "{expected}");
        assert!(told.contains(expected), "{told}\nshould have: {expected}");
    }
}

pub(super) fn names_of_types_do_not_count_within_images_either() {
    mod elsewhere {
        #[derive(shmstate::SharedState, Default)]
        pub(super) struct Range {
            from: u32,
            to: u32,
        }
    }
    let cases = here_and_there! {
        [#[shared(lock)] a: Span,] [#[shared(lock)] a: elsewhere::Range,] "none";
        [#[shared(capacity = 2)] a: Vec<Span>,] [#[shared(capacity = 2)] a: Vec<elsewhere::Range>,] "none";
    };
    for (same, told, _) in cases {
        assert!(same);
        assert_eq!(told, "none");
    }
}
