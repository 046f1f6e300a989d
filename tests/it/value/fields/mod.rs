//! Fields as such: what their errors call them, how they are set whole, and the kinds that have a text of their own.

mod fixed;
mod named;
mod nested;
mod restored;

use shared_testkit::{self as support, Test, tests};

pub(crate) const TESTS: &[Test] = tests![
    named: an_error_names_the_field_and_the_segment,
        a_panic_names_the_field_and_the_callers_line,
        a_struct_or_array_of_slots_names_the_field_in_it,
        two_segments_and_two_views_of_one_are_told_apart,
        an_initialiser_is_told_the_field_too,
        a_forked_child_and_its_threads_are_told_the_field,
        a_fork_while_segments_come_and_go_leaves_a_list_that_works;
    restored: every_kind_of_slot_can_be_set_whole,
        nothing_is_written_if_a_part_does_not_fit;
    nested: capacities_within_capacities_go_round,
        what_does_not_fit_is_told_with_its_path;
    fixed: every_kind_with_a_text_goes_round,
        what_tools_show_they_take_back,
        zero_bytes_are_a_value,
        bytes_that_are_not_a_value_are_told,
        a_date_is_that_of_the_calendar,
        a_timestamp_is_the_same_in_every_process;
];
