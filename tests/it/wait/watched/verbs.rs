//! Every verb that changes a field wakes those who wait for it.
//!
//! Those who sleep here are another program's, without a bound: if a verb did not wake them, this would print the
//! watchdog's "somebody hangs".

use std::num::NonZero;

use shmstate::Watched;

use super::foreign::Field;
use super::support::{assert_success, watchdog};
use super::{Call, Level, Phase, asleep, stage};

/// Somebody sleeps until the field has other bits; then `change` makes it so.
#[track_caller]
fn wakes(field: Field<'_>, change: impl FnOnce()) {
    let before = field.get();
    let waiter = asleep(field, || {
        field.wait_until(|bits| bits != before);
    });
    change();
    assert_success(waiter.wait());
}

pub(crate) fn every_verb_that_changes_a_number_wakes_who_sleeps() {
    watchdog(60);
    let (state, segment) = stage();
    let field = segment.field("step");
    let verbs: [fn(&Watched<u32>) -> u32; 12] = [
        |step| {
            step.set(6);
            5
        },
        |step| step.replace(6),
        |step| step.update(|step| step + 1),
        |step| step.compare_exchange(5, 6).expect("it is 5"),
        |step| step.fetch_add(1),
        |step| step.fetch_add(u32::MAX),
        |step| step.fetch_sub(1),
        |step| step.fetch_max(6),
        |step| step.fetch_min(4),
        |step| step.fetch_and(4),
        |step| step.fetch_or(2),
        |step| step.fetch_xor(3),
    ];
    for verb in verbs {
        state.step.set(5);
        wakes(field, || assert_eq!(verb(&state.step), 5));
        assert!([6, 4, 7].contains(&state.step.get()), "{:?}", state.step);
    }
}

pub(crate) fn every_verb_that_changes_another_type_wakes_who_sleeps() {
    watchdog(60);
    let (state, segment) = stage();
    macro_rules! verbs {
        ($($field:ident: $($verb:ident ($($argument:expr),*)),+;)*) => {
            $($(wakes(segment.field(stringify!($field)), || _ = state.$field.$verb($($argument),*));)+)*
        };
    }
    verbs! {
        ratio: fetch_add(0.5), fetch_sub(7.25), fetch_max(1e9), fetch_min(-1.0), replace(-0.0), update(|x| x + 1.0);
        flag: fetch_or(true), fetch_and(false), fetch_xor(true), update(|flag| !flag);
        letter: replace('z'), update(|_| 'y'), compare_exchange('y', 'x');
        phase: replace(Phase::Done), update(|_| Phase::Idle), compare_exchange(Phase::Idle, Phase::Busy);
        last: replace(None), compare_exchange(None, NonZero::new(1));
        big: fetch_add(1), fetch_xor(1 << 63), fetch_max(u64::MAX);
    }
    wakes(segment.element("many", &[1]), || {
        _ = state.many[1].fetch_add(1);
    });
    wakes(segment.element("alone", &[1]), || {
        _ = state.alone[1].fetch_add(1);
    });
    let other = super::example();
    wakes(segment.field("big"), || {
        state.restore(other).expect("it fits");
    });
}

pub(crate) fn every_width_wakes_who_sleeps() {
    watchdog(60);
    let (state, segment) = stage();
    let cases: [(&str, Call); 12] = [
        ("flag", |s| s.flag.set(true)),
        ("tiny", |s| s.tiny.set(i8::MAX)),
        ("port", |s| s.port.set(0)),
        ("step", |s| s.step.set(u32::MAX)),
        ("big", |s| s.big.set(0)),
        ("single", |s| s.single.set(f32::NAN)),
        ("ratio", |s| s.ratio.set(f64::NAN)),
        ("letter", |s| s.letter.set('\0')),
        ("phase", |s| s.phase.set(Phase::Idle)),
        ("level", |s| s.level.set(Level::High)),
        ("tries", |s| s.tries.set(NonZero::<u8>::MIN)),
        ("last", |s| s.last.set(None)),
    ];
    for (name, change) in cases {
        wakes(segment.field(name), || change(&state));
    }
}

/// If it woke somebody, this would print the next even number.
pub(crate) fn what_changes_nothing_wakes_nobody() {
    watchdog(60);
    let (state, segment) = stage();
    let field = segment.field("step");
    let waiter = asleep(field, || {
        field.wait_until(|step| step == 2);
    });
    let event = field.event();
    assert_eq!(state.step.compare_exchange(7, 8), Err(1));
    let _ = (state.step.get(), state.snapshot(), format!("{state:?}"));
    let panic = super::support::panic_of(|| state.step.update(|_| panic!("no new value")));
    assert_eq!(panic, "no new value");
    assert_eq!((field.event(), state.step.get()), (event, 1));
    assert_eq!(state.step.compare_exchange(1, 2), Ok(1));
    assert_success(waiter.wait());
    // It may have said that it waits before it looked.
    assert_eq!(field.event() & !1, event + 1);
}
