//! What can be done within `modify`, and what cannot.

use shmstate::{Shared, SharedState};

use super::slot::serve;
use super::support::{assert_success, in_child, panic_of, watchdog};
use super::{Pair, add, check, stage};

const REFUSED: &str = "this thread already holds the lock";

// If wrong: the watchdog's "somebody hangs": the thread waits for itself.
pub(crate) fn a_change_within_a_change_panics() {
    watchdog(100);
    let (pair, file) = stage();
    for within in [0, 1, 2, 3, 4] {
        let message = panic_of(|| {
            pair.modify(|value| {
                add(value);
                match within {
                    0 => pair.modify(add),
                    1 => pair.set((7, 7)),
                    2 => drop(pair.replace((7, 7))),
                    3 => pair.try_modify(add).expect("it panics before"),
                    _ => pair.try_set((7, 7)).expect("it panics before"),
                }
            });
        });
        assert!(message.contains(REFUSED), "{message}");
        check(&pair, 0);
        assert!(!file.is_held());
    }
    pair.modify(add);
    check(&pair, 1);
}

// If wrong: as above.
pub(crate) fn a_change_within_a_change_through_a_second_mapping_panics() {
    watchdog(100);
    let (pair, file) = stage();
    let again = Shared::<Pair>::open(Shared::name(&pair).expect("it has one")).expect("open");
    let message = panic_of(|| pair.modify(|_| again.modify(add)));
    assert!(message.contains(REFUSED), "{message}");
    check(&again, 0);
    assert!(!file.is_held());
    again.modify(add);
    check(&pair, 1);
}

// If wrong: the message of a change within a change.
pub(crate) fn two_slots_can_be_held_at_once() {
    watchdog(100);
    let (one, _) = stage();
    let two = Shared::new((0, 0)).expect("create");
    one.modify(|one| {
        add(one);
        two.modify(add);
        two.try_modify(add).expect("it is free again");
    });
    check(&one, 1);
    check(&two, 2);
}

// If wrong: "a value that is not committed", or the watchdog.
pub(crate) fn reading_within_a_change_sees_the_value_before() {
    watchdog(100);
    let (pair, _) = stage();
    pair.modify(|value| {
        add(value);
        assert_eq!(pair.get(), (0, 0), "a value that is not committed");
        assert_eq!(pair.read_only().get(), (0, 0));
    });
    check(&pair, 1);
}

#[derive(SharedState)]
struct Texts {
    #[shared(capacity = 8)]
    text: String,
    #[shared(capacity = 8)]
    list: Vec<u8>,
}

// If wrong: the new value, or "taken over from the living", or the watchdog.
pub(crate) fn a_panic_in_an_update_leaves_the_old_value_and_a_free_lock() {
    watchdog(100);
    let (pair, file) = stage();
    let other = serve(|_| pair.modify(add));
    let message = panic_of(|| {
        pair.modify(|pair| {
            add(pair);
            other.order(0);
            file.until_lock_is_waited_for();
            panic!("halfway");
        });
    });
    assert_eq!(message, "halfway");
    other.done();
    check(&pair, 1);
    let message = panic_of(|| pair.try_modify(|_| panic!("halfway")));
    assert_eq!(message, "halfway");
    assert!(!file.is_held());
    pair.modify(add);
    check(&pair, 2);
    other.kill();

    let state = Shared::new(Texts {
        text: "old".into(),
        list: vec![1],
    });
    let state = state.expect("create");
    panic_of(|| {
        state.text.modify(|text| {
            text.push('!');
            panic!("halfway");
        })
    });
    panic_of(|| {
        state.list.modify(|list| {
            list.push(2);
            panic!("halfway");
        })
    });
    // Another process finds both free, and as they were.
    assert_success(in_child(|| {
        state.text.try_modify(|text| text.push('?')).expect("free");
        state.list.try_modify(|list| list.push(3)).expect("free");
    }));
    assert_eq!(state.text.get(), "old?");
    assert_eq!(state.list.get(), [1, 3]);
}
