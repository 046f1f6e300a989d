//! Values, as the processes see each other's. (Every scalar, with its edges, is in `tests/values`.)

use shmstate::{Atomic, Slot};

use super::start::{Crew, Member, Way};
use super::support::watchdog;
use super::world::{Figures, LockedFigures, Point};

fn figures(times: i16) -> Figures {
    Figures {
        int: -3 * i32::from(times),
        double: 3.625 * f64::from(times),
        long: (1 << 33) * i64::from(times),
        point: Point {
            x: 0.5 * f32::from(times),
            y: -0.25 * f32::from(times),
        },
        array: [1, 2, 3].map(|n: i16| n * times),
        text: "äh".repeat(times.unsigned_abs().into()),
    }
}

/// The same for the one under the lock.
fn locked_figures(times: i16) -> LockedFigures {
    let Figures {
        int,
        double,
        long,
        point,
        array,
        text,
    } = figures(times);
    LockedFigures {
        int,
        double,
        long,
        point,
        array,
        text,
    }
}

/// Doubles both.
pub(crate) fn doubles(me: &Member<'_>) {
    let figures = &me.state.figures;
    assert_eq!(
        figures.snapshot(),
        self::figures(1),
        "what the parent has written"
    );
    figures.int.update(|n| n * 2);
    figures.double.update(|n| n * 2.0);
    figures.long.fetch_add(figures.long.get());
    figures.point.x.update(|n| n * 2.0);
    figures.point.y.update(|n| n * 2.0);
    for n in &figures.array {
        n.update(|n| n * 2);
    }
    figures
        .text
        .modify(|text| *text = text.repeat(2))
        .expect("it fits");
    me.state.locked_figures.modify(|figures| {
        figures.int *= 2;
        figures.double *= 2.0;
        figures.long *= 2;
        figures.point.x *= 2.0;
        figures.point.y *= 2.0;
        figures.array = figures.array.map(|n| n * 2);
        figures.text = figures.text.repeat(2);
    });
}

/// PY shared ctypes. If the child had a copy, this would print figures that are not doubled.
pub(crate) fn a_struct_is_doubled_with_and_without_a_lock(way: Way) {
    watchdog(100);
    let crew = Crew::ready(way, 1);
    let state = crew.state("double");
    let plain = figures(1);
    state.figures.int.set(plain.int);
    state.figures.double.set(plain.double);
    state.figures.long.set(plain.long);
    state.figures.point.x.set(plain.point.x);
    state.figures.point.y.set(plain.point.y);
    for (slot, n) in state.figures.array.iter().zip(plain.array) {
        slot.set(n);
    }
    state.figures.text.set(plain.text).expect("it fits");
    state.locked_figures.set(locked_figures(1));
    crew.start(&state, "doubles", 0).wait();
    assert_eq!(state.figures.snapshot(), figures(2));
    assert_eq!(state.locked_figures.get(), locked_figures(2));
}

/// Makes of each number the sum of all up to it.
pub(crate) fn sums_up(me: &Member<'_>) {
    let numbers = &me.state.numbers;
    for i in 1..numbers.len() {
        numbers[i].fetch_add(numbers[i - 1].get());
    }
}

/// PY Array. If wrong: sums that are not the parent's own.
pub(crate) fn a_prefix_sum_in_place_equals_the_parents_own(way: Way) {
    watchdog(100);
    let crew = Crew::ready(way, 1);
    let state = crew.state("sums");
    let mut own: Vec<i64> = (0..64).map(|n| n * n - 100).collect();
    assert_eq!(state.numbers.len(), own.len());
    for (slot, n) in state.numbers.iter().zip(&own) {
        slot.set(*n);
    }
    crew.start(&state, "sums_up", 0).wait();
    for i in 1..own.len() {
        own[i] += own[i - 1];
    }
    let sums: Vec<i64> = state.numbers.iter().map(Atomic::get).collect();
    assert_eq!(sums, own);
}

/// Takes a copy, which stays as it is.
pub(crate) fn has_a_copy(me: &Member<'_>) {
    let mut copy = me.state.locked_figures.get();
    let numbers = me.state.numbers.snapshot();
    me.say(1);
    me.wait_for(1);
    assert_eq!((copy.int, numbers[0]), (0, 0), "the copy follows the state");
    copy.int = 7;
    assert_eq!(
        me.state.locked_figures.get().int,
        1,
        "the state follows the copy"
    );
    assert_eq!(me.state.numbers[0].get(), 1);
}

/// PY copy: a snapshot is independent of the state, in both directions. If wrong, this would print which follows.
pub(crate) fn a_snapshot_is_a_copy(way: Way) {
    watchdog(100);
    let crew = Crew::ready(way, 1);
    let state = crew.state("copy");
    let child = crew.start(&state, "has_a_copy", 0);
    child.reached(1);
    state.locked_figures.modify(|figures| figures.int = 1);
    state.numbers[0].set(1);
    child.order(1);
    child.wait();
}

/// Writes a text that fits exactly, one that does not, and one with NUL bytes.
pub(crate) fn writes_texts(me: &Member<'_>) {
    let (text, list) = (&me.state.text, &me.state.list);
    text.set("äöüß").expect("eight bytes");
    let exceeded = text.set("äöüß!").expect_err("nine bytes");
    assert_eq!((exceeded.capacity, exceeded.needed), (8, 9));
    me.say(1);
    me.wait_for(1);
    text.set("\0a\0").expect("it fits");
    list.set([7; 8]).expect("it fits");
    list.push(8).expect_err("it is full");
    me.say(2);
    me.wait_for(2);
    text.clear();
    list.clear();
}

/// PY shareable list. If a text were cut, or the neighbour written, this would print it.
pub(crate) fn a_text_is_whole_or_refused(way: Way) {
    watchdog(100);
    let crew = Crew::ready(way, 1);
    let state = crew.state("texts");
    state.list.set([u32::MAX; 3]).expect("it fits");
    let child = crew.start(&state, "writes_texts", 0);
    child.reached(1);
    assert_eq!(state.text.get(), "äöüß", "the old value stays");
    assert_eq!(state.list.get(), [u32::MAX; 3], "the neighbour");
    child.order(1);
    child.reached(2);
    assert_eq!(state.text.get(), "\0a\0");
    assert_eq!(state.list.get(), [7; 8]);
    child.order(2);
    child.wait();
    assert!(state.text.is_empty() && state.list.is_empty());
}
