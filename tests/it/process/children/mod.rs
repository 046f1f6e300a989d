//! Handles and child processes: how a segment gets from one to the other, and what must stay behind.

mod alias;
mod big;
mod cycles;
mod debug;
mod descriptors;
mod forks;
mod inherit;
mod nested;
mod read_only;
mod refused;
mod tokens;

use shared_testkit::{self as support, Role, Test, tests};

pub(crate) const ROLES: &[Role] = &[
    ("add", roles::add),
    ("list", roles::list),
    ("maker", tokens::maker),
    ("refused", refused::child),
    ("inherits", inherit::child),
    ("parent", nested::parent),
    ("grandchild", descriptors::grandchild),
    ("read_only", read_only::child),
    ("big", big::child),
];

pub(crate) const TESTS: &[Test] = tests![
    tokens: a_token_opens_the_same_instance_in_a_child,
        a_childs_token_opens_the_same_instance_in_the_parent,
        a_token_that_was_read_as_a_line_opens,
        a_tokens_length_does_not_depend_on_the_data,
        a_token_finds_nothing_once_the_segment_is_removed,
        the_token_of_a_name_that_was_used_again_is_refused,
        the_token_of_a_descriptor_that_was_used_again_is_refused,
        the_token_of_a_process_that_was_killed_is_refused;
    refused: text_that_is_no_token_is_an_error_that_says_why,
        a_token_for_another_type_is_an_error_that_names_the_difference,
        a_missing_key_is_an_error_that_names_it,
        a_key_for_another_type_is_an_error_that_names_the_difference,
        a_key_with_a_broken_value_is_an_error;
    inherit: several_segments_reach_one_child,
        a_key_can_be_any_text,
        inheriting_twice_gives_two_handles_of_one_segment,
        one_command_starts_many_children,
        the_command_keeps_the_segment_alive;
    nested: a_child_passes_its_handle_on_to_a_grandchild,
        a_handle_made_before_a_fork_works_in_the_fork_and_in_its_spawned_child,
        forks_nested_five_deep_leak_nothing;
    descriptors: a_child_without_the_handle_has_no_descriptor_of_ours,
        a_child_with_the_handle_has_exactly_one_descriptor,
        a_grandchild_gets_a_descriptor_only_if_it_is_shared_again,
        a_child_that_only_gets_a_name_has_none_before_it_opens,
        a_segment_never_takes_the_number_of_a_standard_stream;
    forks: a_forked_child_never_takes_the_parents_segment_along,
        a_forked_child_keeps_what_the_parent_drops,
        a_forked_child_removes_its_own_segments,
        a_read_only_handle_keeps_the_name_as_long_as_any;
    alias: two_states_never_alias;
    cycles: a_thousand_named_segments_leave_nothing_open,
        a_thousand_anonymous_segments_leave_nothing_open,
        a_thousand_read_only_views_leave_nothing_open,
        a_thousand_tokens_leave_nothing_open,
        a_thousand_failed_opens_leave_nothing_open;
    read_only: a_read_only_handle_sees_every_write,
        a_read_only_handle_travels_every_way,
        a_write_through_a_read_only_mapping_is_stopped_by_the_hardware,
        a_child_with_a_read_only_descriptor_cannot_open_it_to_write;
    debug: every_kind_of_field_is_shown,
        long_arrays_are_cut,
        bytes_that_are_no_value_are_shown_as_such,
        restore_writes_every_field_and_snapshot_into_reads_every_field;
    big: a_million_elements_are_created_zeroed_on_a_small_stack,
        a_million_elements_are_filled_in_place_on_a_small_stack,
        a_million_elements_are_opened_and_shown_by_a_child_on_a_small_stack,
        a_million_elements_are_read_into_a_callers_buffer;
];

/// What several tests have a spawned child do.
mod roles {
    use shmstate::Shared;

    use super::support::{arguments, descriptors, our_descriptors};

    /// Opens, by the way that the first argument names, and adds the third to the first element.
    pub(crate) fn add() {
        let arguments = arguments();
        let [how, text, amount] = &arguments[..] else {
            panic!("{arguments:?}");
        };
        let state: super::State = match how.as_str() {
            "inherit" => Shared::inherit(text),
            "token" => Shared::from_token(text),
            _ => Shared::open(text),
        }
        .expect("opened");
        state[0].fetch_add(amount.parse().expect("a number"));
    }

    /// Prints the descriptors of segments, and how many others there are.
    pub(crate) fn list() {
        let ours = our_descriptors();
        let others = descriptors().len() - ours.len();
        println!("{} of segments, {others} others", ours.len());
    }
}

/// The state of most tests here.
type State = shmstate::Shared<[u64; 4]>;

/// Waits for a child that was spawned with its output piped, and returns what it printed.
fn output_of(child: std::process::Child) -> String {
    let output = child.wait_with_output().expect("waited for");
    support::assert_success(output.status);
    String::from_utf8(output.stdout).expect("text")
}
