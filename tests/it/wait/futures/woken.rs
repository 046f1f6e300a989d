//! Which changes wake a task.

#![allow(unsafe_code)]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Poll;

use super::drive::{Bell, block_on, once_it_waits, poll, rings_so_far, runtime};
use super::endless::sleep_without_end;
use super::fields::{FIELDS, Field, Slots, board, field};
use super::slot::{Servant, serve};
use super::support::watchdog;

/// Processes that write to the fields.
pub(crate) struct Writers {
    put: Servant,
    put_again: Servant,
}

impl Writers {
    pub(crate) fn of(slots: &Slots) -> Writers {
        let at = |order: u64, shift: u32| u32::try_from(order >> shift & 0xffff).expect("16 bits");
        Writers {
            put: serve(|order| field(slots, at(order, 0) as usize).put(at(order, 16))),
            put_again: serve(|order| field(slots, at(order, 0) as usize).put_again()),
        }
    }

    /// Has a number written, and does not wait for that.
    pub(crate) fn put(&self, index: usize, number: u32) {
        self.put.order(index as u64 | u64::from(number) << 16);
    }

    pub(crate) fn put_is_done(&self) {
        self.put.done();
    }

    /// Has what is there written once more.
    fn put_again(&self, index: usize) {
        self.put_again.order(index as u64);
        self.put_again.done();
    }

    pub(crate) fn end(self) {
        self.put.kill();
        self.put_again.kill();
    }
}

/// Each kind of field, in a task that sleeps when another process writes.
pub(crate) fn wake_by_each_field(slots: &Slots, writers: &Writers) {
    runtime().block_on(async {
        for index in 0..FIELDS {
            println!("field {index}");
            let field = field(slots, index);
            once_it_waits(field.changed(), || writers.put(index, 3)).await;
            writers.put_is_done();
            once_it_waits(field.reach(5), || writers.put(index, 5)).await;
            writers.put_is_done();
            field.reach(5).await;
        }
    });
}

pub(crate) fn a_task_is_woken_by_another_process() {
    watchdog(100);
    sleep_without_end();
    let board = board();
    let writers = Writers::of(&board);
    wake_by_each_field(&board, &writers);
    writers.end();
}

pub(crate) fn a_task_that_waits_for_a_value_sleeps_on_through_others() {
    watchdog(100);
    sleep_without_end();
    let board = board();
    let writers = Writers::of(&board);
    for index in 0..FIELDS {
        let (bell, mut reached) = (Bell::new(), field(&board, index).reach(9));
        for number in 1..9 {
            let rings = bell.rings();
            assert!(poll(&mut reached, &bell).is_pending(), "field {index}");
            writers.put(index, number);
            writers.put_is_done();
            bell.wait_for(rings + 1);
        }
        let rings = bell.rings();
        assert!(poll(&mut reached, &bell).is_pending());
        writers.put(index, 9);
        writers.put_is_done();
        bell.wait_for(rings + 1);
        assert!(poll(&mut reached, &bell).is_ready());
    }
    writers.end();
}

/// If it were wrong, it would print "it has missed it", or hang.
pub(crate) fn changed_counts_from_its_call() {
    watchdog(100);
    sleep_without_end();
    let board = board();
    let writers = Writers::of(&board);
    for index in 0..FIELDS {
        println!("field {index}");
        let (bell, field) = (Bell::new(), field(&board, index));
        field.put(1);

        let mut not_before = field.changed();
        assert!(poll(&mut not_before, &bell).is_pending(), "before the call");

        let mut before_the_first_poll = field.changed();
        writers.put(index, 2);
        writers.put_is_done();
        let found = poll(&mut before_the_first_poll, &bell);
        assert_eq!(found, Poll::Ready(()), "it has missed it");

        let mut of_the_same_value = field.changed();
        writers.put_again(index);
        let found = poll(&mut of_the_same_value, &bell);
        assert_eq!(found, Poll::Ready(()), "it has missed it");

        let mut of_two = field.changed();
        writers.put_again(index);
        writers.put_again(index);
        assert!(poll(&mut of_two, &bell).is_ready(), "it has missed it");

        // It changes and changes back.
        let mut there_and_back = field.changed();
        writers.put(index, 7);
        writers.put_is_done();
        writers.put(index, 2);
        writers.put_is_done();
        let found = poll(&mut there_and_back, &bell);
        assert_eq!(found, Poll::Ready(()), "it has missed it");

        // Asleep, and then the same value.
        block_on(once_it_waits(field.changed(), || writers.put_again(index)));
        block_on(not_before);
    }
    writers.end();
}

