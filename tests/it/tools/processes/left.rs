//! What is left over, and what may be removed of it.

use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::time::Instant;

use shmstate::processes::{Liveness, Place, SegmentInfo, segment, segments};
use shmstate::{CreateError, ReadOnly, RemoveError, Shared, remove};

use super::support::{self, name, pipe, start};
use super::{Words, create, forge, holder, leave, liveness, look, pids, slot, transit};

/// It is not removed, and stays as it is.
#[track_caller]
fn in_use(found: &SegmentInfo, name: &str) {
    let before = forge::inode(name).expect("it is there");
    match found.remove_unused() {
        Err(error @ RemoveError::InUse { .. }) => {
            let text = format!("segment `{name}` is in use");
            assert!(error.to_string().starts_with(&text), "{error}");
        }
        other => panic!("removed, in use: {other:?}"),
    }
    assert_eq!(forge::inode(name), Some(before), "removed, in use");
}

/// It is removed, and not there the second time.
#[track_caller]
fn goes(found: &SegmentInfo, name: &str) {
    found.remove_unused().expect("nobody has it");
    assert_eq!(forge::inode(name), None);
    let again = found.remove_unused();
    assert!(
        matches!(again, Err(RemoveError::NotFound { .. })),
        "{again:?}"
    );
}

// If wrong: "Live" where all are dead, or "Stale" where one lives.
pub(crate) fn what_all_killed_processes_have_left_is_stale() {
    let name = name("killed");
    let creator = holder(|| create(&name));
    let attached = [
        holder(|| Shared::<Words>::open(&name).map(drop)),
        holder(|| Shared::<Words>::open(&name)),
        holder(|| ReadOnly::<Words>::open(&name)),
    ];
    creator.kill();
    for process in attached {
        assert_eq!(liveness(&name), Liveness::Live);
        process.kill();
    }
    let found = look(&name);
    assert_eq!(found.liveness, Liveness::Stale);
    let description = found.description.as_ref().expect("it is whole");
    assert_eq!(description.creator_lives, Some(false));
    goes(&found, &name);
}

pub(crate) fn a_kept_segment_is_no_garbage() {
    let name = name("kept");
    let options = Shared::<Words>::creating().lifetime(shmstate::Lifetime::Kept);
    let state = options.create(&name, [7; 8]).expect("create");
    let found = look(&name);
    assert_eq!(found.liveness, Liveness::Live);
    assert!(found.description.expect("it is whole").keeps_name);
    drop(state);
    let found = look(&name);
    assert_eq!(found.liveness, Liveness::Kept);
    assert!(found.liveness.to_string().contains("meant to stay"));
    // Whoever wants it gone can have that.
    goes(&found, &name);
}

// If wrong: "Stale" of one that is being built, which is then removed under its builder's hands.
pub(crate) fn a_half_built_segment_is_stale_once_its_creator_is_dead() {
    let name = name("built");
    let (filling, tell) = pipe();
    let builder = start(|| {
        drop(Shared::<Words>::create_with(&name, |_| {
            tell.tell();
            super::wait_for_the_end();
        }));
    });
    filling.wait();
    let files = forge::half_built(builder.id());
    assert_eq!(files.len(), 1);
    let file = &files[0];
    let of_file = || {
        let all = segments().expect("/proc is mounted");
        let is_it = |s: &SegmentInfo| s.place == Place::Unfinished { name: file.clone() };
        all.into_iter().find(is_it).expect("it is listed")
    };
    let found = of_file();
    assert_eq!(pids(&found.processes), [builder.id()]);
    assert_eq!(found.liveness, Liveness::Live);
    assert!(matches!(
        found.remove_unused(),
        Err(RemoveError::InUse { .. })
    ));
    // By name it is not found: nobody may open it.
    assert!(segment(file).is_err());
    builder.kill();
    let found = of_file();
    assert_eq!(found.liveness, Liveness::Stale);
    goes(&found, file);
}

pub(crate) fn a_creator_is_known_by_its_start() {
    let name = name("start");
    let state = create(&name);
    let lives = || look(&name).description.expect("it is whole").creator_lives;
    assert_eq!(lives(), Some(true));
    let forge = |field, value| {
        let mut bytes = forge::bytes(&name).expect("it is there");
        forge::set(&mut bytes, field, value);
        forge::seal(&mut bytes);
        // The same file: it stays mapped.
        forge::put(&name, &bytes);
    };
    let bytes = forge::bytes(&name).expect("it is there");
    let start = forge::get(&bytes, "creator_start");
    // As another process that has the number by now.
    forge("creator_start", start + 1);
    assert_eq!(lives(), Some(false));
    forge("creator_start", start);
    forge("pid_namespace", 1);
    assert_eq!(lives(), None);
    drop(state);
}

// If wrong: "removed, in use".
pub(crate) fn a_segment_that_is_used_is_not_removed() {
    let name = name("used");
    leave(&name);
    let stale = look(&name);
    assert_eq!(stale.liveness, Liveness::Stale);
    let holders: [&dyn Fn() -> support::Process; 5] = [
        &|| holder(|| Shared::<Words>::open(&name).expect("open")),
        &|| holder(|| ReadOnly::<Words>::open(&name).expect("open")),
        &|| holder(|| Shared::<Words>::open(&name).expect("open").read_only()),
        &|| holder(|| File::open(forge::path(&name)).expect("open")),
        &|| {
            let stopped = holder(|| Shared::<Words>::open(&name).expect("open"));
            stopped.signal(libc::SIGSTOP);
            slot::until_state(stopped.id(), "T");
            stopped
        },
    ];
    for hold in holders {
        let process = hold();
        // Though it was found to be stale before.
        in_use(&stale, &name);
        in_use(&look(&name), &name);
        process.kill();
    }
    let own = Shared::<Words>::open(&name).expect("open");
    in_use(&stale, &name);
    drop(own);
    goes(&stale, &name);
}

