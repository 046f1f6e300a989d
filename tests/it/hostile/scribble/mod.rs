//! A process that writes nonsense all over a live segment, header included, while others use every kind
//! of slot with every verb: they get values or errors, and go on.

mod scribbler;
mod verbs;
mod watch;
mod words;

use shared_testkit::{self as support, Test, forge, kinds, tests};

use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use kinds::{Everything, example};
use scribbler::{Habits, Mapped};
use shmstate::Shared;
use support::{amount, assert_success, in_child, name, start};
use verbs::{Outcome, Tally};

pub(crate) const TESTS: &[Test] = tests![
    nonsense_all_over_the_segment_does_no_harm,
    lock_words_of_the_living_hold_up_only_who_waits_without_a_limit,
    a_version_at_its_end_wraps_around,
    takeovers_at_the_end_of_their_count_wrap_around,
];

const WORKERS: usize = 3;

/// How often each worker goes through all slots, at least.
fn rounds() -> u32 {
    amount(400, 1_000)
}

/// How many pieces of nonsense are written, at least.
fn scribbles() -> u64 {
    amount(8_000, 20_000)
}

/// Lets the scribbler loose on workers, until so many of their calls have ended in each of these ways. A hang ends by
/// the clock.
fn scribble(habits: Habits, seed: u64, wanted: &[(Outcome, u64)]) {
    watch::end_after(240);
    let name = name("scribbled");
    let state = Shared::create(&name, example()).expect("create");
    // Out of the scribbler's reach.
    let tally = Shared::<Tally>::zeroed().expect("create");
    let control = Shared::<Control>::zeroed().expect("create");
    let (all_ready, ready) = support::pipe();
    let (wait_start, go) = support::pipe();

    let workers: Vec<_> = (0..WORKERS)
        .map(|i| {
            let (state, tally, control) = (&state, &tally, &control);
            let (name, ready, wait_start) = (&name, &ready, &wait_start);
            start(move || {
                watch::end_after(200);
                control.words[i].set(watch::lock_word());
                ready.tell();
                wait_start.wait();
                let mut random = forge::Random::new(seed * 100 + i as u64);
                let mut worker = verbs::Worker::new(name, state, habits, &mut random, &tally.live);
                let enough = |(outcome, least): &(Outcome, u64)| {
                    tally.live[*outcome as usize].get() >= *least
                };
                while control.rounds[i].get() < rounds()
                    || control.scribbles.get() < scribbles()
                    || !wanted.iter().all(enough)
                {
                    control.rounds[i].fetch_add(1);
                    worker.round();
                }
            })
        })
        .collect();
    let scribbler = start(|| {
        watch::end_after(230);
        control.words[WORKERS].set(watch::lock_word());
        let mapped = Mapped::of(&name);
        let mut random = forge::Random::new(seed);
        ready.tell();
        while !control.stop.get() {
            let words: [u64; WORKERS + 2] = std::array::from_fn(|i| control.words[i].get());
            scribbler::scribble(&mapped, habits, &words, &mut random);
            control.scribbles.fetch_add(1);
            watch::pause(random.below(1_000));
        }
    });
    control.words[WORKERS + 1].set(watch::lock_word());
    for _ in 0..=WORKERS {
        all_ready.wait();
    }
    go.send(&[1; WORKERS]);
    for worker in workers {
        let status = worker.wait();
        assert!(status.success(), "a worker {status}: {control:?}");
    }
    control.stop.set(true);
    assert_success(scribbler.wait());
    println!("{} scribbles; {:?}", control.scribbles.get(), tally.live);

    heals(&state);
}

/// What the processes of a test tell one another.
#[derive(shmstate::SharedState)]
struct Control {
    stop: bool,
    scribbles: u64,
    /// What each process puts into a lock word: the workers, the scribbler and the test.
    words: [u64; WORKERS + 2],
    rounds: [u32; WORKERS],
}

/// How often each process changes each field of a healed state.
const EACH: u32 = 200;

