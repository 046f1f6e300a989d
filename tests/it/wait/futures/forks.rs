//! Forks of a process in which tasks wait.

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

use super::cancelled::{cancel_waits, elements};
use super::drive::{Bell, block_on, once_it_waits, poll, runtime, watchers};
use super::endless::sleep_without_end;
use super::fields::{Field, board};
use super::slot::serve;
use super::support::{assert_success, pipe, start, watchdog};

pub(crate) fn a_forked_child_has_waits_of_its_own() {
    watchdog(100);
    sleep_without_end();
    let board = board();
    let writer = serve(|number| board.watched.set(u32::try_from(number).expect("small")));
    let bell = Bell::new();
    runtime().block_on(async {
        let mut waits = [(); 3].map(|()| Some(board.watched.changed()));
        for wait in waits.iter_mut().flatten() {
            assert!(poll(wait, &bell).is_pending());
        }
        assert_eq!(watchers(), 1);
        let (waits_there, tell) = pipe();
        let child = start(|| {
            assert_eq!(watchers(), 0);
            let [dropped, polled, kept] = &mut waits;
            board.row[0].set(7);
            drop(dropped.take());
            let inherited = polled.take().expect("it is there");
            block_on(once_it_waits(inherited, || tell.tell()));
            let reached = board.watched.wait_until_async(|now| *now == 2);
            // This thread is one of its parent's runtime, and stays that.
            let waits = std::thread::scope(|scope| {
                let own = scope.spawn(|| {
                    runtime().block_on(once_it_waits(reached, || tell.tell()));
                });
                own.join()
            });
            waits.expect("no panic");
            assert_eq!(watchers(), 1);
            drop(kept.take());
        });
        for number in [1, 2] {
            waits_there.wait();
            writer.order(number);
            writer.done();
        }
        assert_success(child.wait());
        assert_eq!(board.row[0].get(), 7);
        for wait in waits.into_iter().flatten() {
            wait.await;
        }
        bell.wait_for(3);
        once_it_waits(board.watched.changed(), || writer.order(3)).await;
        writer.done();
    });
    writer.kill();
}

/// Others of the parent's threads are in the midst of beginning and ending waits: their locks stay taken in the child. If
/// it were wrong, it would hang.
pub(crate) fn a_child_forked_at_any_moment_can_drop_what_it_has_inherited() {
    const FORKS: usize = 300;
    watchdog(100);
    let state = elements();
    let stop = AtomicBool::new(false);
    let bell = Bell::new();
    let mut wait = Some(state.all[0].changed());
    assert!(poll(wait.as_mut().expect("it is there"), &bell).is_pending());
    std::thread::scope(|scope| {
        for half in [&state.all[1..50], &state.all[50..100]] {
            let stop = &stop;
            scope.spawn(move || {
                while !stop.load(SeqCst) {
                    cancel_waits(half, 100);
                }
            });
        }
        for number in 0..FORKS {
            let child = start(|| {
                let mut wait = wait.take().expect("it is there");
                if number % 2 == 0 {
                    assert!(poll(&mut wait, &bell).is_pending());
                }
                drop(wait);
                let own = &state.all[500];
                block_on(once_it_waits(own.changed(), || {
                    own.fetch_add(1);
                }));
            });
            assert_success(child.wait());
        }
        stop.store(true, SeqCst);
    });
    assert_eq!(state.all[500].get() as usize, FORKS);
}
