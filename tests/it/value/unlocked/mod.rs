//! Values across real processes: what one writes is what the others read.

mod arrays;
mod copies;
mod corrupt;
mod counting;
mod foreign;
mod scalars;
mod types;
mod verbs;
mod watched;

use shared_testkit::{self as support, Role, Test, tests};

pub(crate) const ROLES: &[Role] = &[
    ("scalar", scalars::child),
    ("array", arrays::child),
    ("copy", copies::child),
    ("foreign", foreign::program),
    ("counter", counting::child),
];

pub(crate) const TESTS: &[Test] = tests![
    scalars: every_value_goes_both_ways_through_a_fork,
        every_value_goes_both_ways_by_name,
        every_value_goes_both_ways_by_inheritance,
        every_value_goes_both_ways_by_the_token_of_a_named_segment,
        every_value_goes_both_ways_by_the_token_of_an_anonymous_segment;
    arrays: an_array_has_a_length_indices_and_iteration,
        a_childs_prefix_sum_in_place_is_the_parents_own,
        an_anonymous_array_is_zeroed_three_times_in_a_row,
        a_named_array_is_zeroed_also_after_the_name_was_used_before;
    copies: a_nested_struct_is_doubled_by_each_kind_of_child,
        a_snapshot_does_not_follow_the_live_state,
        the_live_state_does_not_follow_a_snapshot;
    corrupt: every_invalid_pattern_is_an_error_with_the_field_and_what_was_found,
        the_first_corrupt_field_is_the_one_reported,
        get_and_snapshot_panic_and_say_why,
        verbs_that_read_panic_and_write_only_as_documented,
        an_initialiser_that_leaves_a_field_without_a_value_is_refused,
        a_program_without_the_library_cannot_put_an_invalid_value_past_a_reader;
    verbs: integers_behave_as_the_atomics_of_std,
        floats_behave_as_plain_arithmetic,
        bools_behave_as_the_atomic_of_std,
        values_that_are_no_numbers_are_replaced_and_exchanged,
        floats_are_compared_by_their_bits;
    watched: a_watched_field_does_what_the_atomic_does;
    counting: every_increment_of_every_process_counts;
];
