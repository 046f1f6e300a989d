//! Killed at each instruction, while others want the lock, too.
//!
//! If any of this were wrong, it would print "a torn pair", "not a commit a change", "a death with the lock
//! is counted", or the watchdog's "somebody hangs".

use std::cell::Cell;

use shmstate::Shared;

use super::slot::{Holder, SlotFile, hold, serve};
use super::subjects::Pair;
use super::support::{name, watchdog};
use super::sweep::Sweep;

/// The number, the commits and the deaths with the lock so far.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Counts {
    number: u64,
    commits: u64,
    taken_over: u64,
}

fn counts(pair: &Shared<Pair>) -> Counts {
    Counts {
        number: pair.get().number(),
        commits: pair.version(),
        taken_over: pair.recoveries(),
    }
}

struct Stage {
    pair: Shared<Pair>,
    file: SlotFile,
}

impl Stage {
    fn new() -> Stage {
        watchdog(300);
        let name = name("pair");
        let pair = Shared::create(&name, Pair::of(1)).expect("create");
        let file = SlotFile::of(&name);
        Stage { pair, file }
    }

    fn sweep<'a>(&'a self, meanwhile: Option<&'a dyn Fn()>) -> Sweep<'a> {
        Sweep {
            file: &self.file,
            len: 64 + 4 * 64,
            kills: 12,
            meanwhile,
            asleep: None,
        }
    }

    /// Everybody is dead or done, but for the victim's lock: each that is to add 1 has, all `surely` of them
    /// and the victim perhaps, and a death with the lock is counted.
    fn check(&self, before: Counts, surely: u64) {
        let held = u64::from(self.file.is_held());
        let left = counts(&self.pair);
        self.pair.modify(Pair::step);
        let after = counts(&self.pair);
        let added = left.number - before.number;
        assert!(
            added == surely || added == surely + 1,
            "{before:?}, {left:?}"
        );
        assert_eq!(
            left.commits - before.commits,
            added,
            "not a commit a change"
        );
        assert_eq!(after.number, left.number + 1);
        assert_eq!(after.commits, left.commits + 1);
        let counted = after.taken_over - left.taken_over;
        assert_eq!(counted, held, "a death with the lock is counted");
    }
}

pub(crate) fn a_holder_that_others_wait_for_killed_at_any_instruction_stops_nobody() {
    let stage = Stage::new();
    let (pair, file) = (&stage.pair, &stage.file);
    let other = serve(|_| pair.modify(Pair::step));
    let before = Cell::new(counts(pair));
    let ordered = Cell::new(false);
    let meanwhile = || {
        if file.is_held() && !ordered.replace(true) {
            other.order(0);
            file.until_lock_is_waited_for();
        }
    };
    stage.sweep(Some(&meanwhile)).run(
        || pair.modify(Pair::step),
        || before.set(counts(pair)),
        || {
            // Killed before it had the lock, or just then.
            if !ordered.replace(false) {
                other.order(0);
            }
            other.done();
            stage.check(before.get(), 1);
        },
    );
    assert!(pair.recoveries() > 5, "not killed everywhere");
    other.kill();
}

pub(crate) fn one_that_waits_for_the_lock_killed_at_any_instruction_stops_nobody() {
    let stage = Stage::new();
    let (pair, file) = (&stage.pair, &stage.file);
    let before = Cell::new(counts(pair));
    let holder: Cell<Option<Holder>> = Cell::default();
    let other = serve(|_| pair.modify(Pair::step));
    let release = || {
        if let Some(holder) = holder.take() {
            holder.release();
        }
    };
    let announced = || file.until_lock_is_waited_for();
    let sweep = Sweep {
        asleep: Some([&announced, &release]),
        ..stage.sweep(None)
    };
    sweep.run(
        || pair.modify(Pair::step),
        || {
            before.set(counts(pair));
            let update = |inside: &dyn Fn()| {
                pair.modify(|pair| {
                    pair.step();
                    inside();
                });
            };
            holder.set(Some(hold(update)));
        },
        || {
            other.order(0);
            other.done();
            stage.check(before.get(), 2);
        },
    );
    other.kill();
}

pub(crate) fn one_that_takes_over_killed_at_any_instruction_is_taken_over_from() {
    let stage = Stage::new();
    let pair = &stage.pair;
    let before = Cell::new(counts(pair));
    stage.sweep(None).run(
        || pair.modify(Pair::step),
        || {
            before.set(counts(pair));
            let holder = hold(|inside| pair.modify(|_| inside()));
            holder.kill();
            assert!(stage.file.is_left(), "nobody to take over from");
        },
        || {
            let taken_over = pair.recoveries() - before.get().taken_over;
            assert!(taken_over <= 1, "taken over twice from one");
            stage.check(before.get(), 0);
            // Twice, if the victim had done so, and died with the lock itself.
            assert!(pair.recoveries() > before.get().taken_over);
        },
    );
}
