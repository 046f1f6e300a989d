//! Event words that another program has scribbled over: nobody hangs for ever, and writes work.
//!
//! If it were otherwise, this would print the watchdog's "somebody hangs", or "attempt to add with overflow".

use super::support::{assert_success, in_child, start, watchdog};
use super::{asleep, stage};

const WORDS: [u32; 8] = [0, 1, 2, 3, 0x7fff_ffff, 0x8000_0000, u32::MAX - 1, u32::MAX];

pub(crate) fn any_event_word_lets_a_write_through() {
    watchdog(60);
    let (state, segment) = stage();
    let field = segment.field("step");
    for word in WORDS {
        assert_success(in_child(|| field.scribble_event(word)));
        let before = state.step.fetch_add(1);
        assert_eq!(state.step.get(), before + 1);
        // Odd: it is as if somebody waited.
        let after = word.wrapping_add(word & 1);
        assert_eq!(field.event(), after, "from {word:#x}");
        let seen = state.step.wait_until(|step| *step == before + 1);
        assert_eq!(seen, before + 1);
        state
            .step
            .wait_until_for(std::time::Duration::from_millis(2), |_| false)
            .expect_err("never");
        assert_eq!(field.event(), after | 1, "from {word:#x}");
    }
    assert_eq!(
        (state.port.get(), state.big.get()),
        (80, 1 << 40),
        "the neighbours"
    );
}

pub(crate) fn any_event_word_lets_a_sleeper_wake() {
    watchdog(60);
    let (state, segment) = stage();
    let field = segment.field("step");
    for word in WORDS {
        let goal = state.step.get() + 1;
        let waiters = [0, 1].map(|_| {
            let state = &state;
            asleep(field, move || {
                assert_eq!(state.step.wait_until(|step| *step == goal), goal);
            })
        });
        assert_success(in_child(|| field.scribble_event(word)));
        state.step.set(goal);
        for waiter in waiters {
            assert_success(waiter.wait());
        }
    }
}

pub(crate) fn a_scribbled_event_holds_up_no_hand_over() {
    const ROUNDS: u32 = 300;
    watchdog(100);
    let (state, segment) = stage();
    let field = segment.field("step");
    state.step.set(0);
    let scribbler = start(|| {
        for i in 0_usize.. {
            field.scribble_event(WORDS[i % WORDS.len()]);
            std::thread::yield_now();
        }
    });
    let players = [0, 1].map(|turn| {
        let step = &state.step;
        start(move || {
            for round in 0..ROUNDS {
                let mine = 2 * round + turn;
                assert_eq!(step.wait_until(|step| *step == mine), mine);
                step.set(mine + 1);
            }
        })
    });
    for player in players {
        assert_success(player.wait());
    }
    assert_eq!(state.step.get(), 2 * ROUNDS);
    scribbler.kill();
}
