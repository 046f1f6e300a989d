//! Slots set whole.

use std::time::Duration;

use shared_testkit::kinds::{self, Everything};
use shmstate::access::Write;
use shmstate::{Shared, SharedState, Slot};

use super::support::name;

/// Any slot, by its trait alone.
fn set<S: Slot<Access = Write>>(
    slot: &S,
    value: S::Value,
) -> Result<(), shmstate::CapacityExceeded> {
    slot.restore(value)
}

pub(crate) fn every_kind_of_slot_can_be_set_whole() {
    let one = kinds::example();
    let mut two = kinds::example();
    two.rows[1] = kinds::limits(77);
    two.per_worker = [7, 8, 9];
    two.lines = ["x".to_owned(), "yy".to_owned()];
    two.pause = Duration::from_secs(7);
    two.window = kinds::window(50);
    two.steps = [kinds::Phase::Idle; 2];
    two.people.clear();
    let state = Shared::create(&name("whole"), one).expect("create");
    let value = two.clone();
    set(&state.rows, value.rows).expect("it fits");
    set(&state.per_worker, value.per_worker).expect("it fits");
    set(&state.lines, value.lines).expect("it fits");
    set(&state.pause, value.pause).expect("it fits");
    set(&state.window, value.window).expect("it fits");
    set(&state.steps, value.steps).expect("it fits");
    set(&state.people, value.people).expect("it fits");
    assert_eq!(state.snapshot(), two);
    // A method of the handle, and of what is behind it.
    state.restore(kinds::example()).expect("it fits");
    assert_eq!(state.snapshot(), kinds::example());
    set(&*state, two.clone()).expect("it fits");
    assert_eq!(state.snapshot(), two);
    let _: &<Everything as SharedState>::Slots = &state;
}

#[derive(SharedState, Clone, Debug, Default, PartialEq)]
struct Rows {
    before: u32,
    #[shared(capacity = 3)]
    names: [String; 3],
    after: u32,
}

/// If wrong: the first name is that of the value that was refused.
pub(crate) fn nothing_is_written_if_a_part_does_not_fit() {
    let state = Shared::new([Rows::default(), Rows::default()]).expect("create");
    let mut long = Rows {
        before: 1,
        names: ["a", "b", "cdef"].map(str::to_owned),
        after: 2,
    };
    let versions = || state.each_ref().map(|row| row.names[0].version());
    let before = versions();
    let error = Slot::restore(&*state, [Rows::default(), long.clone()]).unwrap_err();
    assert_eq!(error.field, "[1].names[2]");
    assert_eq!(
        state[1]
            .names
            .restore(long.names.clone())
            .unwrap_err()
            .field,
        "[1].names[2]"
    );
    assert_eq!(state.snapshot(), [Rows::default(), Rows::default()]);
    assert_eq!(versions(), before);
    "cde".clone_into(&mut long.names[2]);
    Slot::restore(&*state, [Rows::default(), long.clone()]).expect("it fits");
    assert_eq!(state[1].snapshot(), long);
}
