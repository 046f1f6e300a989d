//! Bytes that are no value: an error that says where and what, a panic instead of a wait, and a write heals it.

use std::num::NonZero;
use std::time::Duration;

use shmstate::{Corrupt, Shared};

use super::foreign::{Field, Segment};
use super::support::{assert_success, in_child, name, panic_of, pipe, start, watchdog};
use super::{Call, Level, Phase, State, example, stage};

/// A field that can be invalid, without its type.
struct Checked {
    name: &'static str,
    /// As in an error.
    bad: Vec<(u64, &'static str)>,
    try_get: fn(&State) -> Option<Corrupt>,
    /// What panics.
    readers: Vec<Call>,
    heal: Call,
}

macro_rules! checked {
    ($($field:ident $value:expr, [$($bad:literal $text:literal),*];)*) => {
        vec![$(Checked {
            name: stringify!($field),
            bad: vec![$(($bad, $text)),*],
            try_get: |s| {
                let both = (s.$field.try_get().err(), s.read_only().$field.try_get().err());
                let texts = [&both.0, &both.1].map(|corrupt| corrupt.as_ref().map(ToString::to_string));
                assert_eq!(texts[0], texts[1]);
                both.0
            },
            readers: vec![
                |s| _ = s.$field.get(),
                |s| _ = s.$field.snapshot(),
                |s| _ = s.$field.wait_until(|_| true),
                |s| _ = s.$field.wait_until(|_| false),
                |s| _ = s.$field.wait_until_for(Duration::ZERO, |_| false),
                |s| _ = s.$field.wait_until_for(Duration::MAX, |_| false),
                |s| _ = s.$field.update(|value| value),
                |s| _ = s.$field.compare_exchange($value, $value),
                |s| _ = s.read_only().$field.get(),
            ],
            heal: |s| s.$field.set($value),
        }),*]
    };
}

fn all() -> Vec<Checked> {
    checked! {
        flag example().flag, [2 "2", 0x80 "128", 0xff "255"];
        letter example().letter, [0xd800 "0xd800", 0xdfff "0xdfff", 0x11_0000 "0x110000", 0xffff_ffff "0xffffffff"];
        phase example().phase, [3 "3", 0xff "255"];
        level example().level, [0 "0", 0xfffc "-4", 499 "499", 0x8000 "-32768"];
        tries example().tries, [0 "0"];
    }
}

/// Has another process write there what is no value, and tell nobody.
fn spoil(field: Field<'_>, bits: u64) {
    assert_success(in_child(|| field.scribble(bits)));
}

/// If one went through, this would print its bits; if a wait went on, the watchdog's "somebody hangs".
pub(crate) fn every_invalid_pattern_is_an_error_and_a_write_heals_it() {
    watchdog(100);
    let (state, segment) = stage();
    for checked in all() {
        let field = segment.field(checked.name);
        for (bits, shown) in &checked.bad {
            spoil(field, *bits);
            let found = (checked.try_get)(&state).expect("no value");
            let text = found.to_string();
            assert!(text.contains(shown), "{}: {text}", checked.name);
            let corrupt = state.try_snapshot().expect_err("no value");
            assert_eq!(corrupt.field(), checked.name);
            assert!(corrupt.to_string().contains(checked.name), "{corrupt}");
            for read in &checked.readers {
                let panic = panic_of(|| read(&state));
                assert!(panic.contains(shown), "{}: {panic}", checked.name);
            }
            assert!(format!("{state:?}").contains("corrupt"), "{state:?}");
            assert_eq!(field.get(), *bits, "{}: written", checked.name);
            (checked.heal)(&state);
            assert!((checked.try_get)(&state).is_none(), "{}", checked.name);
            assert_eq!(state.snapshot(), example());
        }
    }
}

/// As above.
pub(crate) fn a_wait_for_a_field_without_a_value_panics() {
    watchdog(60);
    let (state, segment) = stage();
    spoil(segment.field("phase"), 77);
    let panic = panic_of(|| state.phase.wait_until(|_| false));
    let expected = state.phase.try_get().expect_err("no value").to_string();
    assert!(panic.contains(&expected), "{panic}: {expected}");
    assert!(panic.contains("77") && panic.contains("enum"), "{panic}");
    assert_eq!(segment.field("phase").event(), 0, "it never slept");
}

/// Nobody is told of the bytes; if it slept on, this would print the watchdog's "somebody hangs".
pub(crate) fn who_sleeps_when_the_value_is_spoilt_panics() {
    watchdog(60);
    let (state, segment) = stage();
    let field = segment.field("letter");
    for bits in [0xd800, 0x11_0000, u64::from(u32::MAX)] {
        let (panics, tell) = pipe();
        let letter = &state.letter;
        let waiter = super::asleep(field, move || {
            let panic = panic_of(|| letter.wait_until(|_| false));
            tell.send(panic.as_bytes());
        });
        spoil(field, bits);
        assert_success(waiter.wait());
        let panic = String::from_utf8(panics.rest()).expect("text");
        assert!(panic.contains(&format!("{bits:#x}")), "{panic}");
        // Another sees it at once, and goes on when it is healed.
        state.letter.set('a');
        let waiter = start(|| assert_eq!(state.letter.wait_until(|c| *c == 'b'), 'b'));
        state.letter.set('b');
        assert_success(waiter.wait());
    }
}

/// If one wrote, or told, otherwise, this would print the bits and the event that it left.
pub(crate) fn verbs_that_read_panic_and_write_only_as_documented() {
    watchdog(60);
    let (state, segment) = stage();
    let (flag, level) = (segment.field("flag"), segment.field("level"));
    // Written all the same.
    let writers: [(Call, u64); 5] = [
        (|s| _ = s.flag.replace(true), 1),
        (|s| _ = s.flag.fetch_and(true), 0),
        (|s| _ = s.flag.fetch_or(true), 3),
        (|s| _ = s.flag.fetch_xor(true), 3),
        (|s| s.flag.set(false), 0),
    ];
    for (i, (write, left)) in writers.iter().enumerate() {
        spoil(flag, 2);
        flag.scribble_event(1);
        if i < 4 {
            let panic = panic_of(|| write(&state));
            assert!(panic.contains("bool"), "{panic}");
        } else {
            write(&state);
        }
        assert_eq!((flag.get(), flag.event()), (*left, 2), "verb {i}");
    }
    // Not written, and nobody is told.
    let readers: [Call; 2] = [
        |s| _ = s.level.update(|_| Level::High),
        |s| _ = s.level.compare_exchange(Level::Low, Level::High),
    ];
    for read in readers {
        spoil(level, 7);
        level.scribble_event(1);
        panic_of(|| read(&state));
        assert_eq!((level.get(), level.event()), (7, 1));
    }
}

#[derive(shmstate::SharedState, Debug)]
struct Rows {
    #[shared(watch)]
    tries: [NonZero<u16>; 3],
    #[shared(watch, cache_padded)]
    phases: [[Phase; 2]; 2],
}

/// If it were looked for elsewhere, this would print another path.
pub(crate) fn a_spoilt_element_is_told_by_its_path() {
    watchdog(60);
    let name = name("rows");
    let rows = Rows {
        tries: [NonZero::<u16>::MIN; 3],
        phases: [[Phase::Idle; 2]; 2],
    };
    let state = Shared::create(&name, rows).expect("create");
    let segment = Segment::of(&name);
    spoil(segment.element("tries", &[2]), 0);
    let corrupt = state.try_snapshot().expect_err("no value");
    assert_eq!(corrupt.field(), "tries[2]");
    state.tries[2].set(NonZero::<u16>::MAX);
    spoil(segment.element("phases", &[1, 1]), 9);
    let corrupt = state.try_snapshot().expect_err("no value");
    assert_eq!(corrupt.field(), "phases[1][1]");
    panic_of(|| state.phases[1][1].wait_until(|_| false));
    state.phases[1][1].set(Phase::Done);
    assert!(state.try_snapshot().is_ok());
}
