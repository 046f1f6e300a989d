//! Holders and writers that are killed.

use std::hint::spin_loop;
use std::time::{Duration, Instant};

use super::forge::Random;
use super::start::{Crew, Member, Way, all_reached, die, order_all};
use super::support::{amount, watchdog};
use super::world::{add, check, file_of};

/// Dies within its update, when it may.
pub(crate) fn dies_with_the_lock(me: &Member<'_>) {
    me.state.pair.modify(|pair| {
        add(pair);
        me.say(1);
        me.wait_for(1);
        die();
    });
}

/// Makes changes, and counts those that it has made, until it is killed.
pub(crate) fn hammers(me: &Member<'_>) {
    loop {
        me.state.pair.modify(add);
        me.state.numbers[me.seat].fetch_add(1);
    }
}

/// Makes a change each time that it is told to, and says when it is about to, and [done].
pub(crate) fn serves_under_the_lock(me: &Member<'_>) {
    for order in 1.. {
        me.wait_for(order);
        if me.order() == u64::MAX {
            return;
        }
        me.say(done(order) - 1);
        me.state.pair.modify(add);
        me.say(done(order));
    }
}

/// The step at which that one has done so many changes.
pub(crate) fn done(order: u64) -> u64 {
    2 * order
}

/// Of a thousand, under each way.
/// How often, in each way.
fn deaths() -> u64 {
    amount(60, 250)
}

/// PS, BI owner death: the next taker proceeds, with the last committed value, also where several wait. If wrong, this
/// would print "taken over so often", a change of a dead process, or the watchdog's "somebody hangs".
pub(crate) fn a_killed_holder_is_taken_over_from_each_time(way: Way) {
    watchdog(300);
    let crew = Crew::ready(way, 3);
    let state = crew.state("deaths");
    let file = file_of(&state);
    let waiters = [1, 2].map(|seat| crew.start(&state, "serves_under_the_lock", seat));
    for death in 1..=deaths() {
        let holder = crew.start(&state, "dies_with_the_lock", 0);
        holder.reached(1);
        assert_eq!(file.holder(), holder.id());
        order_all(&waiters, death);
        file.until_lock_is_waited_for();
        holder.order(1);
        all_reached(&waiters, done(death));
        holder.end().expect_err("it was killed");
        check(&state.pair, 2 * death, death);
    }
    for waiter in waiters {
        waiter.order(u64::MAX);
        waiter.wait();
    }
    assert!(!file.is_held());
}

/// The same at any point: killed at a random moment, each time. If it could leave half a change, this would print a
/// torn pair, or that an acknowledged change is missing.
pub(crate) fn a_writer_killed_at_any_moment_leaves_a_committed_value(way: Way) {
    watchdog(300);
    let crew = Crew::ready(way, 1);
    let state = crew.state("moments");
    let file = file_of(&state);
    let mut random = Random::new(5);
    let (mut made, mut taken_over) = (0, 0);
    for _ in 0..60 {
        state.numbers[0].set(0);
        let writer = crew.start(&state, "hammers", 0);
        while state.numbers[0].get() == 0 {
            spin_loop();
        }
        let pause = Duration::from_nanos(random.next() % 50_000);
        let from = Instant::now();
        while from.elapsed() < pause {
            spin_loop();
        }
        writer.kill();
        taken_over += u64::from(file.is_held());
        // It has made those that it has counted, or one more.
        let counted = u64::try_from(state.numbers[0].get()).expect("a count");
        let (low, high) = state.pair.get();
        assert_eq!(low, high, "a torn pair");
        let there = low - made;
        assert!(
            (counted..=counted + 1).contains(&there),
            "{there} of {counted}"
        );
        made = low + 1;
        state.pair.modify(add);
        check(&state.pair, made, taken_over);
    }
}