/// Fails unless writing the value makes the state as good as new.
fn heals(state: &Shared<Everything>) {
    // Of the processes whose lock words were forged only this one lives, so nobody holds anything.
    state.restore(example()).expect("it fits");
    let view = state.read_only();
    for value in [state.try_snapshot(), view.try_snapshot()] {
        assert_eq!(value.expect("a value"), example());
    }
    assert!(!format!("{state:?}{view:?}").contains("corrupt"));

    state.count.set(0);
    state
        .window
        .modify(|window| (window.low, window.high) = (0, 0));
    state.label.clear();
    let before = state.account.get().cents;
    let processes = [(); 3].map(|()| {
        start(|| {
            for _ in 0..EACH {
                state.count.fetch_add(1);
                state.window.modify(|window| {
                    window.low += 1;
                    window.high += window.low;
                });
                state.account.modify(|account| account.cents -= 1);
                let text = state.label.modify(|label| {
                    label.pop();
                    label.push('é');
                });
                text.expect("it fits");
                state
                    .recent
                    .modify(|recent| recent.rotate_left(1))
                    .expect("it fits");
            }
        })
    });
    let all = 3 * u64::from(EACH);
    let seen = state.window.wait_until(|window| window.low == all);
    assert_eq!(seen.high, all * (all + 1) / 2);
    for process in processes {
        assert_success(process.wait());
    }
    assert_eq!(state.count.get(), all);
    assert_eq!(state.account.get().cents, before - i128::from(all));
    assert_eq!(state.label.get(), "é");
    assert_eq!(state.recent.len(), 3);
    assert_eq!(state.end.get(), u64::MAX);
}

// If wrong: "a worker signal: 11 (SIGSEGV)" or signal 14 (a hang, and `Control` says who and when), or
// the panic of an index, an addition or a shift.
fn nonsense_all_over_the_segment_does_no_harm() {
    // A lock word of random bytes is nobody's, and taken.
    let wanted = [
        (Outcome::Value, 100),
        (Outcome::Written, 100),
        (Outcome::Corrupt, 100),
        (Outcome::Panic, 100),
        (Outcome::Opened, 1),
        (Outcome::Refused, 1),
    ];
    scribble(Habits { live: false }, 1, &wanted);
}

// If wrong: as above, or a test that hangs in `restore`.
fn lock_words_of_the_living_hold_up_only_who_waits_without_a_limit() {
    let wanted = [
        (Outcome::Value, 100),
        (Outcome::Written, 100),
        (Outcome::Corrupt, 100),
        (Outcome::Timeout, 100),
    ];
    scribble(Habits { live: true }, 2, &wanted);
}

// If wrong: "attempt to add with overflow", or another value than the one just written.
fn a_version_at_its_end_wraps_around() {
    watch::end_after(100);
    let name = name("version");
    let state = Shared::create(&name, example()).expect("create");
    let view = state.read_only();
    let mapped = Mapped::of(&name);
    let schema = Shared::<Everything>::schema();
    let place = |path: &str| {
        let field = schema.fields().iter().find(|field| field.path() == path);
        mapped.slots() + field.expect("a field").offset()
    };
    for start in [
        u64::MAX - 5,
        u64::MAX - 1,
        u64::MAX,
        (1 << 32) - 2,
        (1 << 63) - 2,
    ] {
        assert_success(in_child(|| {
            for field in ["window", "recent", "total", "page"] {
                mapped.word(place(field) + 8).store(start, Relaxed);
            }
        }));
        for step in 0_u32..12 {
            let number = u64::from(step);
            state.window.set(kinds::window(number));
            state.recent.set([step]).expect("it fits");
            state.total.set(u128::from(step));
            state.page.set(kinds::page(number));
            assert_eq!(view.window.get(), kinds::window(number));
            assert_eq!(view.recent.get(), [step]);
            assert_eq!(state.total.get(), u128::from(step));
            assert_eq!(state.page.get(), kinds::page(number));
            assert_eq!(state.window.version(), start.wrapping_add(number + 1));
        }
    }
    let waited = state
        .total
        .wait_until_for(Duration::from_millis(1), |total| *total == 77);
    assert!(waited.is_err());
}

// If wrong: "attempt to add with overflow", or a takeover that is not counted.
fn takeovers_at_the_end_of_their_count_wrap_around() {
    watch::end_after(100);
    let name = name("recoveries");
    let state = Shared::create(&name, (1_u64, 2_u64)).expect("create");
    let mapped = Mapped::of(&name);
    // Event and recoveries; then the lock word of a thread id that no thread has.
    mapped.word(mapped.slots() + 16).store(u64::MAX, Relaxed);
    for recoveries in [0, 1] {
        mapped.word(mapped.slots()).store(u64::MAX << 33, Relaxed);
        state.modify(|pair| pair.0 += 1);
        assert_eq!(state.recoveries(), recoveries);
    }
    assert_eq!(state.get(), (3, 2));
}
