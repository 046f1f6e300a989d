//! Many processes that want one name at the same moment.

use shared_testkit::{self as support, Test, crowd, forge, tests};

use std::thread::yield_now;
use std::time::Duration;

use crowd::Crowd;
use shmstate::{
    Access, CreateError, OpenError, ReadOnly, RemoveError, Shared, SharedState, remove,
};
use support::{name, start};

pub(crate) const TESTS: &[Test] = tests![
    of_thirty_two_that_open_or_create_one_initialises_and_all_meet,
    of_thirty_two_creators_one_wins,
    an_opener_never_sees_a_segment_that_is_being_filled,
    of_sixteen_that_replace_a_stale_segment_one_wins,
    those_who_replace_and_those_who_open_meet_in_one_segment,
    a_name_that_changes_hands_all_the_time_is_never_lost_by_who_has_it,
    open_or_create_succeeds_though_the_name_comes_and_goes,
    a_name_removed_all_the_time_is_whole_or_not_there,
];

const CROWD: usize = 32;
const WORDS: usize = 64;

/// Every word says who wrote it.
type Words = [u64; WORDS];

/// Fills the slots so slowly that others get a chance to look.
fn fill(slots: &<Words as SharedState>::Slots, who: u64) {
    for slot in slots {
        slot.set(who);
        yield_now();
    }
}

/// Who wrote all the words.
#[track_caller]
fn author(words: &Words) -> u64 {
    assert!(words[0] != 0, "half-initialised: {words:?}");
    assert!(
        words.iter().all(|w| *w == words[0]),
        "half-initialised: {words:?}"
    );
    words[0]
}

fn me() -> u64 {
    u64::from(std::process::id())
}

/// What is reported of a segment: who initialised it, and which it is.
fn seen<A: Access>(state: &Shared<Words, A>) -> String {
    format!("{} {:032x}", author(&state.snapshot()), Shared::id(state))
}

// If wrong: "half-initialised: [412, 412, 0, ...", or two instances.
fn of_thirty_two_that_open_or_create_one_initialises_and_all_meet() {
    for round in 0..30 {
        let name = name(&format!("meet-{round}"));
        let crowd = Crowd::new(CROWD, |member| {
            let state = Shared::<Words>::open_or_create_with(&name, |slots| fill(slots, me()));
            let state = state.expect("one creates, the others open");
            member.report(seen(&state));
        });
        crowd.go();
        let reports = crowd.reports();
        assert!(reports.iter().all(|r| *r == reports[0]), "{reports:?}");
        let one_of_them = |id: u32| reports[0].starts_with(&format!("{id} "));
        assert!(crowd.ids().any(one_of_them), "{reports:?}");
        assert!(forge::inode(&name).is_some());
        crowd.end();
        // Whoever created it has removed it, and the losers left nothing.
        assert_eq!(forge::inode(&name), None);
    }
}

const LOST: &str = "lost";

/// Of those who reported, one has what the name means.
#[track_caller]
fn check_winner(name: &str, reports: &[String]) {
    let winners: Vec<&String> = reports.iter().filter(|r| *r != LOST).collect();
    assert_eq!(winners.len(), 1, "{} winners", winners.len());
    let state = ReadOnly::<Words>::open(name).expect("the winner's");
    assert_eq!(&seen(&state), winners[0]);
}

// If wrong: "2 winners".
fn of_thirty_two_creators_one_wins() {
    for round in 0..30 {
        let name = name(&format!("create-{round}"));
        let crowd = Crowd::new(CROWD, |member| {
            match Shared::<Words>::create_with(&name, |slots| fill(slots, me())) {
                Ok(state) => member.report(seen(&state)),
                Err(CreateError::AlreadyExists { .. }) => member.report(LOST),
                Err(error) => panic!("{error}"),
            }
        });
        crowd.go();
        check_winner(&name, &crowd.reports());
        for id in crowd.ids() {
            let left = forge::half_built(id);
            assert!(left.is_empty(), "a loser left {left:?}");
        }
        crowd.end();
        assert_eq!(forge::inode(&name), None);
    }
}

// If wrong: "half-initialised", or `TooShort` of a file that has its name before its length.
fn an_opener_never_sees_a_segment_that_is_being_filled() {
    for round in 0..20 {
        let name = name(&format!("activate-{round}"));
        let crowd = Crowd::new(16, |member| {
            let wait = Duration::from_mins(10);
            let patient = || Shared::<Words>::opening().wait(wait).open(&name);
            // Half of them look all the time, the others as `wait` does.
            let state = if me().is_multiple_of(2) {
                patient()
            } else {
                loop {
                    match Shared::<Words>::open(&name) {
                        Err(OpenError::NotFound { .. }) => yield_now(),
                        other => break other,
                    }
                }
            };
            let state = state.expect("not there, or whole");
            member.report(seen(&state));
        });
        crowd.go();
        let state = Shared::<Words>::create_with(&name, |slots| fill(slots, me()));
        let state = state.expect("nobody else creates it");
        let reports = crowd.reports();
        assert!(reports.iter().all(|r| *r == seen(&state)), "{reports:?}");
        crowd.end();
    }
}

/// Leaves a segment whose creator was killed.
fn leave_stale(name: &str) {
    let creator = start(|| {
        let state = Shared::<Words>::create_with(name, |slots| fill(slots, me()));
        core::mem::forget(state.expect("create"));
        support::kill_self(libc::SIGKILL);
    });
    creator.wait();
}

