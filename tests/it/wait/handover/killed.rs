//! Hand-overs among processes that are killed at any moment.

use super::ball::{Ball, lock_is_waited_for};
use super::endless::sleep_without_end;
use super::forge::Random;
use super::ring::{Game, Keep, court, keep_busy, now, play};
use super::support::{Process, amount, assert_success, kill_self, pipe, seed, start, watchdog};

fn kills() -> usize {
    amount(30, 400)
}

fn game(players: u32) -> Game {
    Game {
        players,
        count: amount(400, 4_000),
        keep: Keep::AsTheNextFallsAsleep,
    }
}

/// Kills once the game has gone on for some hand-overs, none perhaps: at a moment that nobody can foresee.
fn kill_some_time<B: Ball>(random: &mut Random, slots: &[B], game: Game, process: Process) {
    let then = now(slots) + u32::try_from(random.below(4)).expect("a few");
    while now(slots) < then.min(game.count) {
        std::thread::yield_now();
    }
    keep_busy(random.below(50_000));
    process.kill();
}

fn kill_waiters<B: Ball>(slots: &[B]) {
    watchdog(100);
    sleep_without_end();
    let game = game(2);
    let players = [0, 1].map(|who| start(move || play(slots, game, who)));
    let mut random = Random::new(seed());
    for n in 0..kills() {
        let (waits, tell) = pipe();
        let waiter = start(move || {
            tell.tell();
            slots[n % slots.len()].wait_for_nothing();
        });
        waits.wait();
        kill_some_time(&mut random, slots, game, waiter);
    }
    for player in players {
        assert_success(player.wait());
    }
}

pub(crate) fn killed_waiters_of_a_watched_field_harm_nobody() {
    kill_waiters(&court().watched[..2]);
}

pub(crate) fn killed_waiters_of_a_locked_field_harm_nobody() {
    kill_waiters(&court().locked[..2]);
}

/// A player is killed, perhaps between its change and the notification, and another goes on in its place.
fn kill_players<B: Ball>(slots: &[B]) {
    const PLAYERS: u32 = 2;
    watchdog(100);
    sleep_without_end();
    let game = game(PLAYERS);
    let join = |who| start(move || play(slots, game, who));
    let mut players: Vec<Option<Process>> = (0..PLAYERS).map(|who| Some(join(who))).collect();
    let mut random = Random::new(seed());
    for _ in 0..3 * kills() {
        let who = random.below(players.len());
        let player = players[who].take().expect("each is there");
        kill_some_time(&mut random, slots, game, player);
        players[who] = Some(join(u32::try_from(who).expect("a few")));
    }
    println!("{} of {} when the last was killed", now(slots), game.count);
    for player in players.into_iter().flatten() {
        assert_success(player.wait());
    }
    assert_eq!(now(slots), game.count, "no number is lost");
}

pub(crate) fn the_successor_of_a_killed_writer_of_a_watched_field_goes_on() {
    kill_players(&court().watched[..2]);
}

pub(crate) fn the_successor_of_a_killed_writer_of_a_locked_field_goes_on() {
    kill_players(&court().locked[..2]);
}

/// Nobody but the kernel can wake those who sleep on the lock.
pub(crate) fn who_sleeps_on_the_lock_of_a_killed_holder_is_woken() {
    const WAITERS: u32 = 2;
    watchdog(100);
    sleep_without_end();
    let deaths = amount(200, 1_000);
    let court = court();
    let slot = &court.locked[0];
    let waiters = (0..WAITERS).map(|_| {
        start(|| {
            for death in 1..=deaths {
                // The holder has the lock by now, and dies with it.
                court.watched[0].wait_until(|begun| *begun >= death);
                slot.modify(|sum| *sum += 1);
            }
        })
    });
    let waiters: Vec<_> = waiters.collect();
    for death in 1..=deaths {
        let holder = start(|| {
            slot.modify(|sum| {
                *sum += 1_000_000;
                court.watched[0].set(death);
                while !lock_is_waited_for(slot) {
                    std::thread::yield_now();
                }
                kill_self(libc::SIGKILL);
            });
        });
        holder.wait();
        slot.wait_until(|sum| *sum == death * WAITERS);
        assert_eq!(slot.recoveries(), u64::from(death));
    }
    for waiter in waiters {
        assert_success(waiter.wait());
    }
}
