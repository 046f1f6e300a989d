//! What can be waited for, of each kind.

use std::time::Duration;

use shmstate::TimedOut;

use super::world::{State, file_of};

#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject {
    Locked,
    Watched,
    Element,
    Text,
    List,
}

impl Subject {
    pub(crate) const ALL: [Subject; 5] = [
        Subject::Locked,
        Subject::Watched,
        Subject::Element,
        Subject::Text,
        Subject::List,
    ];

    pub(crate) fn of(number: u64) -> Subject {
        Subject::ALL[usize::try_from(number).expect("few")]
    }

    /// Which element of the array is waited for.
    const WHICH: usize = 2;

    /// Writes the number, which must be a single digit.
    pub(crate) fn set(self, state: &State, number: u32) {
        match self {
            Subject::Locked => state.door.set(number),
            Subject::Watched => state.watched_door.set(number),
            Subject::Element => state.watched_doors[Self::WHICH].set(number),
            Subject::Text => state.text.set(number.to_string()).expect("it fits"),
            Subject::List => state.list.set([number]).expect("it fits"),
        }
    }

    /// Waits until the number is there, and returns what it has found.
    pub(crate) fn wait(self, state: &State, number: u32) -> u32 {
        match self {
            Subject::Locked => state.door.wait_until(|n| *n == number),
            Subject::Watched => state.watched_door.wait_until(|n| *n == number),
            Subject::Element => state.watched_doors[Self::WHICH].wait_until(|n| *n == number),
            Subject::Text => {
                let text = state.text.wait_until(|text| text == number.to_string());
                text.parse().expect("a number")
            }
            Subject::List => state.list.wait_until(|list: &[u32]| list == [number])[0],
        }
    }

    /// Waits for so long for what does not come.
    pub(crate) fn wait_in_vain(self, state: &State, limit: Duration) -> TimedOut {
        match self {
            Subject::Locked => state.door.wait_until_for(limit, |_| false).err(),
            Subject::Watched => state.watched_door.wait_until_for(limit, |_| false).err(),
            Subject::Element => {
                let door = &state.watched_doors[Self::WHICH];
                door.wait_until_for(limit, |_| false).err()
            }
            Subject::Text => state.text.wait_until_for(limit, |_| false).err(),
            Subject::List => state.list.wait_until_for(limit, |_| false).err(),
        }
        .expect("it does not come")
    }

    /// The word on which the waiters sleep: odd if somebody does. Who then changes the value makes it another number, and
    /// wakes all.
    pub(crate) fn event(self, state: &State) -> u32 {
        let (slot, event): (*const u8, _) = match self {
            Subject::Locked => ((&raw const state.door).cast(), 16),
            Subject::Watched => ((&raw const state.watched_door).cast(), 4),
            Subject::Element => ((&raw const state.watched_doors[Self::WHICH]).cast(), 4),
            Subject::Text => ((&raw const state.text).cast(), 16),
            Subject::List => ((&raw const state.list).cast(), 16),
        };
        let first: *const u8 = (&raw const **state).cast();
        file_of(state).word_at((slot.addr() - first.addr()) as u64 + event)
    }
}
