//! Each verb, killed at each of its instructions while nobody else wants the lock, but somebody waits for a
//! change.
//!
//! If any of this were wrong, it would print "a torn pair", "neither old nor new", "not a commit a change",
//! or the watchdog's "somebody hangs".

use std::cell::Cell;

use shmstate::{ReadOnly, Shared, SharedState};

use super::slot::{SlotFile, serve};
use super::subjects::{Block, Log, Note, Page, Pair, Subject, page_of, text_of};
use super::support::{name, watchdog};
use super::sweep::{Standing, Sweep, Tally, check};

/// The image of `len` bytes four times, each on lines of its own, behind the first line.
fn slot_len(len: usize) -> usize {
    64 + 4 * len.next_multiple_of(64)
}

/// Kills `verb`, which adds 1, at every instruction. `number_there` reads through another mapping.
fn kill_a_change<S: Subject>(
    subject: &S,
    file: &SlotFile,
    len: usize,
    verb: impl Fn(u64),
    number_there: impl Fn() -> u64,
) {
    watchdog(300);
    let waiter = serve(|number| assert!(subject.wait_for(number) >= number));
    let before = Cell::new(Standing::of(subject));
    let tally = Tally::default();
    let sweep = Sweep {
        file,
        len: slot_len(len),
        kills: 15,
        meanwhile: None,
        asleep: None,
    };
    sweep.run(
        || verb(before.get().number),
        || {
            before.set(Standing::of(subject));
            waiter.order(before.get().number + 1);
            file.until_change_is_waited_for();
        },
        || {
            assert_eq!(number_there(), subject.number(), "readers disagree");
            check(subject, file, before.get(), &tally);
            waiter.done();
        },
    );
    tally.check();
    waiter.kill();
}

/// A named segment, and its file.
fn stage<T: SharedState>(value: T) -> (Shared<T>, SlotFile, ReadOnly<T>) {
    let name = name("slot");
    let state = Shared::create(&name, value).expect("create");
    let view = ReadOnly::open(&name).expect("open");
    (state, SlotFile::of(&name), view)
}

pub(crate) fn an_update_killed_at_any_instruction_is_whole_or_not_there() {
    let (pair, file, view) = stage(Pair::of(1));
    let verb = |_| pair.modify(Pair::step);
    kill_a_change(&*pair, &file, 24, verb, || view.get().number());
}

pub(crate) fn a_set_killed_at_any_instruction_is_whole_or_not_there() {
    let (pair, file, view) = stage(Pair::of(1));
    let verb = |old| pair.set(Pair::of(old + 1));
    kill_a_change(&*pair, &file, 24, verb, || view.get().number());
}

pub(crate) fn a_replace_killed_at_any_instruction_is_whole_or_not_there() {
    let (pair, file, view) = stage(Pair::of(1));
    let verb = |old| assert_eq!(pair.replace(Pair::of(old + 1)).number(), old);
    kill_a_change(&*pair, &file, 24, verb, || view.get().number());
}

pub(crate) fn a_text_set_killed_at_any_instruction_is_whole_or_not_there() {
    let text = text_of(1);
    let (note, file, view) = stage(Note { text });
    let verb = |old| note.text.set(text_of(old + 1)).expect("it fits");
    let there = || {
        let text = view.text.get();
        let number = text.split(' ').next().expect("a number");
        number.parse().expect("a number")
    };
    kill_a_change(&note.text, &file, 72, verb, there);
}

pub(crate) fn a_list_push_killed_at_any_instruction_is_whole_or_not_there() {
    let numbers = vec![0, 1];
    let (log, file, view) = stage(Log { numbers });
    let verb = |old| log.numbers.push(old + 1).expect("it fits");
    let there = || *view.numbers.get().last().expect("it is not empty");
    kill_a_change(&log.numbers, &file, 136, verb, there);
}

pub(crate) fn an_update_of_a_kibibyte_killed_at_any_instruction_is_whole_or_not_there() {
    let (block, file, view) = stage(Block::<128>::of(1));
    let verb = |old| block.modify(|block| *block = Block::of(old + 1));
    kill_a_change(&*block, &file, 1024, verb, || view.get().number());
}

pub(crate) fn a_set_of_sixteen_kibibytes_killed_at_any_instruction_is_whole_or_not_there() {
    let text = page_of(1);
    let (page, file, view) = stage(Page { text });
    let verb = |old| page.text.set(page_of(old + 1)).expect("it fits");
    let there = || view.text.get()[..8].parse().expect("digits");
    kill_a_change(&page.text, &file, 16_384 + 8, verb, there);
}

/// Kills one that changes no value, at every instruction.
fn kill_one_that_reads(pair: &Shared<Pair>, file: &SlotFile, victim: impl Fn()) {
    watchdog(300);
    let number = Cell::new(pair.get().number());
    let sweep = Sweep {
        file,
        len: slot_len(24),
        kills: 15,
        meanwhile: None,
        asleep: None,
    };
    sweep.run(
        victim,
        || number.set(pair.get().number()),
        || {
            assert!(!file.is_held(), "a reader held the lock");
            assert_eq!(pair.get().number(), number.get());
            pair.modify(Pair::step);
            assert_eq!(pair.get().number(), number.get() + 1);
            assert_eq!(pair.recoveries(), 0);
        },
    );
}

// If wrong: "a reader has changed something".
pub(crate) fn a_reader_killed_at_any_instruction_changes_nothing() {
    let (pair, file, view) = stage(Pair::of(1));
    watchdog(300);
    let mut before = vec![0; slot_len(24)];
    file.read(&mut before);
    let sweep = Sweep {
        file: &file,
        len: before.len(),
        kills: 15,
        meanwhile: None,
        asleep: None,
    };
    let same = || {
        let mut now = vec![0; before.len()];
        file.read(&mut now);
        assert!(now == before, "a reader has changed something");
    };
    let changes = sweep.run(|| assert_eq!(pair.get(), Pair::of(1)), || (), same);
    assert_eq!(changes, 0, "a reader writes");
    let changes = sweep.run(|| assert_eq!(view.get(), Pair::of(1)), || (), same);
    assert_eq!(changes, 0, "a reader writes");
}

pub(crate) fn one_that_waits_for_a_change_killed_at_any_instruction_stops_nobody() {
    let (pair, file, _) = stage(Pair::of(1));
    let survivor = serve(|number| assert!(pair.wait_for(number) >= number));
    let next = Cell::new(2);
    kill_one_that_reads(&pair, &file, || {
        let limit = std::time::Duration::from_millis(2);
        let waited = pair.wait_until_for(limit, |pair| pair.number() == 0);
        waited.expect_err("it never is 0");
    });
    // And beside one that goes on waiting.
    for _ in 0..3 {
        next.set(pair.get().number() + 1);
        survivor.order(next.get());
        file.until_change_is_waited_for();
        pair.modify(Pair::step);
        survivor.done();
    }
    survivor.kill();
}
