//! The commands that print, change, wait and remove, over segments of other processes.

mod changing;
mod hostile;
mod listing;
mod reading;
mod removing;
mod surface;
mod waiting;

use shared_testkit::{Test, tests};

pub(crate) const TESTS: &[Test] = tests![
    listing:
        #[alone] segments_are_listed_with_those_who_have_them,
        #[alone] what_is_left_over_is_listed_as_such,
        #[alone] a_segment_without_a_name_is_listed_and_opened_by_what_is_listed,
        #[alone] a_list_that_nobody_reads_to_its_end_ends_in_silence;
    reading:
        every_kind_of_field_is_shown,
        what_is_empty_is_told,
        what_is_said_of_a_field_is_shown,
        one_field_is_shown_by_its_path,
        json_has_every_field,
        bytes_are_shown_raw,
        long_arrays_are_cut_where_people_read,
        a_state_that_is_no_struct_is_shown_and_set,
        a_segment_is_shown_whatever_its_owner_does,
        a_lock_is_shown_with_its_holder,
        a_field_that_is_not_there_is_told_with_those_that_are;
    changing:
        what_is_set_is_shown_and_read_by_the_program,
        what_does_not_fit_is_refused_and_changes_nothing,
        numbers_are_added_to,
        a_lock_that_is_held_is_waited_for_and_not_longer,
        the_lock_of_a_dead_holder_is_taken_over,
        adding_is_one_step_for_all_processes;
    waiting:
        a_condition_that_holds_is_not_waited_for,
        a_change_by_another_process_is_waited_for,
        a_condition_that_stays_false_ends_with_the_time,
        a_condition_that_means_nothing_is_told_what_could,
        a_segment_that_is_removed_or_replaced_ends_the_wait,
        what_a_killed_program_has_left_is_let_go_of,
        a_segment_that_is_not_there_yet_is_waited_for_if_asked_to,
        a_segment_that_may_only_be_read_is_waited_for;
    removing:
        #[alone] what_is_in_use_is_not_removed_unless_forced,
        a_stopped_process_uses_its_segments,
        #[alone] what_nobody_has_is_removed,
        what_has_no_name_is_not_removed,
        #[alone] several_are_removed_and_each_failure_is_told,
        #[alone] only_what_killed_programs_have_left_is_collected,
        files_of_others_are_left_alone;
    hostile:
        a_segment_in_a_newer_format_says_which_version_reads_it,
        damaged_segments_are_errors_that_name_them,
        scribbled_segments_are_shown_as_far_as_they_go,
        forged_names_and_texts_move_no_cursor,
        a_segment_of_another_user_is_refused_unless_trusted,
        a_segment_that_is_cut_short_ends_with_a_message;
    surface:
        the_help_tells_every_exit_status,
        a_wrong_command_line_ends_with_its_own_status,
        completions_are_made_for_every_shell,
        the_manual_has_a_page_on_every_command;
];
