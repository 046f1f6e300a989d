//! Lock-guarded slots within one process: what the derive makes of each attribute, how it lies in memory,
//! and what the verbs do. (`tests/locked_values` has them across processes.)

mod changes;
mod generic;
mod kinds;
mod layout;

use shared_testkit::{Test, tests};

use shmstate::{Shared, SharedState};

pub(crate) const TESTS: &[Test] = tests![
    a_struct_of_every_kind_of_field_works_as_written;
    generic:
        a_parameter_may_stand_under_every_attribute;
    kinds:
        each_attribute_makes_its_slot,
        every_kind_of_value_comes_back_as_it_went_in,
        every_kind_of_value_is_shown_as_its_own_debug_shows_it,
        a_long_text_or_list_is_cut_where_it_is_shown,
        a_type_that_is_one_locked_slot_is_a_state_by_itself,
        zero_bytes_are_a_value_where_every_part_has_one,
        a_locked_struct_may_have_any_form;
    layout:
        the_schema_lists_the_fields_within_images,
        values_of_a_few_words_share_the_lines_of_their_lock,
        what_differs_within_an_image_is_told_by_its_path,
        names_of_types_do_not_count_within_images_either;
    changes:
        a_held_slot_is_read_at_once_and_not_changed,
        a_panic_within_an_update_leaves_the_old_value_and_frees_the_lock,
        a_change_from_within_a_change_of_the_same_slot_panics,
        what_does_not_fit_is_refused_and_the_neighbours_are_untouched,
        nothing_is_stored_or_created_if_a_part_does_not_fit,
        a_text_does_what_a_string_does,
        a_list_does_what_a_vector_does,
        a_waiter_sees_the_change_that_it_waits_for,
        threads_that_change_one_slot_lose_nothing;
];

#[derive(SharedState, Clone, Debug, Default, PartialEq)]
struct Progress {
    started: bool,
    done: u64,
    ratio: f64,
    phase: Phase,
    per_worker: [u32; 8],
    limits: Limits,
    total: u128,
    #[shared(capacity = 64)]
    label: String,
    #[shared(capacity = 32)]
    recent: Vec<u32>,
    #[shared(lock)]
    window: Window,
}

#[derive(SharedState, Clone, Debug, Default, PartialEq)]
enum Phase {
    #[default]
    Idle,
    Busy,
}

#[derive(SharedState, Clone, Debug, Default, PartialEq)]
struct Limits {
    low: u32,
    high: u32,
}

#[derive(SharedState, Clone, Debug, Default, PartialEq)]
struct Window {
    low: u64,
    high: u64,
}

impl ProgressSlots {
    fn start(&self) {
        self.started.set(true);
    }
}

fn a_struct_of_every_kind_of_field_works_as_written() {
    let progress = Shared::new(Progress::default()).unwrap();
    progress.start();
    progress.done.fetch_add(1);
    progress.per_worker[3].set(7);
    progress.phase.set(Phase::Busy);
    progress.total.modify(|total| *total += 1 << 100);
    progress.label.set("reading").unwrap();
    progress.recent.extend([4, 5]).unwrap();
    progress.window.modify(|w| {
        w.low += 1;
        w.high += 2;
    });
    let expected = Progress {
        started: true,
        done: 1,
        ratio: 0.0,
        phase: Phase::Busy,
        per_worker: [0, 0, 0, 7, 0, 0, 0, 0],
        limits: Limits::default(),
        total: 1 << 100,
        label: "reading".to_owned(),
        recent: vec![4, 5],
        window: Window { low: 1, high: 2 },
    };
    assert_eq!(progress.snapshot(), expected);
    let mut out = Progress::default();
    progress.snapshot_into(&mut out);
    assert_eq!(out, expected);
    assert_eq!(format!("{progress:?}"), format!("{expected:?}"));
    assert_eq!(progress.read_only().snapshot(), expected);
    let copy = Shared::<Progress>::zeroed().unwrap();
    assert_eq!(copy.snapshot(), Progress::default());
    copy.restore(expected.clone()).unwrap();
    assert_eq!(copy.snapshot(), expected);
}
