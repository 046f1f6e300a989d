//! Segments seen and changed without their type.

mod about;
mod adds;
mod errors;
mod hostile;
mod many;
mod owners;
mod round;
mod waits;

use shared_testkit::{self as support, Role, Test, forge, kinds, os, slot, tests, walk};

pub(crate) const ROLES: &[Role] = &[("copier", round::copy)];

pub(crate) const TESTS: &[Test] = tests![
    round: every_field_reads_as_the_typed_handle_shows_it,
        every_field_copied_by_value_reads_back_through_the_typed_handle,
        every_field_copied_as_text_reads_back_through_the_typed_handle,
        every_field_copied_as_json_reads_back_through_the_typed_handle,
        whole_states_are_copied_at_once,
        bytes_are_those_of_the_format;
    adds: numbers_of_every_width_are_added_to_and_wrap_around,
        additions_of_many_processes_lose_nothing,
        parts_of_one_slot_changed_by_many_processes_lose_nothing;
    errors: a_path_that_leads_nowhere_is_told_what_there_is,
        a_value_that_does_not_fit_is_told_what_would,
        what_is_too_long_is_told_how_long_it_may_be,
        what_is_not_there_now_is_neither_read_nor_written,
        a_refused_value_leaves_the_old_one,
        segments_that_cannot_be_opened_say_why;
    owners: a_segment_of_a_stopped_owner_is_read_and_changed,
        a_segment_of_a_killed_owner_is_read_and_changed,
        a_slot_held_by_a_stopped_process_is_read_and_its_holder_told,
        a_slot_held_by_a_dead_process_is_taken_over,
        a_part_of_a_slot_held_by_a_dead_process_is_taken_over,
        a_child_forked_within_an_update_is_no_holder;
    waits: changing_a_watched_field_wakes_who_waits_for_it,
        changing_a_locked_field_wakes_who_waits_for_it,
        who_waits_for_a_watched_field_sleeps_and_is_woken,
        who_waits_for_a_part_of_a_locked_field_sleeps_and_is_woken,
        who_only_reads_waits_too,
        a_wait_ends_with_its_limit;
    about: help_and_counters_are_in_the_table,
        help_does_not_change_the_fingerprint;
    hostile: a_table_that_cannot_be_is_refused,
        a_table_of_another_fingerprint_is_refused,
        mutated_segments_do_no_harm,
        scribbled_slots_are_errors_or_values,
        a_huge_array_is_walked_lazily;
    many: ten_thousand_fields_are_walked_fast;
];
