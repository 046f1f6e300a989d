//! Values of lock-guarded slots across real processes: what one writes is what the others read, whole.

mod big;
mod bytes;
mod corrupt;
mod edges;
mod lists;
mod structs;
mod texts;

use shared_testkit::{self as support, Role, Test, tests};

pub(crate) const ROLES: &[Role] = &[
    ("edge", edges::child),
    ("locked_list", lists::child),
    ("words", texts::child),
];

pub(crate) const TESTS: &[Test] = tests![
    edges: every_value_goes_both_ways_through_a_fork,
        every_value_goes_both_ways_by_name,
        every_value_goes_both_ways_by_inheritance,
        every_value_goes_both_ways_by_a_token,
        floats_in_a_locked_value_keep_their_bits;
    texts: a_text_at_capacity_fits_and_one_byte_more_does_not,
        letters_of_several_bytes_count_as_such_and_are_never_cut,
        nul_bytes_within_and_at_the_end_survive,
        an_empty_text_is_a_text,
        a_text_that_cannot_fit_is_refused_without_the_lock,
        each_verb_of_a_text_does_what_a_string_does,
        texts_go_both_ways_between_programs;
    lists: a_list_at_capacity_fits_and_one_element_more_does_not,
        elements_pushed_by_one_process_are_popped_by_another,
        each_verb_of_a_list_does_what_a_vector_does,
        every_element_pushed_by_many_processes_is_there,
        lists_go_both_ways_between_programs;
    structs: methods_of_a_locked_struct_run_as_one_transaction,
        a_method_that_fails_its_own_check_changes_nothing,
        text_and_lists_within_a_locked_struct_keep_their_capacities,
        read_into_reuses_what_is_there,
        restore_checks_every_capacity_before_the_first_store,
        a_read_only_handle_reads_every_kind,
        a_snapshot_is_independent_of_the_live_state;
    big: foreign_plain_types_are_locked_as_a_whole,
        sixty_four_kibibytes_change_as_one;
    corrupt: every_invalid_pattern_is_an_error_with_its_path_and_heals,
        plain_verbs_panic_and_say_why,
        bytes_behind_the_end_mean_nothing;
];