// If wrong: the second one is gone.
pub(crate) fn the_next_segment_of_the_name_is_not_removed() {
    let name = name("next");
    leave(&name);
    let first = look(&name);
    // While the first file lives, the next cannot have its number.
    let open = File::open(forge::path(&name)).expect("open");
    remove(&name).expect("it is there");
    leave(&name);
    let second = look(&name);
    let result = first.remove_unused();
    assert!(
        matches!(result, Err(RemoveError::NotFound { .. })),
        "{result:?}"
    );
    assert_eq!(liveness(&name), Liveness::Stale);
    drop(open);
    goes(&second, &name);
}

// If wrong: "Stale": a descriptor in a socket, which no process shows, was overlooked.
pub(crate) fn what_cannot_be_seen_is_still_in_use() {
    let name = name("unseen");
    leave(&name);
    let file = File::open(forge::path(&name)).expect("open");
    let in_transit = transit::send_to_nobody(&file);
    drop(file);
    let found = look(&name);
    assert!(pids(&found.processes).is_empty());
    assert_eq!(found.liveness, Liveness::Unseen);
    in_use(&found, &name);
    drop(in_transit);
    let found = look(&name);
    assert_eq!(found.liveness, Liveness::Stale);
    goes(&found, &name);
}

/// Whether it is stale, and whether it is replaced.
#[track_caller]
fn agree(name: &str, expected: bool) {
    assert_eq!(
        liveness(name) == Liveness::Stale,
        expected,
        "{:?}",
        liveness(name)
    );
    let options = Shared::<Words>::creating().fresh();
    match options.create(name, [8; 8]) {
        Ok(_) => assert!(expected, "replaced"),
        Err(CreateError::AlreadyExists { .. }) => assert!(!expected, "not replaced"),
        Err(error) => panic!("{error}"),
    }
}

// If wrong: it is replaced and not stale, or the other way round.
pub(crate) fn replacing_and_looking_agree() {
    let name = name("replace");
    let creator = holder(|| create(&name));
    agree(&name, false);
    creator.signal(libc::SIGSTOP);
    agree(&name, false);
    creator.signal(libc::SIGKILL);
    slot::until_state(creator.id(), "Z");
    agree(&name, true);
    creator.wait();

    leave(&name);
    let open = holder(|| File::open(forge::path(&name)).expect("open"));
    agree(&name, false);
    open.kill();
    let mut bytes = forge::bytes(&name).expect("it is there");
    bytes[184] ^= 1;
    forge::put(&name, &bytes);
    agree(&name, false);
    bytes[184] ^= 1;
    forge::put(&name, &bytes);
    agree(&name, true);

    let options = Shared::<Words>::creating().lifetime(shmstate::Lifetime::Kept);
    drop(options.create(&name, [7; 8]).expect("create"));
    // Kept is not stale, and is replaced all the same where that is asked for.
    assert_eq!(liveness(&name), Liveness::Kept);
    let fresh = Shared::<Words>::creating().fresh();
    drop(fresh.create(&name, [8; 8]).expect("nobody has it"));
    assert_eq!(forge::inode(&name), None);
}

pub(crate) fn a_look_changes_nothing() {
    let name = name("looked-at");
    leave(&name);
    let anonymous = Shared::new([7_u64; 8]).expect("new");
    let before = || {
        let stat = fs::metadata(forge::path(&name)).expect("it is there");
        let times = (
            stat.mtime(),
            stat.mtime_nsec(),
            stat.ctime(),
            stat.ctime_nsec(),
        );
        let file = (stat.ino(), stat.mode(), stat.nlink(), stat.blocks(), times);
        let mine = (support::descriptors(), support::mappings());
        (file, forge::bytes(&name), mine)
    };
    let first = before();
    for _ in 0..10 {
        look(&name);
        Shared::processes(&anonymous).expect("/proc is mounted");
    }
    assert_eq!(before(), first);
    remove(&name).expect("it is there");
}

// If wrong: fewer are listed, or the watchdog ends it.
pub(crate) fn a_thousand_segments_are_listed_in_one_go() {
    const MANY: usize = 1_000;
    support::watchdog(100);
    let prefix = name("many-");
    let of = |i: usize| format!("{prefix}{i:03}");
    holder(|| {
        let states = (0..MANY).map(|i| create(&of(i)));
        states.collect::<Vec<_>>()
    })
    .kill();
    // Half are used, by a process each for ten of them.
    let holders: Vec<_> = (0..MANY / 2)
        .step_by(10)
        .map(|first| {
            let open = |i| Shared::<Words>::open(&of(i)).expect("open");
            holder(|| (first..first + 10).map(open).collect::<Vec<_>>())
        })
        .collect();
    let start = Instant::now();
    let mut all = segments().expect("/proc is mounted");
    println!("{} segments in {:?}", all.len(), start.elapsed());
    all.retain(
        |segment| matches!(&segment.place, Place::Named { name } if name.starts_with(&prefix)),
    );
    assert_eq!(all.len(), MANY);
    for (i, segment) in all.iter().enumerate() {
        assert_eq!(segment.place, Place::Named { name: of(i) });
        let (expected, liveness) = match holders.get(i / 10) {
            Some(holder) => (vec![holder.id()], Liveness::Live),
            None => (vec![], Liveness::Stale),
        };
        assert_eq!(pids(&segment.processes), expected);
        assert_eq!(segment.liveness, liveness);
    }
    for holder in holders {
        holder.kill();
    }
    for segment in &all {
        segment.remove_unused().expect("nobody has it");
    }
}
