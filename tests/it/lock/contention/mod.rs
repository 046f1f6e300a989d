//! The lock of a slot, and what those see who read without it.

mod exclusion;
mod forks;
mod inside;
mod torn;
mod wakeups;

use shared_testkit::{self as support, Test, os, slot, tests};

use shmstate::{Locked, Shared};
use slot::SlotFile;

pub(crate) const TESTS: &[Test] = tests![
    exclusion: processes_that_count_under_the_lock_lose_nothing,
        threads_contend_as_processes_do,
        a_try_on_a_held_lock_fails_and_says_who_holds_it,
        a_timed_call_waits_as_long_as_it_says_and_says_for_whom,
        the_longest_limit_is_no_limit,
        signals_that_interrupt_every_wait_change_nothing;
    inside: a_change_within_a_change_panics,
        a_change_within_a_change_through_a_second_mapping_panics,
        two_slots_can_be_held_at_once,
        reading_within_a_change_sees_the_value_before,
        a_panic_in_an_update_leaves_the_old_value_and_a_free_lock;
    forks: a_child_forked_within_an_update_neither_commits_nor_unlocks,
        a_child_cloned_without_the_libc_neither_commits_nor_unlocks,
        a_child_forked_within_an_update_can_change_the_slot_when_the_parent_is_done,
        a_child_forked_while_another_thread_holds_the_lock_gets_it_when_that_is_done;
    wakeups: #[alone] a_woken_waiter_killed_before_it_runs_strands_nobody,
        #[alone] a_woken_waiter_killed_before_it_runs_strands_nobody_among_others,
        a_waiter_that_is_stopped_holds_up_nobody;
    torn: one_byte_is_never_torn,
        eight_bytes_are_never_torn,
        sixteen_bytes_are_never_torn,
        sixty_four_bytes_are_never_torn,
        a_hundred_and_twenty_seven_bytes_are_never_torn,
        a_hundred_and_twenty_eight_bytes_are_never_torn,
        a_thousand_bytes_are_never_torn,
        sixty_four_kibibytes_are_never_torn;
];

/// The slot of most tests here. Each change adds 1 to both.
type Pair = (u64, u64);

fn stage() -> (Shared<Pair>, SlotFile) {
    let name = support::name("pair");
    let pair = Shared::create(&name, (0, 0)).expect("create");
    (pair, SlotFile::of(&name))
}

fn add(pair: &mut Pair) {
    pair.0 += 1;
    pair.1 += 1;
}

#[track_caller]
fn check(pair: &Locked<Pair>, expected: u64) {
    assert_eq!(pair.get(), (expected, expected));
    assert_eq!(pair.recoveries(), 0, "taken over from the living");
}
