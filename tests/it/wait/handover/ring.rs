//! One number that goes round: who finds its turn in a slot puts the next number into the next slot.

use std::time::{Duration, Instant};

use shmstate::{Shared, SharedState};

use super::ball::Ball;
use super::endless::{self, sleep_without_end};
use super::forge::Random;
use super::os;
use super::support::{amount, assert_success, seed, start, watchdog};

#[derive(SharedState, Default)]
pub(super) struct Court {
    #[shared(watch)]
    pub(super) watched: [u32; 4],
    #[shared(lock)]
    pub(super) locked: [u32; 4],
    #[shared(capacity = 16)]
    pub(super) texts: [String; 2],
    #[shared(capacity = 8)]
    pub(super) lists: [Vec<u32>; 2],
    /// How often players have slept.
    pub(super) sleeps: u64,
}

pub(super) fn court() -> Shared<Court> {
    Shared::new(Court::default()).expect("create")
}

#[derive(Clone, Copy)]
pub(super) struct Game {
    pub(super) players: u32,
    pub(super) count: u32,
    pub(super) keep: Keep,
}

/// For how long a player keeps the number.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    Not,
    /// For about as long as the next one looks for it before it sleeps, or until that has said that it will.
    AsTheNextFallsAsleep,
}

/// What player `who` does until the number is `count`: its turn is at each number of which the remainder is `who`.
///
/// It may be the successor of one that was killed at any moment: before it put the next number, or after that and before
/// anybody was told.
pub(super) fn play<B: Ball>(slots: &[B], game: Game, who: u32) {
    // The scheduler likes to put those who wake each other on one, where they never meet.
    os::stay_on_processor(who as usize);
    let slot = |number: u32| &slots[number as usize % slots.len()];
    let mut timing = (game.keep == Keep::AsTheNextFallsAsleep).then(|| Timing::new(who));
    let now = now(slots);
    if now > 0 {
        slot(now).put_again();
        // One that was killed after it had said that all are awake, and before the kernel woke them, leaves them to the
        // bounds of their sleeps, which are taken away here.
        slot(now).end_sleeps();
    }
    let mut turn = now + (who + game.players - now % game.players) % game.players;
    while turn < game.count {
        slot(turn).take(turn);
        // Nobody waits for the last one.
        if let Some(timing) = timing.as_mut().filter(|_| turn + 1 < game.count) {
            timing.keep(slot(turn + 1));
        }
        slot(turn + 1).put(turn + 1);
        turn += game.players;
    }
}

/// What a player knows who puts the number at the moment when the next one falls asleep.
struct Timing {
    random: Random,
    /// After what time the next one said last that it is about to sleep.
    looks_for: Duration,
    /// Much more than the caches hold.
    cold: Vec<u64>,
}

impl Timing {
    fn new(who: u32) -> Timing {
        Timing {
            random: Random::new(seed() + u64::from(who)),
            looks_for: Duration::ZERO,
            cold: vec![0; 4 << 20],
        }
    }

    fn keep<B: Ball>(&mut self, next: &B) {
        let start = Instant::now();
        if self.random.below(4) == 0 {
            while !next.is_waited_for() {
                // The next one may need this processor.
                if start.elapsed() > LONG {
                    std::thread::yield_now();
                }
            }
            let time = start.elapsed();
            if time < LONG {
                self.looks_for = time;
            }
        } else {
            let around = Duration::from_nanos(self.random.below(2_000) as u64);
            let time = (self.looks_for + around).saturating_sub(Duration::from_nanos(1_500));
            while start.elapsed() < time {
                std::hint::spin_loop();
            }
        }
        // The processor is busy with these when the change comes, which stays behind them: without a barrier, what
        // is looked at after the change is looked at before.
        for _ in 0..16 {
            let place = self.random.below(self.cold.len());
            self.cold[place] = 2;
        }
    }
}

/// Longer than anybody looks before it sleeps.
const LONG: Duration = Duration::from_micros(200);

