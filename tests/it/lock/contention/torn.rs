//! Reading without the lock, under a writer that never pauses.
//!
//! If any of this were wrong, it would print "torn", "a value from before", or the watchdog's "somebody
//! hangs".

use shmstate::{Access, Locked, ReadOnly, Shared, SharedState};

use super::support::{assert_success, name, start, watchdog};

/// Every word says which write it came from, and every byte behind the words, too.
#[derive(SharedState, Clone, Copy, PartialEq)]
#[shared(lock)]
struct Value<const WORDS: usize, const BYTES: usize> {
    words: [u64; WORDS],
    bytes: [u8; BYTES],
}

/// Of a value that has no words, the write is known by its lowest byte.
const LOWEST: u64 = 0xff;

impl<const WORDS: usize, const BYTES: usize> Value<WORDS, BYTES> {
    fn of(write: u64) -> Self {
        Value {
            words: [write; WORDS],
            bytes: [write.to_le_bytes()[0]; BYTES],
        }
    }

    #[track_caller]
    fn write(&self) -> u64 {
        let write = match self.words.first() {
            Some(word) => *word,
            None => self.bytes[0].into(),
        };
        if *self != Self::of(write) {
            let first = self.words.iter().position(|word| *word != write);
            panic!("torn: write {write}, but not in word {first:?} of {WORDS}");
        }
        write
    }
}

/// Reads so many times, and until there have been as many writes meanwhile; each value is one that was
/// current during the read.
fn read<const WORDS: usize, const BYTES: usize, A: Access>(
    slot: &Locked<Value<WORDS, BYTES>, A>,
    first: u64,
    times: u64,
    in_place: bool,
) {
    let mut value = Value::of(0);
    let start = slot.version();
    let mut before = start;
    let mut reads = 0;
    while reads < times || before - start < times {
        reads += 1;
        if in_place {
            slot.read_into(&mut value);
        } else {
            value = slot.get();
        }
        let write = value.write();
        let after = slot.version();
        assert!(after >= before, "the version went back");
        // How long before the end of the read this was current.
        let age = (after - first).wrapping_sub(write);
        let age = if WORDS == 0 { age & LOWEST } else { age };
        assert!(age <= after - before, "a value from before: {write}");
        before = after;
    }
}

fn under_a_writer_that_never_pauses<const WORDS: usize, const BYTES: usize>(times: u64) {
    watchdog(300);
    let name = name("value");
    let slot = Shared::create(&name, Value::<WORDS, BYTES>::of(0)).expect("create");
    let stop = Shared::new(false).expect("create");
    let first = slot.version();
    let writer = start(|| {
        for write in 1.. {
            slot.set(Value::of(write));
            if stop.get() {
                return;
            }
        }
    });
    // It has begun.
    slot.wait_until(|value| *value != Value::of(0));
    let readers = [false, true].map(|in_place| {
        let slot = &slot;
        start(move || read(slot, first, times, in_place))
    });
    let read_only = start(|| {
        let view = ReadOnly::<Value<WORDS, BYTES>>::open(&name).expect("open");
        read(&view, first, times, true);
    });
    for reader in readers.into_iter().chain([read_only]) {
        assert_success(reader.wait());
    }
    stop.set(true);
    assert_success(writer.wait());
    assert_eq!(slot.recoveries(), 0);
    println!("{} writes", slot.version() - first);
}

pub(crate) fn one_byte_is_never_torn() {
    under_a_writer_that_never_pauses::<0, 1>(100_000);
}

pub(crate) fn eight_bytes_are_never_torn() {
    under_a_writer_that_never_pauses::<1, 0>(100_000);
}

pub(crate) fn sixteen_bytes_are_never_torn() {
    under_a_writer_that_never_pauses::<2, 0>(100_000);
}

pub(crate) fn sixty_four_bytes_are_never_torn() {
    under_a_writer_that_never_pauses::<8, 0>(100_000);
}

/// The most that is copied word by word.
pub(crate) fn a_hundred_and_twenty_seven_bytes_are_never_torn() {
    under_a_writer_that_never_pauses::<15, 7>(100_000);
}

/// The least that is copied by vector instructions.
pub(crate) fn a_hundred_and_twenty_eight_bytes_are_never_torn() {
    under_a_writer_that_never_pauses::<16, 0>(100_000);
}

pub(crate) fn a_thousand_bytes_are_never_torn() {
    under_a_writer_that_never_pauses::<125, 0>(20_000);
}

/// Copied by a single instruction, which can be interrupted after each byte.
pub(crate) fn sixty_four_kibibytes_are_never_torn() {
    under_a_writer_that_never_pauses::<8192, 0>(1_000);
}
