//! Tasks that wait for a change, in executors of several kinds, and processes that make it.
//!
//! Mostly the bounds of all sleeps are taken away (see [`endless`]), so that a task whom a change does not wake waits for
//! ever. If any of that were wrong, it would print the watchdog's "somebody hangs".

mod cancelled;
mod drive;
mod executors;
mod fields;
mod forks;
mod handover;
mod killed;
mod leaked;
mod many;
mod refused;
mod signals;
mod woken;

use super::endless;
use shared_testkit::{self as support, Test, os, slot, tests, tracer};

pub(crate) const TESTS: &[Test] = tests![
    woken: a_task_is_woken_by_another_process,
        a_task_that_waits_for_a_value_sleeps_on_through_others,
        changed_counts_from_its_call,
        a_task_that_is_busy_meanwhile_misses_no_change,
        changed_is_not_for_the_neighbour,
        an_update_that_panics_is_no_change,
        a_task_woken_for_nothing_goes_on_waiting;
    executors: a_task_that_waits_leaves_its_thread_to_others,
        a_runtime_of_several_threads_waits_as_well,
        an_executor_of_a_few_lines_will_do,
        the_last_waker_is_the_one_that_is_woken,
        a_waker_that_panics_stops_nobody;
    cancelled: a_cancelled_wait_wakes_nobody,
        a_wait_that_was_cancelled_or_timed_out_can_be_begun_again,
        ten_thousand_cancelled_waits_leave_nothing;
    many: a_thousand_elements_are_waited_for_by_eight_threads,
        a_thousand_tasks_wait_for_one_element_by_one_thread,
        a_thread_sleeps_on_a_hundred_and_twenty_seven_words,
        a_word_that_changes_is_seen_among_words_that_come_and_go;
    handover: a_hundred_thousand_hand_overs_of_a_watched_field,
        a_hundred_thousand_hand_overs_of_a_locked_field,
        texts_and_lists_are_handed_over,
        #[alone] a_task_and_a_process_on_one_processor_hand_over,
        tasks_of_two_processes_hand_over,
        tasks_of_a_runtime_of_several_threads_hand_over;
    killed: a_task_gets_on_whose_writer_was_killed_before_it_could_tell;
    refused: a_kernel_without_futex_waitv_is_polled,
        a_filter_that_forbids_futex_waitv_is_as_good,
        a_filter_that_answers_with_any_error_is_as_good,
        a_filter_that_comes_later_is_noticed,
        cancelled_waits_without_futex_waitv_leave_one_thread,
        without_a_thread_it_works_slowly;
    forks: a_forked_child_has_waits_of_its_own,
        a_child_forked_at_any_moment_can_drop_what_it_has_inherited;
    leaked: a_leaked_wait_whose_segment_is_gone_stops_nobody,
        a_segment_at_the_place_of_another_is_told_from_it;
    signals: the_signals_are_the_programs;
];