/// The number that was put last.
pub(super) fn now<B: Ball>(slots: &[B]) -> u32 {
    slots.iter().map(Ball::now).max().expect("a slot")
}

pub(super) fn keep_busy(nanoseconds: usize) {
    let (start, time) = (Instant::now(), Duration::from_nanos(nanoseconds as u64));
    while start.elapsed() < time {
        std::hint::spin_loop();
    }
}

/// Lets all players play.
fn hand_over<B: Ball>(court: &Shared<Court>, slots: &[B], game: Game) {
    watchdog(100);
    sleep_without_end();
    let began = Instant::now();
    let players = (0..game.players).map(|who| {
        start(move || {
            play(slots, game, who);
            court.sleeps.fetch_add(endless::count());
        })
    });
    for player in players.collect::<Vec<_>>() {
        assert_success(player.wait());
    }
    let last = &slots[game.count as usize % slots.len()];
    assert_eq!(last.now(), game.count);
    let sleeps = court.sleeps.get();
    println!(
        "{} hand-overs, {sleeps} sleeps, {:?}",
        game.count,
        began.elapsed()
    );
    if game.keep != Keep::Not {
        assert!(sleeps > 0, "nobody has slept");
    }
}

fn awake(players: u32, count: u32) -> Game {
    Game {
        players,
        count,
        keep: Keep::Not,
    }
}

fn falling_asleep(players: u32, count: u32) -> Game {
    Game {
        players,
        count,
        keep: Keep::AsTheNextFallsAsleep,
    }
}

pub(crate) fn many_hand_overs_of_a_watched_field() {
    let court = court();
    hand_over(
        &court,
        &court.watched[..2],
        awake(2, amount(100_000, 1_000_000)),
    );
}

pub(crate) fn many_hand_overs_of_a_locked_field() {
    let court = court();
    hand_over(
        &court,
        &court.locked[..2],
        awake(2, amount(100_000, 1_000_000)),
    );
}

pub(crate) fn two_processes_on_one_processor_hand_over_a_watched_field() {
    os::stay_on_one_processor();
    let court = court();
    hand_over(
        &court,
        &court.watched[..2],
        awake(2, amount(50_000, 300_000)),
    );
}

pub(crate) fn two_processes_on_one_processor_hand_over_a_locked_field() {
    os::stay_on_one_processor();
    let court = court();
    hand_over(
        &court,
        &court.locked[..2],
        awake(2, amount(30_000, 200_000)),
    );
}

pub(crate) fn three_processes_hand_over_in_a_ring() {
    let court = court();
    hand_over(
        &court,
        &court.watched[1..],
        awake(3, amount(20_000, 200_000)),
    );
}

/// All wait for a change of the same slot, and each change is for one of them: waking one is not enough.
pub(crate) fn three_processes_hand_over_one_watched_field() {
    let court = court();
    hand_over(
        &court,
        &court.watched[..1],
        falling_asleep(3, amount(3_000, 10_000)),
    );
}

pub(crate) fn three_processes_hand_over_one_locked_field() {
    let court = court();
    hand_over(
        &court,
        &court.locked[..1],
        falling_asleep(3, amount(3_000, 10_000)),
    );
}

pub(crate) fn a_watched_field_changes_as_the_other_falls_asleep() {
    let court = court();
    hand_over(
        &court,
        &court.watched[..2],
        falling_asleep(2, amount(3_000, 15_000)),
    );
}

pub(crate) fn a_locked_field_changes_as_the_other_falls_asleep() {
    let court = court();
    hand_over(
        &court,
        &court.locked[..2],
        falling_asleep(2, amount(3_000, 15_000)),
    );
}

pub(crate) fn texts_are_handed_over() {
    let court = court();
    court.texts[0].set("0").expect("it fits");
    hand_over(&court, &court.texts[..], awake(2, amount(20_000, 100_000)));
}

pub(crate) fn lists_are_handed_over() {
    let court = court();
    court.lists[0].set([0]).expect("it fits");
    hand_over(&court, &court.lists[..], awake(2, amount(20_000, 100_000)));
}
