//! Which processes have a segment, whether anybody has it, and what is left over.
//!
//! Other programs on the machine have segments too: each test looks for its own among them.

mod disturb;
mod has;
mod kinds;
mod left;
mod races;
mod seen;
mod transit;
mod unreadable;

use shared_testkit::{self as support, Role, Test, crowd, forge, os, slot, tests};

use shmstate::Shared;
use shmstate::processes::{
    Liveness, Place, Process as HasIt, Processes, SegmentInfo, segment, segments,
};
use support::{Process, pipe, start};

pub(crate) const ROLES: &[Role] = &[
    ("opener", has::opener),
    ("has_heir", has::heir),
    ("has_bystander", has::bystander),
];

pub(crate) const TESTS: &[Test] = tests![
    has:
        #[alone] a_creator_has_its_segment,
        #[alone] forked_children_have_it_each,
        #[alone] programs_that_were_started_have_it,
        #[alone] who_can_only_read_does_not_write,
        #[alone] an_open_descriptor_counts,
        #[alone] a_private_mapping_counts_and_does_not_write,
        #[alone] a_stopped_process_has_it,
        #[alone] a_dead_process_that_is_not_reaped_has_nothing,
        #[alone] a_process_that_became_another_program_has_nothing,
        #[alone] a_process_whose_first_thread_has_ended_has_it,
        #[alone] a_process_that_comes_or_goes_meanwhile_is_no_error;
    kinds:
        #[alone] a_segment_says_what_it_is,
        #[alone] a_single_value_is_one_field,
        #[alone] a_state_without_bytes_has_processes,
        #[alone] a_removed_segment_is_listed_while_a_process_has_it,
        #[alone] a_name_that_means_another_segment_by_now_is_told_apart,
        #[alone] an_anonymous_segment_is_found_and_opened_by_its_descriptor,
        #[alone] an_anonymous_segment_ends_with_its_last_process,
        #[alone] memory_files_of_other_programs_are_not_listed,
        #[alone] a_segment_of_which_only_a_mapping_is_left_is_listed,
        #[alone] a_file_with_two_names_is_listed_once;
    left:
        #[alone] what_all_killed_processes_have_left_is_stale,
        #[alone] a_kept_segment_is_no_garbage,
        #[alone] a_half_built_segment_is_stale_once_its_creator_is_dead,
        #[alone] a_creator_is_known_by_its_start,
        #[alone] a_segment_that_is_used_is_not_removed,
        #[alone] the_next_segment_of_the_name_is_not_removed,
        #[alone] what_cannot_be_seen_is_still_in_use,
        #[alone] replacing_and_looking_agree,
        #[alone] a_look_changes_nothing,
        #[alone] a_thousand_segments_are_listed_in_one_go;
    unreadable:
        #[alone] every_damaged_header_field_is_told,
        #[alone] a_truncated_segment_is_told_as_long_as_it_begins_as_one,
        #[alone] what_is_no_segment_is_not_listed,
        #[alone] a_damaged_field_table_is_told,
        #[alone] any_bytes_are_looked_at_without_a_panic;
    seen:
        #[alone] another_user_sees_what_the_permission_bits_allow,
        #[alone] a_user_is_told_of_its_own_segments_whoever_else_is_there,
        #[alone] hidden_processes_make_a_picture_incomplete,
        #[alone] root_of_a_user_namespace_is_not_told_that_it_sees_all,
        #[alone] processes_of_inner_namespaces_are_seen_and_of_outer_ones_not,
        #[alone] without_proc_there_is_an_error_that_says_so,
        #[alone] without_descriptors_there_is_an_error_and_no_short_list,
        #[alone] without_descriptors_anonymous_segments_are_not_left_out,
        #[alone] a_removed_segment_is_known_from_an_anonymous_one_by_its_folder;
    races:
        #[alone] one_that_opens_never_loses_it_to_one_that_removes_the_unused,
        #[alone] one_that_opens_never_loses_it_to_one_that_replaces_the_stale,
        #[alone] those_who_look_disturb_nobody;
    disturb:
        #[alone] threads_that_look_do_not_take_each_other_for_users,
        #[alone] processes_that_look_do_not_take_each_other_for_users,
        #[alone] a_fork_while_other_threads_look_can_look,
        #[alone] a_segment_whose_looker_is_stopped_is_listed,
        #[alone] a_named_pipe_is_not_opened,
        #[alone] a_path_of_any_length_spoils_no_picture_but_its_own;
];

type Words = [u64; 8];

/// A process that has done `f`, and keeps what that returns until it is killed.
fn holder<R>(f: impl FnOnce() -> R) -> Process {
    let (ready, tell) = pipe();
    let process = start(move || {
        let _held = f();
        tell.tell();
        wait_for_the_end();
    });
    ready.wait();
    process
}

fn wait_for_the_end() -> ! {
    loop {
        std::thread::park();
    }
}

fn create(name: &str) -> Shared<Words> {
    Shared::create(name, [7; 8]).expect("create")
}

/// A segment whose creator was killed.
fn leave(name: &str) {
    holder(|| create(name)).kill();
}

/// The segment of that name, alone and among all.
#[track_caller]
fn look(name: &str) -> SegmentInfo {
    let place = Place::Named {
        name: name.to_owned(),
    };
    let alone = segment(name).expect("it is there");
    let mut all = segments().expect("/proc is mounted");
    all.retain(|segment| segment.place == place);
    assert_eq!(all.len(), 1, "listed {} times", all.len());
    let among = all.remove(0);
    assert_eq!(alone.place, place);
    assert_eq!(pids(&alone.processes), pids(&among.processes));
    assert_eq!(alone.liveness, among.liveness);
    assert_eq!(alone.description, among.description);
    among
}

/// The segments of that instance, in whatever place.
fn instances(id: u128) -> Vec<SegmentInfo> {
    let mut all = segments().expect("/proc is mounted");
    all.retain(|segment| segment.description.as_ref().is_ok_and(|d| d.id == id));
    all
}

/// The one segment of that instance.
#[track_caller]
fn instance(id: u128) -> SegmentInfo {
    let mut found = instances(id);
    assert_eq!(found.len(), 1, "listed {} times", found.len());
    found.remove(0)
}

/// Those of them that belong to this test. Another program that looks at all segments at this moment has this one, too,
/// and is rightly listed.
fn ours(processes: Processes) -> Vec<HasIt> {
    let mut found = processes.found;
    found.retain(|process| os::is_of_our_group(process.pid));
    found
}

fn pids(processes: &Processes) -> Vec<u32> {
    let ours = ours(processes.clone());
    ours.iter().map(|process| process.pid).collect()
}

/// That these processes have the segment, and no other.
#[track_caller]
fn check(name: &str, expected: &[u32]) {
    let found = look(name);
    let mut expected = expected.to_vec();
    expected.sort_unstable();
    assert_eq!(pids(&found.processes), expected, "who has it");
    if !expected.is_empty() {
        assert_eq!(found.liveness, Liveness::Live);
    }
}

#[track_caller]
fn liveness(name: &str) -> Liveness {
    look(name).liveness
}
