//! `shmstate rm` and `shmstate gc`

use shmstate::Shared;

use crate::forge;
use crate::os;
use crate::slot::until_state;
use crate::support::{Process, name, pipe, skip, start, watchdog};
use crate::tool;

/// A process that has made a segment, and does nothing more.
fn owner(name: &str, keeps_name: bool) -> Process {
    let (made, tell) = pipe();
    let name = name.to_owned();
    let process = start(move || {
        let lifetime = if keeps_name {
            shmstate::Lifetime::Kept
        } else {
            shmstate::Lifetime::Creator
        };
        let options = Shared::<u64>::creating().lifetime(lifetime);
        let _state = options.create(&name, 7).expect("a segment");
        tell.tell();
        loop {
            std::thread::park();
        }
    });
    made.wait();
    process
}

/// Gives this process a `/dev/shm` of its own: what others have left on this machine is theirs.
fn room_of_our_own() {
    let room = os::private_mounts().and_then(|()| os::mount("none", "/dev/shm", "tmpfs", 0, ""));
    if let Err(error) = room {
        skip(&format!(
            "mounting a /dev/shm for the test alone is not permitted here: {error}"
        ));
    }
}

fn exists(name: &str) -> bool {
    forge::bytes(name).is_some()
}

pub(crate) fn what_is_in_use_is_not_removed_unless_forced() {
    let name = name("used");
    let state = Shared::create(&name, 7_u64).expect("a segment");
    let message = tool::error(&["rm", &name], 3);
    let me = std::process::id();
    assert!(
        message.starts_with(&format!("segment `{name}` is in use by {me} ")),
        "{message}"
    );
    assert!(message.contains("`--force`"), "{message}");
    assert!(exists(&name));
    let told = tool::out(&["rm", "--force", &name]);
    assert!(
        told.starts_with(&format!("removed segment `{name}` (")),
        "{told}"
    );
    assert!(!exists(&name));
    // Whoever has it keeps it.
    state.set(8);
    assert_eq!(state.get(), 8);
    let absent = tool::error(&["rm", &name], 1);
    assert!(
        absent.starts_with(&format!("no segment named `{name}`")),
        "{absent}"
    );
}

// If only running processes counted, the segment would be gone, and this would print so.
pub(crate) fn a_stopped_process_uses_its_segments() {
    watchdog(60);
    let name = name("stopped");
    let owner = owner(&name, false);
    owner.signal(libc::SIGSTOP);
    until_state(owner.id(), "T");
    tool::error(&["rm", &name], 3);
    assert!(!tool::out(&["gc", "--dry-run"]).contains(&name));
    owner.kill();
    tool::insist(&["rm", &name]);
    assert!(!exists(&name));
}

pub(crate) fn what_nobody_has_is_removed() {
    watchdog(60);
    let (stale, kept, damaged) = (name("stale"), name("kept"), name("damaged"));
    owner(&stale, false).kill();
    owner(&kept, true).kill();
    owner(&damaged, false).kill();
    let mut bytes = forge::bytes(&damaged).expect("it is there");
    forge::set(&mut bytes, "table_entries", 0);
    forge::put(&damaged, &bytes);
    for name in [&stale, &kept, &damaged] {
        let told = tool::insist(&["rm", name]);
        assert!(told.contains(&format!("segment `{name}`")), "{told}");
        assert!(!exists(name));
    }
}

pub(crate) fn several_are_removed_and_each_failure_is_told() {
    watchdog(60);
    let (stale, used, absent) = (name("stale"), name("used"), name("absent"));
    owner(&stale, false).kill();
    let _used = Shared::create(&used, 7_u64).expect("a segment");
    let ran = tool::run(&["rm", &used, &absent]);
    // An error counts more than what may succeed later.
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert_eq!(ran.err.lines().count(), 2, "{ran:?}");
    // What can be removed is, whatever else fails.
    while exists(&stale) {
        assert_eq!(tool::run(&["rm", &used, &stale]).code, Some(3));
    }
    assert!(exists(&used));
}

// If a kept, damaged or living one were taken, it would not be there, and this would print so.
pub(crate) fn only_what_killed_programs_have_left_is_collected() {
    watchdog(60);
    room_of_our_own();
    let (stale, kept, damaged, live) = (name("stale"), name("kept"), name("damaged"), name("live"));
    owner(&stale, false).kill();
    owner(&kept, true).kill();
    owner(&damaged, false).kill();
    let mut bytes = forge::bytes(&damaged).expect("it is there");
    forge::set(&mut bytes, "table_entries", 0);
    forge::put(&damaged, &bytes);
    let _live = Shared::create(&live, 7_u64).expect("a segment");
    let line = |text: &str, name: &str| {
        let line = text
            .lines()
            .find(|line| line.contains(&format!("`{name}`")));
        line.map(str::to_owned)
    };
    // Of each it is told what is done, and why.
    let gc = |arguments: &[&str]| {
        let told = tool::out(arguments);
        assert_eq!(line(&told, &live), None);
        [&stale, &kept, &damaged].map(|name| line(&told, name).expect("it is told"))
    };
    let [would, ..] = gc(&["gc", "--dry-run"]);
    assert!(would.starts_with("would remove segment"), "{would}");
    assert!(would.contains("stale: no process has it"), "{would}");
    assert!(exists(&stale) && exists(&kept));

    let [removed, kept_left, damaged_left] = gc(&["gc"]);
    assert!(removed.starts_with("removed segment"), "{removed}");
    assert!(!exists(&stale));
    assert!(
        kept_left.starts_with("left segment") && kept_left.contains("its name is meant to stay"),
        "{kept_left}"
    );
    assert!(
        damaged_left.starts_with("left segment") && damaged_left.contains("unreadable"),
        "{damaged_left}"
    );
    assert!(exists(&kept) && exists(&damaged) && exists(&live));
    let again = tool::out(&["gc"]);
    assert!(again.ends_with("nothing to remove\n"), "{again}");
}

pub(crate) fn files_of_others_are_left_alone() {
    let name = name("foreign");
    forge::put(&name, b"somebody else's memory");
    for arguments in [&["rm", &name][..], &["rm", "--force", &name]] {
        let message = tool::error(arguments, 1);
        assert!(
            message.contains(&name) && message.contains("another program's memory"),
            "{message}"
        );
    }
    assert!(!tool::out(&["gc", "--dry-run"]).contains(&name));
    assert!(!tool::out(&["ls"]).contains(&name));
    assert_eq!(
        forge::bytes(&name).expect("it is there"),
        b"somebody else's memory"
    );
    forge::unlink(&name);
}

pub(crate) fn what_has_no_name_is_not_removed() {
    let _state = Shared::new(7_u64).expect("a segment");
    let list = tool::json(&["ls", "--json"]);
    let me = std::process::id();
    let mine = |object: &&serde_json::Value| {
        object["place"] == "anonymous" && object["creator"]["pid"] == me
    };
    let found = list.as_array().expect("an array").iter().find(mine);
    let found = found.unwrap_or_else(|| panic!("{list}"));
    // Another one that looks at all segments may have it for a moment, too.
    let processes = found["processes"].as_array().expect("an array");
    let mine = processes.iter().find(|process| process["pid"] == me);
    let name = format!(
        "/proc/{me}/fd/{}",
        mine.expect("it has it")["descriptors"][0]
    );
    for arguments in [&["rm", &name][..], &["rm", "--force", &name]] {
        let message = tool::error(arguments, 3);
        let told = "it has no name to remove, and is freed when its processes end";
        assert!(message.ends_with(told), "{message}");
    }
}
