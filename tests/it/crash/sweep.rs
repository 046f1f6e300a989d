//! Kills a process at one instruction after the other.

use std::cell::Cell;

use shmstate::Shared;

use super::slot::SlotFile;
use super::subjects::{Pair, Subject};
use super::support::{amount, assert_success, is_deep, seed};
use super::tracer::{Step, Traced, stop, trace};

/// Kills at each instruction of something.
pub(crate) struct Sweep<'a> {
    pub(crate) file: &'a SlotFile,
    /// How many bytes of the slot are watched: all.
    pub(crate) len: usize,
    /// About how many kills there are as a rule, besides one after each instruction that changes bytes of the slot.
    pub(crate) kills: usize,
    /// What others do after each instruction that has changed bytes of the slot, and before the next.
    pub(crate) meanwhile: Option<&'a dyn Fn()>,
    /// If the victim is to be followed from where it sleeps: what to wait for, and what to do then.
    pub(crate) asleep: Option<[&'a dyn Fn(); 2]>,
}

/// What a process does, from one instruction to the next.
#[derive(Default)]
pub(crate) struct Way {
    /// The address of each instruction.
    pub(crate) addresses: Vec<u64>,
    /// After how many instructions the bytes of the slot have changed.
    pub(crate) changes: Vec<usize>,
}

/// Where a process is killed.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Nowhere,
    /// Before the so-manieth instruction.
    Before(usize),
    /// After the so-manieth change.
    After(usize),
}

/// A way of up to so many instructions is killed at each in a deep run.
const MOST_INSTRUCTIONS: usize = 20_000;

/// How many of the instructions that change bytes are killed after, where there are thousands of them.
const MOST_CHANGES: [usize; 2] = [12, 40];

impl Sweep<'_> {
    /// Runs `victim` again and again, in a new process each time. The first comes to its end; the others are
    /// killed, each at another instruction. `before` and `after` are run around each. Returns how many
    /// instructions have changed bytes of the slot.
    ///
    /// Between two of those there is nothing that others could tell, so kills after each of them, the steps of the
    /// protocol, stand for kills at all instructions; the others, evenly spread, are there to see that this is so. In
    /// a deep run they are at every instruction, unless that would take too long.
    pub(crate) fn run(&self, victim: impl Fn(), before: impl Fn(), after: impl Fn()) -> usize {
        before();
        let way = self.record(&victim);
        after();
        let (instructions, changes) = (way.addresses.len(), way.changes.len());
        assert!(instructions > 20, "these are too few to be all");

        // One that others meet is followed step by step each time.
        let at_every_one =
            is_deep() && self.meanwhile.is_none() && instructions <= MOST_INSTRUCTIONS;
        let each = if at_every_one {
            1
        } else {
            instructions.div_ceil(amount(self.kills, 4 * self.kills))
        };
        // Other ones in each run.
        let offset = usize::try_from(seed() % each as u64).expect("less than that");
        let each_change = changes
            .div_ceil(amount(MOST_CHANGES[0], MOST_CHANGES[1]))
            .max(1);
        // The first and the last are those of the words before the images.
        let edge = |change| change <= 4 || change + 8 > changes;
        let places = (1..=changes).filter(|change| edge(*change) || change % each_change == 0);
        let places = places.map(Place::After);
        let evenly = (offset..instructions).step_by(each);
        let places: Vec<Place> = places.chain(evenly.map(Place::Before)).collect();
        let mut kills = 0;
        for place in places.iter().copied() {
            before();
            kills += usize::from(self.kill_at(&way, place, &victim));
            after();
        }
        println!(
            "{kills} kills: after each {each_change} of {changes} changes, and at each {each} of {instructions} \
             instructions from the {offset}th",
        );
        assert!(kills > places.len() / 2, "these are too few");
        changes
    }

    /// Lets `victim` come to its end, and looks at each of its instructions.
    pub(crate) fn record(&self, victim: &impl Fn()) -> Way {
        let traced = self.at_the_start(victim);
        let (way, killed) = self.walk(&traced, Place::Nowhere);
        assert!(!killed);
        assert_success(traced.finish());
        way
    }

    /// A process that stands before `victim`, or within it.
    pub(crate) fn at_the_start(&self, victim: &impl Fn()) -> Traced {
        let traced = trace(|| {
            warm_up();
            stop();
            victim();
            stop();
        });
        traced.run_to_stop();
        if let Some([until, then]) = self.asleep {
            traced.run_until_then_stop(until);
            then();
        }
        traced
    }

    /// Follows the process from instruction to instruction. Whether it came to that place.
    fn walk(&self, traced: &Traced, place: Place) -> (Way, bool) {
        let mut way = Way::default();
        let mut last = vec![0; self.len];
        let mut now = last.clone();
        self.file.read(&mut last);
        loop {
            if place == Place::Before(way.addresses.len()) {
                return (way, true);
            }
            way.addresses.push(traced.address());
            match traced.step_instruction() {
                Step::Instruction => {}
                Step::Stop => return (way, false),
                Step::Ended => panic!("it has not come to its end"),
            }
            self.file.read(&mut now);
            if now != last {
                way.changes.push(way.addresses.len());
                if place == Place::After(way.changes.len()) {
                    return (way, true);
                }
                self.meanwhile.inspect(|meanwhile| meanwhile());
                self.file.read(&mut last);
            }
        }
    }

    /// Kills `victim` at that place. Whether it came so far: where it waits, its way is not always the same.
    fn kill_at(&self, way: &Way, place: Place, victim: &impl Fn()) -> bool {
        let traced = self.at_the_start(victim);
        let there = match place {
            _ if self.meanwhile.is_some() => self.walk(&traced, place).1,
            Place::Before(n) => run_to(&traced, &way.addresses, n),
            Place::After(change) => run_to(&traced, &way.addresses, way.changes[change - 1]),
            Place::Nowhere => false,
        };
        if there {
            traced.kill();
        } else {
            assert_success(traced.finish());
        }
        there
    }
}

