//! Segments that are unmapped while a thread of the library sleeps on a word of theirs.

use std::mem;
use std::task::Poll;

use super::drive::{Bell, block_on, once_it_waits, poll, watchers};
use super::endless::sleep_without_end;
use super::fields::{Field, board};
use super::slot::serve;
use super::support::{mappings, watchdog};

/// If it were wrong, it would print "busy with a word that is not there".
pub(crate) fn a_leaked_wait_whose_segment_is_gone_stops_nobody() {
    watchdog(100);
    sleep_without_end();
    let (stays, goes) = (board(), board());
    let writer = serve(|_| {
        stays.watched.fetch_add(1);
    });
    let mapped = mappings().len();
    let (leaked, bell) = (Bell::new(), Bell::new());
    let mut other = stays.row[0].changed();
    assert!(poll(&mut other, &bell).is_pending());
    let mut changed = goes.watched.changed();
    assert!(poll(&mut changed, &leaked).is_pending());
    mem::forget(changed);
    drop(goes);
    assert!(mappings().len() < mapped, "it is still mapped");
    for _ in 0..3 {
        block_on(once_it_waits(stays.watched.changed(), || writer.order(0)));
        writer.done();
    }
    stays.row[0].set(1);
    bell.wait_for(1);
    assert_eq!(poll(&mut other, &bell), Poll::Ready(()));
    assert_eq!(leaked.rings(), 1, "busy with a word that is not there");
    assert_eq!(watchers(), 1);
    writer.kill();
}

/// The kernel knows a word by its file. If it were wrong, it would hang: the thread would sleep on the word that was
/// there before.
pub(crate) fn a_segment_at_the_place_of_another_is_told_from_it() {
    watchdog(100);
    sleep_without_end();
    let mut same_place = 0;
    for _ in 0..50 {
        let before = board();
        let place = &raw const before.watched;
        let mut cancelled = before.watched.changed();
        assert!(poll(&mut cancelled, &Bell::new()).is_pending());
        drop(cancelled);
        drop(before);
        let now = board();
        same_place += u32::from(&raw const now.watched == place);
        let (bell, mut changed) = (Bell::new(), now.watched.changed());
        assert!(poll(&mut changed, &bell).is_pending());
        now.watched.set(1);
        bell.wait_for(1);
        assert!(poll(&mut changed, &bell).is_ready());
    }
    println!("{same_place} at the same place");
    assert!(same_place > 0);
}
