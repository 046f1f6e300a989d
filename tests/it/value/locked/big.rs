//! Values that are large, and those of types that know nothing of this library.

use std::num::Wrapping;

use shmstate::{Shared, SharedState};

use super::support::{assert_success, in_child, start};

/// A type of the standard library that knows nothing of this one, in the mode for such.
#[derive(SharedState, Clone, Debug, PartialEq)]
struct Foreign {
    before: u8,
    #[shared(pod)]
    number: Wrapping<u64>,
    #[shared(pod)]
    matrix: [Wrapping<i16>; 3],
    #[shared(pod, cache_padded)]
    apart: Wrapping<u8>,
}

pub(crate) fn foreign_plain_types_are_locked_as_a_whole() {
    let foreign = Foreign {
        before: 1,
        number: Wrapping(u64::MAX),
        matrix: [Wrapping(i16::MIN), Wrapping(0), Wrapping(-1)],
        apart: Wrapping(200),
    };
    let state = Shared::new(foreign.clone()).expect("created");
    assert_success(in_child(|| {
        assert_eq!(state.snapshot(), foreign);
        state.number.modify(|number| *number += 2);
        state.matrix[0].modify(|number| *number -= 1);
        state.apart.modify(|number| *number += 100);
    }));
    assert_eq!(state.number.get(), Wrapping(1));
    assert_eq!(
        state.matrix.each_ref().map(|slot| slot.get().0),
        [i16::MAX, 0, -1]
    );
    assert_eq!(state.apart.get(), Wrapping(44));
    assert_eq!(state.before.get(), 1);
    // One within another value.
    let state = Shared::new((1_u8, 2_u128)).expect("created");
    assert_eq!(state.get(), (1, 2));
}

#[derive(SharedState, Clone, Debug, PartialEq)]
#[shared(lock)]
struct Big {
    words: [u64; 8192],
}

/// On the heap, as far as a closure can help it.
#[allow(clippy::large_stack_arrays)] // in a build without optimisation it passes over the stack
fn big(word: u64) -> Box<Big> {
    Box::new(Big {
        words: [word; 8192],
    })
}

/// Whether all words come from one write.
fn is_whole(big: &Big) -> bool {
    // Each word is the same as the one before it: one comparison of memory, also without optimisation.
    big.words[1..] == big.words[..8191]
}

// If wrong: words that say that they come from two writes, or a count that misses one.
pub(crate) fn sixty_four_kibibytes_change_as_one() {
    const EACH: u64 = 2_000;
    let state = Shared::new(*big(0)).expect("created");
    let writers = [(); 2].map(|()| {
        start(|| {
            for _ in 0..EACH {
                state.modify(|big| {
                    assert!(is_whole(big), "torn for a writer");
                    let next = big.words[0] + 1;
                    big.words.fill(next);
                });
            }
        })
    });
    let readers = [true, false].map(|read_only| {
        let state = &state;
        start(move || {
            let view = state.read_only();
            let mut out = big(u64::MAX);
            let mut last = 0;
            while last < 2 * EACH {
                if read_only {
                    view.read_into(&mut out);
                } else {
                    state.read_into(&mut out);
                }
                let word = out.words[0];
                assert!(is_whole(&out), "torn for a reader");
                assert!(word >= last, "an older value than before");
                last = word;
            }
        })
    });
    for process in writers {
        assert_success(process.wait());
    }
    for process in readers {
        assert_success(process.wait());
    }
    let mut out = big(0);
    state.snapshot_into(&mut out);
    assert_eq!(out, big(2 * EACH));
    assert_eq!(state.version(), 1 + 2 * EACH);
}
