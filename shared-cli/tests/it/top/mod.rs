//! `shmstate top` in a real terminal, over segments of other processes.

mod ends;
mod terminal;
mod views;

use shared_testkit::{Role, Test, tests};

pub(crate) const ROLES: &[Role] = &[("panic", ends::panic_while_drawing)];

pub(crate) const TESTS: &[Test] = tests![
    views:
        a_segment_of_another_process_is_shown_live,
        keys_sort_filter_and_pause,
        a_lock_that_is_held_is_shown_with_its_holder,
        #[alone] a_segment_is_chosen_from_the_list,
        a_screen_that_changes_its_size_is_drawn_anew,
        a_segment_that_is_removed_says_so,
        scribbled_bytes_are_shown_as_errors;
    ends:
        the_terminal_is_left_as_it_was,
        the_terminal_is_left_as_it_was_by_every_signal_that_ends,
        a_terminal_that_goes_away_ends_it,
        the_terminal_is_given_back_while_it_is_stopped,
        the_terminal_is_left_as_it_was_by_a_panic,
        the_terminal_is_left_as_it_was_when_the_segment_is_cut_short,
        without_a_terminal_there_is_an_error,
        what_cannot_be_opened_is_told_before_the_terminal_is_changed;
];
