//! What users of shared objects count on, each with real second processes, and each under four ways to start them:
//! forked, with the handle as it is; spawned, opening the segment by name; spawned, with an inherited descriptor;
//! and a worker of a pool, which was there before the segment and gets the handle in a message.
//!
//! The rows come from the test-suites of Python's `multiprocessing` (PY), `posix-sync` (PS), Boost.Interprocess (BI),
//! iceoryx2 (IOX) and Agrona (AG), and from what users have asked for and nobody tests (US). Where one does not apply
//! as written, its test says how it was adapted. What goes deeper into one matter, and under `fork` alone, is in
//! `tests/children`, `tests/locking`, `tests/owners` and `tests/crash`.

mod deaths;
mod endings;
mod forks;
mod locks;
mod opening;
mod owners;
mod passing;
mod start;
mod subjects;
mod tables;
mod torn;
mod values;
mod waiting;
mod woken;
mod world;

use shared_testkit::{self as support, Test, forge, os, slot};

use start::{Role, Way, roles, rows};

/// What a child can do, by name: a program that is started has no other way to be told.
const CHILDREN: &[(&str, Role)] = roles![
    deaths: dies_with_the_lock, hammers, serves_under_the_lock;
    endings: ends, fills;
    forks: forks_beside_an_update, forks_within_an_update;
    locks: adds, adds_in_two_threads, holds, makes_changes, tries;
    opening: opens_what_comes;
    owners: becomes_another, ends_its_first_thread, has_no_descriptor_free, is_half_blind;
    passing: goes_down, is_refused, passes_it_on, passes_it_on_in_every_way, tells_its_token;
    tables: counts;
    torn: reads, writes;
    values: doubles, has_a_copy, sums_up, writes_texts;
    waiting: dies_in_its_change, hands_over, waits, waits_in_vain;
    woken: changes_once, comes_and_goes;
];

pub(crate) const ROLES: &[support::Role] = &[
    ("member", start::member),
    ("member_bystander", owners::bystander),
    ("member_list", tables::list),
];

pub(crate) const TESTS: &[&[Test]] = &[IN_EVERY_WAY, IN_TWO_WAYS];

/// Where the way makes the difference.
const IN_EVERY_WAY: &[Test] = rows![
    in every way;
    passing: a_childs_token_opens_the_same_instance,
        a_segment_that_is_gone_is_refused,
        a_child_passes_its_handle_on_to_a_grandchild,
        a_handle_is_used_in_a_child_and_in_its_children_of_every_kind,
        children_nested_five_deep_leak_nothing,
        a_thousand_segments_leave_nothing_open;
    tables: a_child_has_a_descriptor_if_it_was_given_the_segment;
    opening: a_segment_is_opened_whole_or_not_at_all;
];

const IN_TWO_WAYS: &[Test] = rows![
    in two ways;
    endings: a_child_that_ends_in_any_way_leaves_the_segment,
        two_states_never_alias;
    forks: a_fork_of_the_child_within_an_update_neither_commits_nor_unlocks,
        a_fork_of_the_child_beside_an_update_gets_the_lock_when_that_is_done;
    deaths: a_killed_holder_is_taken_over_from_each_time,
        a_writer_killed_at_any_moment_leaves_a_committed_value;
    locks: changes_under_the_lock_are_never_lost,
        a_try_on_a_held_lock_fails_and_says_who_holds_it,
        a_stopped_holder_is_not_dead,
        two_threads_of_a_child_contend_as_two_processes_do;
    owners: a_zombie_is_dead,
        an_id_that_was_used_again_is_dead,
        a_thread_is_alive_though_its_leader_has_ended,
        a_holder_that_became_another_program_is_no_holder,
        the_living_are_not_robbed_by_a_child_that_cannot_see_them,
        the_living_are_not_robbed_by_a_child_without_a_free_descriptor;
    waiting: a_wait_ends_at_its_limit_when_nothing_comes,
        a_change_wakes_all_who_wait_for_it,
        a_change_is_seen_by_those_who_wait_for_it_alone,
        a_killed_waiter_harms_nobody,
        a_writer_killed_in_its_change_strands_no_waiter,
        no_hand_over_is_lost;
    woken: #[alone] a_woken_waiter_killed_before_it_runs_strands_nobody,
        #[alone] a_woken_waiter_killed_before_it_runs_strands_nobody_among_others;
    torn: no_value_of_any_size_is_ever_torn;
    values: a_struct_is_doubled_with_and_without_a_lock,
        a_prefix_sum_in_place_equals_the_parents_own,
        a_snapshot_is_a_copy,
        a_text_is_whole_or_refused;
];