/// Lets the process run until it stands before the `n`th of these instructions; whether it came so far.
pub(crate) fn run_to(traced: &Traced, addresses: &[u64], n: usize) -> bool {
    let (way, &address) = (&addresses[..n], addresses.get(n).unwrap_or(&0));
    // One instruction that copies many bytes is many steps at one address.
    let steps = way.iter().rev().take_while(|a| **a == address).count();
    let arrivals = addresses[..=n - steps].windows(2);
    let times = arrivals.filter(|two| two[0] != address && two[1] == address);
    let times = times.count();
    (n == steps || traced.run_to_address(address, times))
        && (0..steps).all(|_| traced.step_instruction() == Step::Instruction)
}

/// Lets this process find out who it is, which takes long, and only once.
fn warm_up() {
    let other = Shared::new(Pair::of(0)).expect("a segment");
    other.modify(Pair::step);
}

/// What the killed left, in all.
#[derive(Default)]
pub(crate) struct Tally {
    old: Cell<u32>,
    new: Cell<u32>,
    held: Cell<u32>,
}

fn count(cell: &Cell<u32>) {
    cell.set(cell.get() + 1);
}

/// Where a subject stands.
#[derive(Clone, Copy)]
pub(crate) struct Standing {
    pub(crate) number: u64,
    commits: u64,
}

impl Standing {
    pub(crate) fn of(subject: &impl Subject) -> Standing {
        Standing {
            number: subject.number(),
            commits: subject.commits(),
        }
    }
}

/// After a process has died, that was to add 1: looks at what it left, that the next one gets the lock, and
/// that a death with the lock is counted.
pub(crate) fn check(subject: &impl Subject, file: &SlotFile, before: Standing, tally: &Tally) {
    let left = Standing::of(subject);
    let changed = left.number - before.number;
    assert!(changed <= 1, "neither old nor new: {}", left.number);
    assert_eq!(
        left.commits,
        before.commits + changed,
        "not a commit a change"
    );
    count(if changed == 0 { &tally.old } else { &tally.new });
    let held = file.is_held();
    assert_eq!(file.is_left(), held, "the kernel was not told");
    let taken_over = subject.taken_over();
    if held {
        count(&tally.held);
    }
    subject.put(before.number + 1);
    assert_eq!(subject.number(), before.number + 1);
    assert_eq!(subject.commits(), left.commits + 1);
    assert_eq!(
        subject.taken_over() - taken_over,
        u64::from(held),
        "a death with the lock is counted, another is not"
    );
}

impl Tally {
    /// That the sweep has seen all there is to see.
    pub(crate) fn check(&self) {
        let (old, new, held) = (self.old.get(), self.new.get(), self.held.get());
        println!("{old} left the old value, {new} the new one; {held} of them held the lock");
        assert!(old > 0 && new > 0 && held > 0, "not killed everywhere");
    }
}
