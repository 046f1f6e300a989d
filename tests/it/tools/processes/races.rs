//! Processes that look, open, create and remove at the same time.

use std::hint::spin_loop;

use shmstate::processes::{segment, segments};
use shmstate::{CreateError, OpenError, ReadOnly, RemoveError, Shared, remove};

use super::crowd::Crowd;
use super::disturb::lease;
use super::support::{amount, assert_success, name, start, watchdog};
use super::{Words, forge};

/// How often the next two let a segment be opened as it is removed.
fn looked_at() -> u128 {
    amount(40, 200)
}

fn replaced() -> u128 {
    amount(500, 4_000)
}

/// A moment in which others get at it; a processor that is given up does not come back as soon.
fn pause(turns: usize) {
    (0..turns).for_each(|_| spin_loop());
}

/// Processes that open the segment of that name all the time, until `done` is there; what they have opened is
/// not removed as long as they have it, unless its creator does that.
fn open_all_the_time(name: &str, done: &str, is_stale: impl Fn(u128) -> bool) -> String {
    let (mut opened, mut not_there) = (0, 0);
    while forge::inode(done).is_none() {
        match ReadOnly::<Words>::open(name) {
            Ok(state) if is_stale(Shared::id(&state)) => {
                opened += 1;
                for _ in 0..3 {
                    let again = ReadOnly::<Words>::open(name).expect("removed from who had it");
                    let ids = (Shared::id(&again), Shared::id(&state));
                    assert_eq!(ids.0, ids.1, "removed from who had it");
                }
            }
            Ok(_) => {}
            Err(OpenError::NotFound { .. }) => not_there += 1,
            Err(error) => panic!("{error}"),
        }
        pause(2_000);
    }
    assert!(opened > 0, "it was never opened");
    format!("opened {opened} times, not there {not_there} times")
}

/// Runs `remove_it` while two processes open the segment.
fn race(is_stale: impl Fn(u128) -> bool, remove_it: impl FnOnce(&str)) {
    watchdog(500);
    let name = name("raced");
    let done = format!("{name}-done");
    let crowd = Crowd::new(2, |member| {
        member.report(open_all_the_time(&name, &done, &is_stale));
    });
    crowd.go();
    remove_it(&name);
    forge::put(&done, b"");
    println!("{:?}", crowd.reports());
    crowd.end();
    forge::unlink(&done);
    assert_eq!(forge::inode(&name), None);
}

// If wrong: "removed from who had it".
pub(crate) fn one_that_opens_never_loses_it_to_one_that_removes_the_unused() {
    race(
        |_| true,
        |name| {
            for _ in 0..looked_at() {
                let options = Shared::<Words>::creating().lifetime(shmstate::Lifetime::Kept);
                drop(options.create(name, [7; 8]).expect("create"));
                let found = segment(name).expect("nobody else removes it");
                loop {
                    match found.remove_unused() {
                        Ok(()) => break,
                        Err(RemoveError::InUse { .. }) => {}
                        Err(error) => panic!("{error}"),
                    }
                }
            }
        },
    );
}

// If wrong: "removed from who had it".
pub(crate) fn one_that_opens_never_loses_it_to_one_that_replaces_the_stale() {
    race(
        // Those that are replaced have small ids, and those that are created in their place random ones.
        |id| id <= replaced(),
        |name| {
            let template = Shared::create(&format!("{name}-template"), [7_u64; 8]);
            let template = template.expect("create");
            let bytes = forge::bytes(Shared::name(&template).expect("it has one"));
            let mut bytes = bytes.expect("it is there");
            let aside = format!("{name}-aside");
            let mut random = forge::Random::new(4);
            for id in 1..=replaced() {
                bytes[forge::place("id")].copy_from_slice(&id.to_le_bytes());
                forge::seal(&mut bytes);
                forge::put(&aside, &bytes);
                std::fs::rename(forge::path(&aside), forge::path(name)).expect("one folder");
                pause(random.below(10_000));
                let options = Shared::<Words>::creating().fresh();
                loop {
                    match options.create(name, [8; 8]) {
                        Ok(state) => break drop(state),
                        Err(CreateError::AlreadyExists { .. }) => {}
                        Err(error) => panic!("{error}"),
                    }
                }
            }
        },
    );
}

// If wrong: "Resource temporarily unavailable", or another error of a process that only had bad luck; or
// "not replaced, though nobody has it".
pub(crate) fn those_who_look_disturb_nobody() {
    watchdog(500);
    let name = name("looked-at");
    let done = format!("{name}-done");
    let crowd = Crowd::new(2, |member| {
        let own = format!("{name}-{}", std::process::id());
        let stale = format!("{own}-stale");
        for _ in 0..amount(60, 300) {
            let options = Shared::<Words>::creating().lifetime(shmstate::Lifetime::Kept);
            drop(options.create(&own, [7; 8]).expect("create"));
            let taken = options.create(&own, [7; 8]).map(drop);
            assert!(
                matches!(taken, Err(CreateError::AlreadyExists { .. })),
                "{taken:?}"
            );
            drop(Shared::<Words>::open(&own).expect("open"));
            drop(ReadOnly::<Words>::open(&own).expect("open"));
            remove(&own).expect("remove");
            // As a killed process leaves it.
            let forged = forge::segment(&[forge::Entry::new(forge::U8, 0)], b"");
            forge::put(&stale, &forged);
            let options = Shared::<Words>::creating().fresh();
            let state = options.create(&stale, [8; 8]);
            drop(state.expect("not replaced, though nobody has it"));
        }
        member.report("done");
    });
    let looker = start(|| {
        while forge::inode(&done).is_none() {
            segments().expect("nothing is wrong");
        }
    });
    let leasers = crowd.ids().map(|id| {
        let path = forge::path(&format!("{name}-{id}"));
        start(|| {
            while forge::inode(&done).is_none() {
                // As somebody does for a moment who looks whether it is used.
                let _lease = lease(&path);
                pause(500);
            }
        })
    });
    let leasers: Vec<_> = leasers.collect();
    crowd.go();
    crowd.reports();
    crowd.end();
    forge::put(&done, b"");
    for process in leasers.into_iter().chain([looker]) {
        assert_success(process.wait());
    }
    forge::unlink(&done);
}