/// If it were wrong, it would hang: the change came between two waits.
pub(crate) fn a_task_that_is_busy_meanwhile_misses_no_change() {
    watchdog(100);
    sleep_without_end();
    let board = board();
    let writers = Writers::of(&board);
    let (mut watched, mut pair) = (board.watched.subscribe(), board.pair.subscribe());
    for number in 1..20 {
        for index in [0, 2] {
            writers.put(index, number);
            writers.put_is_done();
        }
        block_on(Box::pin(watched.changed()));
        assert_eq!(board.watched.get(), number);
        block_on(Box::pin(pair.changed()));
        assert_eq!(board.pair.get().low, number);
    }
    let bell = Bell::new();
    let (watched, pair) = (watched.changed(), pair.changed());
    assert!(
        poll(&mut Box::pin(watched), &bell).is_pending(),
        "told twice"
    );
    assert!(poll(&mut Box::pin(pair), &bell).is_pending(), "told twice");
    writers.end();
}

pub(crate) fn changed_is_not_for_the_neighbour() {
    watchdog(100);
    sleep_without_end();
    let board = board();
    let neighbours = serve(|_| {
        for number in 1..5 {
            board.row[1].set(number);
            board.row[3].set(number);
            board.pairs[0].put(number);
            board.pairs[2].put(number);
        }
    });
    let (bell, mut element) = (Bell::new(), board.row[2].changed());
    let mut pair = Field::changed(&board.pairs[1]);
    assert!(poll(&mut element, &bell).is_pending());
    assert!(poll(&mut pair, &bell).is_pending());
    let rings = rings_so_far(&bell);
    neighbours.order(0);
    neighbours.done();
    assert!(poll(&mut element, &bell).is_pending());
    assert!(poll(&mut pair, &bell).is_pending());
    assert_eq!(rings_so_far(&bell), rings, "woken by the neighbour");
    neighbours.kill();
}

pub(crate) fn an_update_that_panics_is_no_change() {
    watchdog(100);
    sleep_without_end();
    let board = board();
    let writer = serve(|panics| {
        let update = || {
            board.pair.modify(|pair| {
                pair.low += 1;
                assert!(panics == 0, "as ordered");
            });
        };
        let done = catch_unwind(AssertUnwindSafe(update));
        assert_eq!(done.is_err(), panics != 0);
    });
    let (bell, mut changed) = (Bell::new(), Field::changed(&board.pair));
    assert!(poll(&mut changed, &bell).is_pending());
    writer.order(1);
    writer.done();
    assert!(poll(&mut changed, &bell).is_pending());
    writer.order(0);
    block_on(changed);
    writer.done();
    assert_eq!(board.pair.get().low, 1);
    writer.kill();
}

/// Anybody may wake those who sleep on the word, for nothing. If it were wrong, it would hang: the task has looked, and
/// waits for a wake-up that it has had.
pub(crate) fn a_task_woken_for_nothing_goes_on_waiting() {
    const EVENT: usize = 4; // behind the value
    watchdog(100);
    sleep_without_end();
    let board = board();
    let writers = Writers::of(&board);
    let (bell, mut changed) = (Bell::new(), board.watched.changed());
    for rings in 1..5 {
        assert!(poll(&mut changed, &bell).is_pending());
        let event = (&raw const board.watched).wrapping_byte_add(EVENT);
        while bell.rings() < rings {
            // SAFETY: the kernel does not touch the word.
            unsafe { libc::syscall(libc::SYS_futex, event, libc::FUTEX_WAKE, i32::MAX) };
            std::thread::yield_now(); // the thread may not be asleep yet
        }
    }
    let rings = bell.rings();
    assert!(poll(&mut changed, &bell).is_pending());
    writers.put(0, 1);
    writers.put_is_done();
    bell.wait_for(rings + 1);
    assert!(poll(&mut changed, &bell).is_ready());
    writers.end();
}
