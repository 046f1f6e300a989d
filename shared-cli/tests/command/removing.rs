//! `shmstate rm` and `shmstate gc`

use shmstate::Shared;

use crate::forge;
use crate::slot::until_state;
use crate::support::{Process, name, pipe, start};
use crate::tool;

/// A process that has made a segment, and does nothing more.
fn owner(name: &str, keeps_name: bool) -> Process {
    let (made, tell) = pipe();
    let name = name.to_owned();
    let process = start(move || {
        let options = Shared::<u64>::options().keep_name(keeps_name);
        let _state = options.create(&name, 7).expect("a segment");
        tell.tell();
        loop {
            std::thread::park();
        }
    });
    made.wait();
    process
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
    let name = name("stopped");
    let owner = owner(&name, false);
    owner.signal(libc::SIGSTOP);
    until_state(owner.id(), "T");
    tool::error(&["rm", &name], 3);
    tool::run(&["gc"]);
    assert!(exists(&name));
    owner.kill();
    tool::insist(&["rm", &name]);
    assert!(!exists(&name));
}

pub(crate) fn what_nobody_has_is_removed() {
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

pub(crate) fn only_what_killed_programs_have_left_is_collected() {
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
    // Of each it is told what is done and why, unless another process looks at it at that moment.
    let gc = |arguments: &[&str]| loop {
        let told = tool::run(arguments).out;
        let lines = [&stale, &kept, &damaged].map(|name| line(&told, name));
        if let [Some(stale), Some(kept), Some(damaged)] = lines
            && !stale.contains("in use")
        {
            assert_eq!(line(&told, &live), None);
            return [stale, kept, damaged];
        }
    };
    let [would, ..] = gc(&["gc", "--dry-run"]);
    assert!(would.starts_with("would remove segment"), "{would}");
    assert!(would.contains("stale: no process has it"), "{would}");
    assert!(exists(&stale));

    // Another test's, or another program's, may go with it: those are left over, too.
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
    for name in [kept, damaged] {
        tool::insist(&["rm", &name]);
    }
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
    let told = tool::run(&["gc"]);
    assert!(!told.out.contains(&name), "{told:?}");
    assert!(!tool::out(&["ls"]).contains(&name));
    assert_eq!(
        forge::bytes(&name).expect("it is there"),
        b"somebody else's memory"
    );
    forge::unlink(&name);
}
