//! Waits that are dropped.

use std::fs;
use std::time::Duration;

use shmstate::{Shared, Watched};

use super::drive::{Bell, block_on, once_it_waits, poll, rings_so_far, runtime, watchers};
use super::endless::sleep_without_end;
use super::fields::{FIELDS, Field, board, field};
use super::slot::serve;
use super::support::watchdog;
use super::woken::Writers;

/// If it were wrong, it would print "woken although cancelled".
pub(crate) fn a_cancelled_wait_wakes_nobody() {
    watchdog(100);
    sleep_without_end();
    let board = board();
    let writers = Writers::of(&board);
    for index in 0..FIELDS {
        println!("field {index}");
        let field = field(&board, index);
        let bell = Bell::new();
        for (number, twice) in [(1, false), (2, true)] {
            drop(field.changed()); // it was never polled
            let mut here = field.changed();
            assert!(poll(&mut here, &bell).is_pending());
            let mut elsewhere = field.changed();
            assert!(poll(&mut elsewhere, &bell).is_pending());
            drop(here);
            std::thread::scope(|scope| scope.spawn(move || drop(elsewhere)).join())
                .expect("no panic");
            if twice {
                let mut twice = field.changed();
                assert!(poll(&mut twice, &bell).is_pending());
                assert!(poll(&mut twice, &bell).is_pending());
            }
            // Who has waited for long is asked to look again.
            let rings = rings_so_far(&bell);
            let changed = field.changed();
            block_on(once_it_waits(changed, || writers.put(index, number)));
            writers.put_is_done();
            assert_eq!(rings_so_far(&bell), rings, "woken although cancelled");
        }
        // One that has got what it waited for, and is kept.
        let mut kept = field.changed();
        assert!(poll(&mut kept, &bell).is_pending());
        writers.put(index, 20);
        writers.put_is_done();
        assert!(poll(&mut kept, &bell).is_ready());
        let rings = rings_so_far(&bell);
        block_on(once_it_waits(field.changed(), || writers.put(index, 21)));
        writers.put_is_done();
        assert_eq!(rings_so_far(&bell), rings, "woken although ready");
    }
    writers.end();
}

pub(crate) fn a_wait_that_was_cancelled_or_timed_out_can_be_begun_again() {
    watchdog(100);
    sleep_without_end();
    let board = board();
    let writers = Writers::of(&board);
    runtime().block_on(async {
        for index in 0..FIELDS {
            println!("field {index}");
            let field = field(&board, index);
            for number in 1..5 {
                let never = tokio::time::timeout(Duration::from_millis(1), field.reach(77));
                assert!(never.await.is_err(), "ready for nothing");
                tokio::select! {
                    biased;
                    () = field.changed() => panic!("ready for nothing"),
                    () = tokio::task::yield_now() => {}
                }
                once_it_waits(field.reach(number), || writers.put(index, number)).await;
                writers.put_is_done();
                // One of them goes on in another task, where it is dropped.
                tokio::select! {
                    () = field.changed() => {}
                    () = once_it_waits(field.changed(), || writers.put(index, 0)) => {}
                }
                writers.put_is_done();
            }
        }
    });
    writers.end();
}

/// Begins and drops as many waits, for one element after the other.
pub(crate) fn cancel_waits(elements: &[Watched<u32>], count: usize) {
    let bell = Bell::new();
    for element in elements.iter().cycle().take(count) {
        let mut changed = element.changed();
        assert!(poll(&mut changed, &bell).is_pending());
    }
}

fn resident_bytes() -> u64 {
    let statm = fs::read_to_string("/proc/self/statm").expect("/proc is mounted");
    let pages: u64 = statm
        .split(' ')
        .nth(1)
        .expect("a field")
        .parse()
        .expect("a number");
    pages * 4096
}

#[derive(shmstate::SharedState, Clone)]
pub(crate) struct Elements {
    #[shared(watch)]
    pub(crate) all: [u32; 1000],
}

pub(crate) fn elements() -> Shared<Elements> {
    Shared::new(Elements { all: [0; 1000] }).expect("create")
}

/// If it were wrong, it would print more bytes than before, or more threads than one.
pub(crate) fn ten_thousand_cancelled_waits_leave_nothing() {
    watchdog(100);
    let state = elements();
    let writer = serve(|_| state.all[0].set(1));
    cancel_waits(&state.all, 1_000);
    let before = resident_bytes();
    cancel_waits(&state.all, 10_000);
    cancel_waits(&state.all[..1], 10_000);
    let more = resident_bytes().saturating_sub(before);
    println!("{more} bytes more");
    assert!(more < 300_000, "{more} bytes more than before");
    assert_eq!(watchers(), 1);
    block_on(once_it_waits(state.all[0].changed(), || writer.order(0)));
    writer.done();
    writer.kill();
}
