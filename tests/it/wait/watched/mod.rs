//! Fields that can be waited for: what they hold, how they lie in a segment, and who is woken when.

mod asleep;
mod bytes;
mod events;
mod foreign;
mod layout;
mod limits;
mod shapes;
mod signals;
mod threads;
mod verbs;

use shared_testkit::{self as support, Test, forge, slot, tests};

use std::num::NonZero;

use foreign::Segment;
use shmstate::{Shared, SharedState};
use support::{Process, start};

pub(crate) const TESTS: &[Test] = tests![
    shapes: a_watched_field_is_an_atomic_and_an_event,
        a_watched_field_may_stand_wherever_an_atomic_may,
        a_type_parameter_may_be_watched,
        a_struct_with_watched_fields_can_be_locked_and_listed,
        zero_bytes_are_a_watched_value_where_they_are_a_plain_one,
        a_read_only_handle_sees_what_is_written;
    layout: another_program_reads_a_watched_field_by_the_table,
        another_program_writes_a_watched_field_by_the_table,
        each_padded_element_has_a_line_of_its_own;
    verbs: every_verb_that_changes_a_number_wakes_who_sleeps,
        every_verb_that_changes_another_type_wakes_who_sleeps,
        every_width_wakes_who_sleeps,
        what_changes_nothing_wakes_nobody;
    asleep: the_predicate_sees_the_value_that_is_there_first,
        a_change_wakes_all_who_wait,
        each_field_wakes_those_who_wait_for_it,
        a_write_to_one_element_leaves_those_who_wait_for_another_alone,
        a_predicate_that_panics_leaves_the_field_as_good_as_new,
        a_predicate_may_write_the_field_that_it_waits_for,
        the_segment_stays_for_a_waiter_when_its_creator_has_gone;
    limits: a_wait_without_a_change_ends_at_its_limit_and_says_it,
        a_limit_of_zero_looks_once_more_and_ends,
        the_longest_limit_is_no_limit;
    signals: a_signal_handler_does_not_end_a_wait,
        a_stopped_waiter_sees_the_last_value_when_it_goes_on,
        a_writer_stopped_before_it_wakes_anybody_holds_up_nobody,
        a_stopped_writer_holds_up_nobody;
    threads: threads_of_one_process_wait_for_one_another,
        a_fork_while_another_thread_waits_leaves_both_sides_waiting_and_writing;
    bytes: every_invalid_pattern_is_an_error_and_a_write_heals_it,
        a_wait_for_a_field_without_a_value_panics,
        who_sleeps_when_the_value_is_spoilt_panics,
        verbs_that_read_panic_and_write_only_as_documented,
        a_spoilt_element_is_told_by_its_path;
    events: any_event_word_lets_a_write_through,
        any_event_word_lets_a_sleeper_wake,
        a_scribbled_event_holds_up_no_hand_over;
];

#[derive(SharedState, Clone, Copy, Debug, PartialEq)]
enum Phase {
    Idle,
    Busy,
    Done,
}

#[derive(SharedState, Clone, Copy, Debug, PartialEq)]
#[repr(i16)]
enum Level {
    Low = -3,
    High = 500,
}

/// A watched field of every width, among others.
#[derive(SharedState, Clone, Debug, PartialEq)]
struct Signals {
    before: u8,
    #[shared(watch)]
    flag: bool,
    #[shared(watch)]
    tiny: i8,
    #[shared(watch)]
    port: u16,
    #[shared(watch)]
    step: u32,
    #[shared(watch)]
    big: u64,
    #[shared(watch)]
    single: f32,
    #[shared(watch)]
    ratio: f64,
    #[shared(watch)]
    letter: char,
    #[shared(watch)]
    phase: Phase,
    #[shared(watch)]
    level: Level,
    #[shared(watch)]
    tries: NonZero<u8>,
    #[shared(watch)]
    last: Option<NonZero<i64>>,
    #[shared(watch)]
    many: [u16; 3],
    #[shared(watch, cache_padded)]
    alone: [u32; 2],
    after: u8,
}

fn example() -> Signals {
    Signals {
        before: 0xaa,
        flag: false,
        tiny: -7,
        port: 80,
        step: 1,
        big: 1 << 40,
        single: -0.5,
        ratio: 3.625,
        letter: 'é',
        phase: Phase::Busy,
        level: Level::Low,
        tries: NonZero::<u8>::MAX,
        last: NonZero::new(-2),
        many: [1, 2, 3],
        alone: [4, 5],
        after: 0xbb,
    }
}

type State = Shared<Signals>;

/// Something to do with the state.
type Call = fn(&State);

/// A state under a name, and the segment as another program sees it.
fn stage() -> (State, Segment) {
    let name = support::name("signals");
    let state = Shared::create(&name, example()).expect("create");
    let segment = Segment::of(&name);
    (state, segment)
}

/// A process that does `f`, in which it waits for this field; this returns when it sleeps there.
fn asleep(field: foreign::Field<'_>, f: impl FnOnce()) -> Process {
    let process = start(f);
    while field.event() & 1 == 0 {
        std::thread::yield_now();
    }
    slot::until_state(process.id(), "S");
    process
}
