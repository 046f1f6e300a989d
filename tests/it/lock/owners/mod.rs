//! Who holds a lock, and whether it lives: the dead are told from the living, and whoever cannot be told is
//! alive.

mod dead;
mod exec;
mod forged;
mod hidden;
mod living;
mod namespaces;
mod notes;
mod threads;

use shared_testkit::{self as support, Role, Test, os, slot, tests};

use std::time::Duration;

use shmstate::{Locked, Shared, UpdateError};
use slot::SlotFile;

pub(crate) const ROLES: &[Role] = &[
    ("bystander", exec::bystander),
    ("heir", exec::heir),
    ("latecomer", namespaces::latecomer),
];

pub(crate) const TESTS: &[Test] = tests![
    dead: a_killed_holder_stops_none_of_many_waiters_a_thousand_times,
        a_killed_holder_stops_nobody_without_a_note_either,
        a_holder_that_ends_in_its_update_is_taken_over_from,
        a_zombie_is_dead,
        a_zombie_that_has_left_no_note_is_dead,
        of_many_who_find_a_holder_dead_one_takes_over,
        of_many_who_find_a_holder_dead_without_a_note_one_takes_over;
    threads: a_thread_that_ends_with_the_lock_is_dead_though_its_process_lives,
        a_thread_that_ends_with_the_lock_and_no_note_is_dead,
        a_leader_that_ends_with_the_lock_is_dead_though_its_threads_live,
        a_leader_that_ends_with_the_lock_and_no_note_is_dead,
        a_thread_is_alive_though_its_leader_has_ended,
        a_process_that_exits_in_another_thread_is_dead,
        one_thread_cannot_take_the_lock_from_another;
    forged: an_id_that_was_used_again_is_dead,
        malformed_lock_words_are_dead,
        a_live_thread_that_has_the_segment_is_waited_for,
        a_holder_whose_word_was_overwritten_leaves_the_other_one_there,
        a_live_thread_of_another_program_is_no_holder,
        a_thread_of_the_kernel_is_no_holder;
    exec: a_holder_that_became_another_program_is_no_holder,
        a_holder_that_became_another_program_and_left_no_note_is_no_holder,
        a_program_takes_over_from_its_former_self;
    notes: the_kernel_is_told_of_the_innermost_lock_as_long_as_it_is_held,
        who_does_not_get_the_lock_leaves_no_note,
        a_child_that_is_forked_within_a_change_has_no_note,
        the_note_of_the_c_library_is_put_back,
        a_change_within_itself_is_refused_although_the_c_library_has_cleared_the_note;
    living: a_stopped_holder_is_not_dead,
        without_a_free_descriptor_the_living_are_not_robbed_and_the_dead_are_found;
    hidden: the_living_are_not_robbed_by_those_who_cannot_see_them;
    namespaces: a_process_forked_into_another_pid_namespace_reads_and_does_not_write,
        one_that_has_never_locked_before_the_fork_does_not_write_either,
        a_process_forked_into_another_time_namespace_reads_and_does_not_write;
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
fn check(pair: &Locked<Pair>, expected: u64, recoveries: u64) {
    assert_eq!(pair.get(), (expected, expected));
    assert_eq!(pair.recoveries(), recoveries, "taken over so often");
}

/// Waits for the lock for so long, in vain; `who` has it.
#[track_caller]
fn held_by(pair: &Locked<Pair>, limit: Duration, who: u32) {
    match pair.try_modify_for(limit, add) {
        Err(UpdateError::LockTimeout { holder, .. }) => assert_eq!(holder, who, "who holds it"),
        Err(error) => panic!("{error}"),
        Ok(()) => panic!("robbed a living holder"),
    }
}

/// Long enough for every check of a live holder, the slowest of which is made after a second.
const LONG: Duration = Duration::from_millis(1_200);
/// Enough for a few looks.
const SHORT: Duration = Duration::from_millis(50);
