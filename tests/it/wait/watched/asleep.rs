//! Who is woken by which change, and what a predicate may do.

use shmstate::Shared;

use super::foreign::Field;
use super::support::{Process, assert_success, name, panic_of, pipe, start, watchdog};
use super::{Call, Signals, State, asleep, example, slot, stage};

/// If it waited for a change first, this would print the watchdog's "somebody hangs"; if it told anybody that it waits,
/// an odd event.
pub(crate) fn the_predicate_sees_the_value_that_is_there_first() {
    watchdog(60);
    let (state, segment) = stage();
    let mut seen = Vec::new();
    let value = state.step.wait_until(|step| {
        seen.push(*step);
        true
    });
    assert_eq!((value, seen), (1, vec![1]));
    assert_eq!(segment.field("step").event(), 0);
    let value = state.big.wait_until(|big| *big == 1 << 40);
    assert_eq!(value, 1 << 40);
}

/// If one were woken only, this would print the watchdog's "somebody hangs": three of them sleep without a bound.
pub(crate) fn a_change_wakes_all_who_wait() {
    watchdog(60);
    let (state, segment) = stage();
    let field = segment.field("step");
    for round in 2..20 {
        let waiters: Vec<Process> = (0..3)
            .flat_map(|_| {
                let state = &state;
                [
                    asleep(field, move || {
                        assert_eq!(state.step.wait_until(|step| *step == round), round);
                    }),
                    asleep(field, move || {
                        field.wait_until(|step| step == u64::from(round));
                    }),
                ]
            })
            .collect();
        state.step.set(round);
        for waiter in waiters {
            assert_success(waiter.wait());
        }
    }
}

/// If a change went to the wrong ones, this would print an event that has moved, or the watchdog's "somebody hangs".
pub(crate) fn each_field_wakes_those_who_wait_for_it() {
    watchdog(60);
    let (state, segment) = stage();
    let changes: [(&str, Call); 4] = [
        ("flag", |state| state.flag.set(true)),
        ("step", |state| _ = state.step.fetch_add(1)),
        ("ratio", |state| _ = state.ratio.fetch_add(1.0)),
        ("phase", |state| state.phase.set(super::Phase::Done)),
    ];
    let fields = changes.map(|(name, _)| segment.field(name));
    let mut waiters: Vec<Process> = fields
        .iter()
        .map(|field| {
            let before = field.get();
            asleep(*field, move || {
                field.wait_until(|bits| bits != before);
            })
        })
        .collect();
    for (i, (_, change)) in changes.iter().enumerate() {
        let events = || fields[i + 1..].iter().map(Field::event);
        let before: Vec<u32> = events().collect();
        change(&state);
        assert_success(waiters.remove(0).wait());
        assert!(before.into_iter().eq(events()), "another field was told");
        for waiter in &waiters {
            assert_eq!(slot::state_of(waiter.id()), "S");
        }
    }
}

/// If it were woken, this would print an event that has moved.
pub(crate) fn a_write_to_one_element_leaves_those_who_wait_for_another_alone() {
    watchdog(60);
    let (state, segment) = stage();
    for (name, wait, others, change) in [
        (
            "many",
            (|s| _ = s.many[1].wait_until(|n| *n == 9)) as Call,
            (|s, n| {
                s.many[0].set(n);
                s.many[2].fetch_add(n);
            }) as fn(&State, u16),
            (|s| s.many[1].set(9)) as Call,
        ),
        (
            "alone",
            |s| _ = s.alone[1].wait_until(|n| *n == 9),
            |s, n| s.alone[0].set(n.into()),
            |s| s.alone[1].set(9),
        ),
    ] {
        let field = segment.element(name, &[1]);
        let waiters = [
            asleep(field, || wait(&state)),
            asleep(field, || _ = field.wait_until(|n| n == 9)),
        ];
        let event = field.event();
        for n in 0..10_000 {
            others(&state, n);
        }
        assert_eq!(field.event(), event, "{name}");
        change(&state);
        for waiter in waiters {
            assert_success(waiter.wait());
        }
        assert!(field.event() > event, "{name}");
    }
}

/// If the panic left anything behind, this would print another panic, or the watchdog's "somebody hangs".
pub(crate) fn a_predicate_that_panics_leaves_the_field_as_good_as_new() {
    watchdog(60);
    let (state, segment) = stage();
    let field = segment.field("step");
    for at in [1, 2] {
        // At the value that is there, and at one that comes when it sleeps.
        let waiter = asleep_unless(at == 1, field, || {
            let panic = panic_of(|| {
                state.step.wait_until(|step| {
                    assert!(*step != at, "not this one");
                    false
                })
            });
            assert_eq!(panic, "not this one");
            state.port.set(at.try_into().expect("small"));
            assert_eq!(state.step.wait_until(|step| *step == 7), 7);
        });
        state.step.set(at);
        let port: u16 = at.try_into().expect("small");
        state.port.wait_until(|now| *now == port);
        let other = asleep(field, || _ = state.step.wait_until(|step| *step == 7));
        state.step.set(7);
        assert_success(other.wait());
        assert_success(waiter.wait());
        assert_eq!(state.step.fetch_add(1), 7);
        state.step.set(1);
    }
}

fn asleep_unless(awake: bool, field: Field<'_>, f: impl FnOnce()) -> Process {
    if awake { start(f) } else { asleep(field, f) }
}

pub(crate) fn a_predicate_may_write_the_field_that_it_waits_for() {
    watchdog(60);
    let (state, segment) = stage();
    let alone = state.step.wait_until(|step| {
        state.step.fetch_add(1);
        *step >= 100
    });
    assert_eq!((alone, state.step.get()), (100, 101));
    // Each wakes the other: so both see every number that they wait for.
    state.big.set(0);
    let field = segment.field("big");
    let last = asleep(field, || _ = field.wait_until(|big| big == 400));
    let takers = [0, 1].map(|parity| {
        let state = &state;
        start(move || {
            state.big.wait_until(|big| {
                if big % 2 == parity && *big < 400 {
                    state.big.fetch_add(1);
                }
                *big >= 399
            });
        })
    });
    for taker in takers {
        assert_success(taker.wait());
    }
    assert_success(last.wait());
}

/// If the segment went with its creator, this would print that a process ended by a signal.
pub(crate) fn the_segment_stays_for_a_waiter_when_its_creator_has_gone() {
    watchdog(60);
    let name = name("gone");
    let (created, tell_created) = pipe();
    let (all_have_it, go) = pipe();
    let creator = start(|| {
        let state = Shared::create(&name, example()).expect("create");
        tell_created.tell();
        all_have_it.wait();
        drop(state);
    });
    created.wait();
    let segment = super::Segment::of(&name);
    let field = segment.field("step");
    let waiter = asleep(field, || {
        let state = Shared::<Signals>::open(&name).expect("open");
        assert_eq!(state.step.wait_until(|step| *step == 2), 2);
        // Now nobody else has it.
        let state_again = state.clone();
        drop(state);
        assert_eq!(state_again.step.get(), 2);
    });
    let (opened, tell_opened) = pipe();
    let (write, tell_write) = pipe();
    let writer = start(|| {
        let state = Shared::<Signals>::open(&name).expect("open");
        tell_opened.tell();
        write.wait();
        state.step.set(2);
    });
    opened.wait();
    go.tell();
    assert_success(creator.wait());
    assert!(Shared::<Signals>::open(&name).is_err(), "the name has gone");
    slot::until_state(waiter.id(), "S");
    tell_write.tell();
    assert_success(writer.wait());
    assert_success(waiter.wait());
}
