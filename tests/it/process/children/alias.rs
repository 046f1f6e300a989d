//! Two states are two states.

use std::collections::BTreeSet;

use shmstate::Shared;

use super::State;
use super::support::{assert_success, in_child, name};

/// If two shared memory, this would print the number of the later in place of the earlier.
pub(crate) fn two_states_never_alias() {
    let mut ids = BTreeSet::new();
    for round in 0..50 {
        // Made one after the other; some dropped before the next is made, so that numbers, addresses
        // and names come again.
        drop(State::new([u64::MAX; 4]).unwrap());
        let first = State::new([0; 4]).unwrap();
        drop(State::create(&name("a"), [u64::MAX; 4]).unwrap());
        let second = State::new([0; 4]).unwrap();
        let named = ["a", "b"].map(|suffix| State::create(&name(suffix), [0; 4]).unwrap());
        let states = [&first, &second, &named[0], &named[1]];
        assert_success(in_child(|| {
            // A child that makes one too, while it has the parent's.
            let own = State::new([0; 4]).unwrap();
            let own_named = State::create(&name("c"), [0; 4]).unwrap();
            for (n, state) in (1..).zip(states.into_iter().chain([&own, &own_named])) {
                assert_eq!(state.snapshot(), [0; 4], "state {n} is new");
                state.iter().for_each(|slot| slot.set(n));
            }
            assert_eq!(own.snapshot(), [5; 4]);
            assert_eq!(own_named.snapshot(), [6; 4]);
        }));
        for (n, state) in (1..).zip(states) {
            assert_eq!(state.snapshot(), [n; 4], "round {round}");
            assert!(ids.insert(Shared::id(state)), "an id came twice");
        }
    }
}