// If wrong: "2 winners", or none.
fn of_sixteen_that_replace_a_stale_segment_one_wins() {
    for round in 0..30 {
        let name = name(&format!("stale-{round}"));
        leave_stale(&name);
        assert!(
            forge::inode(&name).is_some(),
            "the killed creator's name stays"
        );
        let crowd = Crowd::new(16, |member| {
            let options = Shared::<Words>::creating().fresh();
            match options.create_with(&name, |slots| fill(slots, me())) {
                Ok(state) => member.report(seen(&state)),
                Err(CreateError::AlreadyExists { .. }) => member.report(LOST),
                Err(error) => panic!("{error}"),
            }
        });
        crowd.go();
        check_winner(&name, &crowd.reports());
        crowd.end();
        assert_eq!(forge::inode(&name), None);
    }
}

// If wrong: two instances: somebody opened the stale segment as another replaced it.
fn those_who_replace_and_those_who_open_meet_in_one_segment() {
    for round in 0..20 {
        let name = name(&format!("meet-{round}"));
        leave_stale(&name);
        let crowd = Crowd::new(8, |member| {
            let replacing = me().is_multiple_of(2);
            let options = Shared::<Words>::creating().fresh();
            loop {
                let result = if replacing {
                    options.create_with(&name, |slots| fill(slots, me()))
                } else {
                    Shared::<Words>::open(&name).map_err(CreateError::Open)
                };
                match result {
                    Ok(state) => break member.report(seen(&state)),
                    Err(CreateError::AlreadyExists { .. }) => break member.report(LOST),
                    Err(CreateError::Open(OpenError::NotFound { .. })) => yield_now(),
                    Err(error) => panic!("{error}"),
                }
            }
        });
        crowd.go();
        let mut seen = crowd.reports();
        seen.retain(|report| report != LOST);
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 1, "in round {round}: {seen:?}");
        crowd.end();
        // Whose creator it was has removed it, unless it is still the stale one.
        let _ = remove(&name);
    }
}

// If wrong: "another removed it": two had the name at once, or a drop took it from its next owner.
fn a_name_that_changes_hands_all_the_time_is_never_lost_by_who_has_it() {
    let name = name("hands");
    let crowd = Crowd::new(8, |member| {
        let mut created = 0;
        let mut turns = 0;
        while created < 100 {
            turns += 1;
            let options = Shared::<Words>::creating();
            let options = if turns % 2 == 0 {
                options.fresh()
            } else {
                options
            };
            match options.create_with(&name, |slots| fill(slots, me())) {
                Ok(state) => {
                    created += 1;
                    for _ in 0..3 {
                        let found = ReadOnly::<Words>::open(&name);
                        let found = found.expect("another removed it");
                        assert_eq!(Shared::id(&found), Shared::id(&state));
                        assert_eq!(author(&found.snapshot()), me());
                        yield_now();
                    }
                    // Half of the drops come when the name may be another's already.
                    if created % 2 == 0 {
                        remove(&name).expect("another removed it");
                        yield_now();
                    }
                }
                Err(CreateError::AlreadyExists { .. }) => yield_now(),
                Err(error) => panic!("{error}"),
            }
        }
        member.report("done");
    });
    crowd.go();
    crowd.reports();
    crowd.end();
    assert_eq!(forge::inode(&name), None);
}

// If wrong: "it exists already", though it does not, or no longer does.
fn open_or_create_succeeds_though_the_name_comes_and_goes() {
    let name = name("comes-and-goes");
    let crowd = Crowd::new(8, |member| {
        for _ in 0..300 {
            let state = Shared::<Words>::open_or_create_with(&name, |slots| fill(slots, me()));
            let state = state.expect("open_or_create");
            author(&state.snapshot());
        }
        member.report("done");
    });
    crowd.go();
    crowd.reports();
    crowd.end();
    assert_eq!(forge::inode(&name), None);
}

// If wrong: an error other than that it is not there, or words of two authors.
fn a_name_removed_all_the_time_is_whole_or_not_there() {
    let name = name("removed");
    let crowd = Crowd::new(8, |member| {
        for turn in 0..300 {
            match (me() + turn) % 4 {
                0 => match Shared::<Words>::create_with(&name, |slots| fill(slots, me())) {
                    // Others may remove the name, but not what it meant.
                    Ok(state) => assert_eq!(author(&state.snapshot()), me()),
                    Err(CreateError::AlreadyExists { .. }) => {}
                    Err(error) => panic!("{error}"),
                },
                1 => {
                    let options = Shared::<Words>::creating().lifetime(shmstate::Lifetime::Kept);
                    match options.create_with(&name, |slots| fill(slots, me())) {
                        Ok(state) => assert_eq!(author(&state.snapshot()), me()),
                        Err(CreateError::AlreadyExists { .. }) => {}
                        Err(error) => panic!("{error}"),
                    }
                }
                2 => match remove(&name) {
                    Ok(()) | Err(RemoveError::NotFound { .. }) => {}
                    Err(error) => panic!("{error}"),
                },
                _ => match Shared::<Words>::open(&name) {
                    Ok(state) => drop(author(&state.snapshot())),
                    Err(OpenError::NotFound { .. }) => {}
                    Err(error) => panic!("{error}"),
                },
            }
        }
        member.report("done");
    });
    crowd.go();
    crowd.reports();
    crowd.end();
    let _ = remove(&name);
}
