//! Reading without the lock, under a writer that never pauses.

use shmstate::{Access, Locked};

use super::start::{Child, Crew, Member, Way, order_all};
use super::support::watchdog;
use super::world::{Marked, State};

impl<const WORDS: usize, const BYTES: usize> Marked<WORDS, BYTES> {
    fn of(write: u64) -> Self {
        Marked {
            words: [write; WORDS],
            bytes: [write.to_le_bytes()[0]; BYTES],
        }
    }
}

/// Reads until there have been so many writes meanwhile. Each value is that of one write, and of none before the last that
/// was read (which can be told if there is a word).
fn read<const WORDS: usize, const BYTES: usize, A: Access>(
    slot: &Locked<Marked<WORDS, BYTES>, A>,
    times: u64,
) {
    let mut value = Marked::of(0);
    let (start, mut last, mut reads) = (slot.version(), 0, 0);
    while reads < times || slot.version() - start < times {
        slot.read_into(&mut value);
        let write = value.words.first().copied();
        let write = write.unwrap_or_else(|| value.bytes[0].into());
        assert!(
            value == Marked::of(write),
            "torn: {WORDS} words of write {write}"
        );
        assert!(WORDS == 0 || write >= last, "a value from before: {write}");
        last = write;
        reads += 1;
    }
}

/// What is done with the slot of each size: 1, 8, 64, 1,000 and 65,536 bytes.
macro_rules! by_size {
    ($state:expr, $number:expr, |$slot:ident, $times:ident| $do:expr) => {
        match $number {
            1 => {
                let ($slot, $times) = (&$state.byte, 20_000);
                $do
            }
            2 => {
                let ($slot, $times) = (&$state.word, 20_000);
                $do
            }
            3 => {
                let ($slot, $times) = (&$state.line, 20_000);
                $do
            }
            4 => {
                let ($slot, $times) = (&$state.page, 5_000);
                $do
            }
            _ => {
                let ($slot, $times) = (&$state.large, 200);
                $do
            }
        }
    };
}

/// Writes the slot of the size of its order, until it is told to end.
pub(crate) fn writes(me: &Member<'_>) {
    me.wait_for(1);
    let size = me.order();
    by_size!(me.state, size, |slot, _times| {
        for write in 1.. {
            slot.set(Marked::of(write));
            if me.order() != size {
                return;
            }
        }
    });
}

/// Reads the slot of the size of its order, half of it through a read-only handle.
pub(crate) fn reads(me: &Member<'_>) {
    me.wait_for(1);
    let view = me.state.read_only();
    by_size!(me.state, me.order(), |slot, times| read(slot, times));
    by_size!(view, me.order(), |slot, times| read(slot, times));
}

/// IOX unrestricted atomic: concurrent readers never see a torn value. If they did: "torn", or "a value from before".
pub(crate) fn no_value_of_any_size_is_ever_torn(way: Way) {
    watchdog(300);
    let crew = Crew::ready(way, 2);
    let state: State = crew.state("torn");
    for size in 1..=5 {
        let children: [Child; 2] = [
            crew.start(&state, "writes", 0),
            crew.start(&state, "reads", 1),
        ];
        order_all(&children, size);
        by_size!(state, size, |slot, times| read(slot, times));
        let [writer, reader] = children;
        reader.wait();
        writer.order(u64::MAX);
        writer.wait();
        by_size!(state, size, |slot, _times| assert_eq!(slot.recoveries(), 0));
        by_size!(state, size, |slot, _times| slot.set(Marked::of(0)));
    }
}
