//! Many processes change one state at the same moment, and no change is lost.

use std::cell::Cell;
use std::num::NonZeroU64;

use shmstate::{Shared, SharedState};

use super::support::{arguments, assert_success, name, spawn_self, start};

const PROCESSES: u32 = 4;
/// So many that each verb takes longer than the scheduler leaves one process alone on a processor.
const TURNS: u32 = 400_000;
const ALL: usize = (PROCESSES * TURNS) as usize;

#[derive(SharedState)]
struct Counters {
    /// How far each process is.
    rounds: [u32; PROCESSES as usize],
    added: u64,
    subtracted: i32,
    wrapped: u8,
    updated: u64,
    exchanged: u16,
    floats: f64,
    floats_updated: f32,
    nonzero: NonZeroU64,
    flipped: bool,
    bits: u32,
    undone: u32,
    most: u64,
    least: i64,
    /// Each process puts numbers in, and adds up those that it takes out.
    relay: u64,
    taken_out: u64,
    /// Marked by whoever draws the number.
    drawn: [u8; ALL],
}

/// All that one of the processes does: each verb `TURNS` times, all processes the same one at a time.
fn count(state: &Shared<Counters>, process: u32) {
    let mut round = 0;
    let mut all_at_once = |verb: &dyn Fn(u32)| {
        round += 1;
        state.rounds[process as usize].set(round);
        while state.rounds.iter().any(|other| other.get() < round) {
            std::thread::yield_now();
        }
        (0..TURNS).for_each(verb);
    };
    all_at_once(&|_| {
        let ticket = state.added.fetch_add(1);
        state.drawn[usize::try_from(ticket).unwrap()].fetch_add(1);
    });
    all_at_once(&|_| {
        state.subtracted.fetch_sub(1);
    });
    all_at_once(&|_| {
        state.wrapped.fetch_add(1);
    });
    all_at_once(&|_| {
        state.updated.update(|v| v + 1);
    });
    all_at_once(&|_| {
        let mut seen = state.exchanged.get();
        while let Err(now) = state.exchanged.compare_exchange(seen, seen.wrapping_add(1)) {
            seen = now;
        }
    });
    all_at_once(&|_| {
        state.floats.fetch_add(0.5);
    });
    all_at_once(&|_| {
        state.floats_updated.update(|v| v + 1.0);
    });
    all_at_once(&|_| {
        state.nonzero.update(|v| v.checked_add(1).unwrap());
    });
    all_at_once(&|_| {
        state.flipped.fetch_xor(true);
    });
    // Each process has a bit of its own, which it must find as it left it. (Not asserted here: the others
    // wait for this process.)
    let bit = 1 << process;
    all_at_once(&|_| {
        let found = [
            state.bits.fetch_or(bit),
            state.bits.fetch_xor(bit),
            state.bits.fetch_xor(bit),
            state.bits.fetch_and(!bit),
        ];
        if found.map(|bits| bits & bit) != [0, bit, 0, bit] {
            state.undone.fetch_add(1);
        }
    });
    // All bid in turn, so that a lost bid is one that somebody sees go down (or, for the least, up).
    let number = |turn| u64::from(PROCESSES * turn + process + 1);
    let seen = Cell::new(0);
    all_at_once(&|turn| {
        let now = state.most.fetch_max(number(turn)).max(number(turn));
        if now < seen.replace(now) {
            state.undone.fetch_add(1);
        }
    });
    let seen = Cell::new(0);
    all_at_once(&|turn| {
        let bid = -number(turn).cast_signed();
        let now = state.least.fetch_min(bid).min(bid);
        if now > seen.replace(now) {
            state.undone.fetch_add(1);
        }
    });
    let taken_out = Cell::new(0);
    all_at_once(&|turn| {
        taken_out.set(taken_out.get() + state.relay.replace(number(turn)));
    });
    state.taken_out.fetch_add(taken_out.get());
}

pub(crate) fn child() {
    let arguments = arguments();
    let state = Shared::open(&arguments[0]).unwrap();
    count(&state, arguments[1].parse().unwrap());
}

/// If a change was lost, this would print a count below 1,600,000, or how many writes were undone.
pub(crate) fn every_increment_of_every_process_counts() {
    let name = name("counters");
    let state = Shared::<Counters>::create_with(&name, |slots| {
        slots.nonzero.set(NonZeroU64::MIN);
    })
    .unwrap();
    // Half of the processes are forked, half are spawned.
    let forked: Vec<_> = (0..PROCESSES / 2)
        .map(|process| {
            let state = &state;
            start(move || count(state, process))
        })
        .collect();
    let spawned = (PROCESSES / 2..PROCESSES).map(|process| {
        spawn_self("counter", |command| {
            command.args([&name, &process.to_string()]);
        })
    });
    let spawned: Vec<_> = spawned.collect();
    for process in forked {
        assert_success(process.wait());
    }
    for mut process in spawned {
        assert_success(process.wait().unwrap());
    }

    let all = u64::from(PROCESSES * TURNS);
    assert_eq!(state.added.get(), all);
    assert_eq!(i64::from(state.subtracted.get()), -all.cast_signed());
    assert_eq!(u64::from(state.wrapped.get()), all % 256);
    assert_eq!(state.updated.get(), all);
    assert_eq!(u64::from(state.exchanged.get()), all % 65_536);
    assert_eq!(
        state.floats.get().to_bits(),
        f64::from(PROCESSES * TURNS / 2).to_bits()
    );
    let exact = f64::from(PROCESSES * TURNS); // below 2^24
    assert_eq!(
        f64::from(state.floats_updated.get()).to_bits(),
        exact.to_bits()
    );
    assert_eq!(state.nonzero.get().get(), all + 1);
    assert_eq!(
        (state.flipped.get(), state.bits.get()),
        (false, 0),
        "an even number"
    );
    assert_eq!(state.undone.get(), 0, "one's write undid another's");
    assert_eq!(state.most.get(), all);
    assert_eq!(state.least.get(), -all.cast_signed());
    let doubly = state.drawn.iter().position(|drawn| drawn.get() != 1);
    assert_eq!(doubly, None, "a number was drawn twice, or never");
    // What was put in is what was taken out, but for the last.
    let put_in = all * (all + 1) / 2;
    assert_eq!(state.taken_out.get() + state.relay.get(), put_in);
}
