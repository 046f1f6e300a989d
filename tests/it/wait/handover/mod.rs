//! Hand-overs between processes: that who waits for a change is woken by it.
//!
//! If any of this were wrong, it would print the watchdog's "somebody hangs": the bounds of all sleeps are taken away
//! (see [`endless`]), so who is not woken when it should be stays asleep.

mod ball;
mod killed;
mod ring;
mod several;

use super::endless;
use shared_testkit::{self as support, Test, forge, os, tests};

pub(crate) const TESTS: &[Test] = tests![
    ring: #[alone] many_hand_overs_of_a_watched_field,
        #[alone] many_hand_overs_of_a_locked_field,
        #[alone] two_processes_on_one_processor_hand_over_a_watched_field,
        #[alone] two_processes_on_one_processor_hand_over_a_locked_field,
        #[alone] three_processes_hand_over_in_a_ring,
        #[alone] three_processes_hand_over_one_watched_field,
        #[alone] three_processes_hand_over_one_locked_field,
        #[alone] a_watched_field_changes_as_the_other_falls_asleep,
        #[alone] a_locked_field_changes_as_the_other_falls_asleep,
        #[alone] texts_are_handed_over,
        #[alone] lists_are_handed_over;
    several: each_of_several_waiters_of_several_fields_is_woken,
        each_of_several_who_want_a_lock_is_woken;
    killed: #[alone] killed_waiters_of_a_watched_field_harm_nobody,
        #[alone] killed_waiters_of_a_locked_field_harm_nobody,
        #[alone] the_successor_of_a_killed_writer_of_a_watched_field_goes_on,
        #[alone] the_successor_of_a_killed_writer_of_a_locked_field_goes_on,
        #[alone] who_sleeps_on_the_lock_of_a_killed_holder_is_woken;
];
