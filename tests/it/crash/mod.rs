//! Processes killed while they read or change a lock-guarded slot: at every instruction, and at random.

mod contended;
mod readers;
mod storm;
mod subjects;
mod sweep;
mod verbs;

use shared_testkit::{self as support, Test, slot, tests, tracer};

pub(crate) const TESTS: &[Test] = tests![
    verbs: an_update_killed_at_any_instruction_is_whole_or_not_there,
        a_set_killed_at_any_instruction_is_whole_or_not_there,
        a_replace_killed_at_any_instruction_is_whole_or_not_there,
        a_text_set_killed_at_any_instruction_is_whole_or_not_there,
        a_list_push_killed_at_any_instruction_is_whole_or_not_there,
        an_update_of_a_kibibyte_killed_at_any_instruction_is_whole_or_not_there,
        #[deep] a_set_of_sixteen_kibibytes_killed_at_any_instruction_is_whole_or_not_there,
        a_reader_killed_at_any_instruction_changes_nothing,
        one_that_waits_for_a_change_killed_at_any_instruction_stops_nobody;
    contended: a_holder_that_others_wait_for_killed_at_any_instruction_stops_nobody,
        one_that_waits_for_the_lock_killed_at_any_instruction_stops_nobody,
        one_that_takes_over_killed_at_any_instruction_is_taken_over_from;
    readers: a_reader_overtaken_at_any_instruction_reads_a_whole_value;
    storm: no_acknowledged_change_is_lost_in_a_storm_of_kills;
];
