//! Systems that refuse what the library asks for.

use std::mem::offset_of;

use super::cancelled::{cancel_waits, elements};
use super::drive::{Bell, block_on, once_it_waits, poll, watchers};
use super::endless::{if_equal, install, number, sleep_without_end, statement};
use super::fields::{Field, board};
use super::slot::serve;
use super::support::watchdog;
use super::woken::{Writers, wake_by_each_field};

/// From now on these two system calls fail with that error, in all threads.
fn refuse(calls: [i64; 2], error: i32) {
    install(&mut [
        statement(
            libc::BPF_LD | libc::BPF_W | libc::BPF_ABS,
            offset_of!(libc::seccomp_data, nr),
        ),
        if_equal(number(calls[0]), 2),
        if_equal(number(calls[1]), 1),
        statement(libc::BPF_RET, number(libc::SECCOMP_RET_ALLOW)),
        statement(
            libc::BPF_RET,
            number(libc::SECCOMP_RET_ERRNO | number::<_, u32>(error)),
        ),
    ]);
}

const WAITV: [i64; 2] = [libc::SYS_futex_waitv; 2];

fn wait_without_waitv(error: i32) {
    const WORDS: u32 = 20;
    watchdog(100);
    sleep_without_end();
    refuse(WAITV, error);
    let (board, state) = (board(), elements());
    let writers = Writers::of(&board);
    let writer = serve(|number| state.all[number_of(number)].set(1));
    wake_by_each_field(&board, &writers);
    assert_eq!(watchers(), 1);
    writers.end();

    let elements = &state.all[..WORDS as usize];
    let waits = elements
        .iter()
        .map(|element| (Bell::new(), element.changed()));
    let mut waits: Vec<_> = waits.collect();
    for (bell, changed) in &mut waits {
        assert!(poll(changed, bell).is_pending());
    }
    assert_eq!(watchers(), 1);
    for (number, (bell, changed)) in (0..).zip(&mut waits) {
        writer.order(number);
        writer.done();
        bell.wait_for(1);
        assert!(poll(changed, bell).is_ready());
    }
    writer.kill();
}

fn number_of(order: u64) -> usize {
    usize::try_from(order).expect("small")
}

pub(crate) fn a_kernel_without_futex_waitv_is_polled() {
    wait_without_waitv(libc::ENOSYS);
}

pub(crate) fn a_filter_that_forbids_futex_waitv_is_as_good() {
    wait_without_waitv(libc::EPERM);
}

/// If it were wrong, the waits would not end: nobody would look before the bound, which this test takes away.
pub(crate) fn a_filter_that_answers_with_any_error_is_as_good() {
    wait_without_waitv(libc::EACCES);
}

/// If it were wrong, the waits would not end: the thread would sleep without looking.
pub(crate) fn a_filter_that_comes_later_is_noticed() {
    watchdog(100);
    sleep_without_end();
    let state = elements();
    let writer = serve(|number| {
        state.all[number_of(number)].fetch_add(1);
    });
    let wait_for = |index: usize| {
        let changed = state.all[index].changed();
        block_on(once_it_waits(changed, || writer.order(index as u64)));
        writer.done();
    };
    wait_for(0);
    wait_for(1);
    refuse(WAITV, libc::ENOSYS);
    wait_for(2);
    let bell = Bell::new();
    let mut waits = [3, 4, 5].map(|index: usize| state.all[index].changed());
    for wait in &mut waits {
        assert!(poll(wait, &bell).is_pending());
    }
    assert_eq!(watchers(), 1);
    for (rings, index) in (1..).zip([3, 4, 5]) {
        writer.order(index);
        writer.done();
        bell.wait_for(rings);
    }
    writer.kill();
}

/// If it were wrong, it would print how many threads there are.
pub(crate) fn cancelled_waits_without_futex_waitv_leave_one_thread() {
    watchdog(100);
    refuse(WAITV, libc::ENOSYS);
    let state = elements();
    let writer = serve(|_| {
        state.all[0].fetch_add(1);
    });
    cancel_waits(&state.all, 10_000);
    assert_eq!(watchers(), 1);
    cancel_waits(&state.all[..1], 1_000);
    for _ in 0..10 {
        block_on(once_it_waits(state.all[0].changed(), || writer.order(0)));
        writer.done();
    }
    assert_eq!(watchers(), 1);
    writer.kill();
}

pub(crate) fn without_a_thread_it_works_slowly() {
    watchdog(100);
    let board = board();
    let writers = Writers::of(&board);
    refuse([libc::SYS_clone, libc::SYS_clone3], libc::EAGAIN);
    wake_by_each_field(&board, &writers);
    assert_eq!(watchers(), 0);
    writers.end();
}
