//! Sixty-four processes on one state, half of which are killed.

use shared_testkit::{self as support, Role, Test, forge, tests};

use std::process::Child;
use std::time::Instant;

use forge::Random;
use shmstate::{ShareCommand, Shared, SharedState};
use support::{Process, arguments, assert_success, descriptors, mappings, name, watchdog};

const CROWD: usize = 64;
/// How often each changes everything before the others begin to be killed, and how often after it.
const ROUNDS: u32 = 50;

#[derive(SharedState)]
struct Square {
    /// Set when all are there, and once more when all that are to be killed have been.
    #[shared(watch)]
    phase: u32,
    #[shared(watch)]
    arrived: u32,
    /// Who works until it is killed.
    doomed: [bool; CROWD],
    count: u64,
    book: Book,
    #[shared(capacity = 40)]
    sign: String,
}

#[derive(SharedState)]
#[shared(lock)]
struct Book {
    total: u32,
    by: [u32; CROWD],
}

impl Book {
    fn enter(&mut self, who: usize) {
        self.total += 1;
        self.by[who] += 1;
    }
}

impl SquareSlots {
    fn change_everything(&self, who: usize, times: u32) {
        for n in 0..times {
            self.count.fetch_add(1);
            self.book.modify(|book| book.enter(who));
            let letters = "abcdefgh".repeat(n as usize % 4);
            self.sign.set(format!("{who} {letters}")).expect("it fits");
        }
    }

    /// What each of the crowd does.
    fn work(&self, who: usize) {
        self.arrived.fetch_add(1);
        self.phase.wait_until(|phase| *phase >= 1);
        while self.doomed[who].get() {
            self.change_everything(who, 1);
        }
        self.change_everything(who, ROUNDS);
        self.phase.wait_until(|phase| *phase >= 2);
        self.change_everything(who, ROUNDS);
    }
}

pub(crate) const ROLES: &[Role] = &[("one_of_many", member)];

pub(crate) const TESTS: &[Test] = tests![
    sixty_four_forked_processes_use_one_state_and_half_are_killed,
    sixty_four_spawned_processes_use_one_state_and_half_are_killed,
];

enum Member {
    Forked(Process),
    Spawned(Child),
}

impl Member {
    fn kill(self) {
        match self {
            Member::Forked(process) => drop(process.kill()),
            Member::Spawned(mut child) => {
                child.kill().expect("it runs");
                child.wait().expect("it has ended");
            }
        }
    }

    fn wait(self) {
        assert_success(match self {
            Member::Forked(process) => process.wait(),
            Member::Spawned(mut child) => child.wait().expect("it ends"),
        });
    }
}

/// If this were wrong: "lost or made" where changes get lost, "before and after" where something stays, and the
/// watchdog's "somebody hangs" where the living wait for the dead.
fn put_to_work(square: &Shared<Square>, join: impl Fn(usize) -> Member) {
    let began = Instant::now();
    let first_sign = square.sign.version();
    let mut random = Random::new(64);
    let mut doomed: Vec<usize> = (0..CROWD).collect();
    while doomed.len() > CROWD / 2 {
        doomed.swap_remove(random.below(doomed.len()));
    }
    for who in &doomed {
        square.doomed[*who].set(true);
    }
    let mut crowd: Vec<Option<Member>> = (0..CROWD).map(|who| Some(join(who))).collect();
    square.arrived.wait_until(|n| *n as usize == CROWD);
    let there = began.elapsed();
    square.phase.set(1);
    for who in &doomed {
        // After some more changes, of whomever: at a moment that nobody foresees.
        let then = square.count.get() + random.below(100) as u64;
        while square.count.get() < then {
            std::thread::yield_now();
        }
        crowd[*who].take().expect("it is there").kill();
    }
    square.phase.set(2);
    let survivors = crowd.into_iter().flatten();
    survivors.for_each(Member::wait);
    println!("there after {there:?}, gone after {:?}", began.elapsed());

    let book = square.book.get();
    let entries: u32 = book.by.iter().sum();
    assert_eq!(book.total, entries, "lost or made");
    for who in (0..CROWD).filter(|who| !doomed.contains(who)) {
        assert_eq!(book.by[who], 2 * ROUNDS, "lost or made, of {who}");
    }
    // Who was killed may have done the first without the second, or both without the third.
    let killed = doomed.len() as u64;
    let total = u64::from(book.total);
    let counted = square.count.get();
    assert!(
        (total..=total + killed).contains(&counted),
        "lost or made: {counted}, {total} in the book"
    );
    let signs = square.sign.version() - first_sign;
    assert!(
        (total - killed..=total).contains(&signs),
        "lost or made: {signs}, {total} in the book"
    );
    let sign = square.sign.get();
    let (who, letters) = sign.split_once(' ').expect("a whole text");
    assert!(who.parse::<usize>().is_ok_and(|who| who < CROWD), "{sign}");
    assert!("abcdefgh".repeat(3).starts_with(letters), "{sign}");
}

fn sixty_four_forked_processes_use_one_state_and_half_are_killed() {
    watchdog(100);
    let before = (descriptors(), mappings());
    let square = Shared::<Square>::zeroed().expect("create");
    put_to_work(&square, |who| {
        Member::Forked(support::start(|| square.work(who)))
    });
    drop(square);
    assert_eq!((descriptors(), mappings()), before, "before and after");
}

fn sixty_four_spawned_processes_use_one_state_and_half_are_killed() {
    watchdog(100);
    let before = (descriptors(), mappings());
    let name = name("square");
    let square = Shared::<Square>::create_zeroed(&name).expect("create");
    put_to_work(&square, |who| {
        let child = support::spawn_self("one_of_many", |command| {
            command.arg(who.to_string());
            match who % 2 {
                0 => command.arg(&name),
                _ => command.share("square", &square),
            };
        });
        Member::Spawned(child)
    });
    drop(square);
    assert_eq!((descriptors(), mappings()), before, "before and after");
}

fn member() {
    let (who, square) = match &arguments()[..] {
        [who, name] => (who.clone(), Shared::open(name)),
        [who] => (who.clone(), Shared::<Square>::inherit("square")),
        _ => unreachable!("one or two"),
    };
    square.expect("open").work(who.parse().expect("a number"));
}
