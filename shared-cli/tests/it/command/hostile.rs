//! Segments that are not as they should be: messages, and nothing worse.

use std::fs::OpenOptions;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use shmstate::Shared;

use crate::forge::{self, Random};
use crate::kinds;
use crate::os;
use crate::support::{assert_success, in_child, name, skip, watchdog};
use crate::tool::{self, Ran};

/// Commands that look at a segment, each of which ends by itself.
fn looks(name: &str) -> Vec<Ran> {
    let commands: [&[&str]; 8] = [
        &["show", name],
        &["show", name, "--json"],
        &["show", name, "--raw", "--all"],
        &["export", "--prometheus", name],
        &["set", name, "tiny", "1", "--timeout", "10ms"],
        &["add", name, "window.low", "1", "--timeout", "10ms"],
        &["wait", name, "tiny", "== 1", "--timeout", "10ms"],
        &["ls"],
    ];
    commands
        .iter()
        .map(|arguments| tool::run(arguments))
        .collect()
}

/// Fails if one has ended otherwise than by its own will, or has written what a terminal would take for a command.
#[track_caller]
fn assert_well_behaved(ran: &Ran) {
    assert!(
        ran.code.is_some_and(|code| (0..=3).contains(&code)),
        "{ran:?}"
    );
    assert!(!ran.err.contains("panicked"), "{ran:?}");
    let is_odd = |c: char| c.is_control() && c != '\n';
    assert!(
        !ran.out.contains(is_odd) && !ran.err.contains(is_odd),
        "{ran:?}"
    );
}

pub(crate) fn a_segment_in_a_newer_format_says_which_version_reads_it() {
    let name = name("newer");
    let state = Shared::create(&name, kinds::example()).expect("a segment");
    let mut bytes = forge::bytes(&name).expect("it is there");
    forge::set(&mut bytes, "version", 2);
    forge::seal(&mut bytes);
    forge::put(&name, &bytes);
    for command in [
        &["show", &name][..],
        &["set", &name, "tiny", "1"],
        &["top", &name],
    ] {
        let ran = tool::run(command);
        assert_eq!(ran.code, Some(1));
        if command[0] != "top" {
            let expected = format!(
                "shmstate: segment `{name}` has format 2, and this is shmstate {}, which reads up to format 1: install the version of `shmstate` that the program was built with that created the segment, or a later one\n",
                env!("CARGO_PKG_VERSION")
            );
            assert_eq!(ran.err, expected);
        }
    }
    let list = tool::out(&["ls"]);
    let row = list
        .lines()
        .find(|line| line.starts_with(&name))
        .expect("it is listed");
    assert!(row.contains("it has format 2"), "{row}");
    drop(state);
}

pub(crate) fn damaged_segments_are_errors_that_name_them() {
    let name = name("damaged");
    let state = Shared::create(&name, kinds::example()).expect("a segment");
    let whole = forge::bytes(&name).expect("it is there");
    std::mem::forget(state); // its header is about to go
    for (field, _) in forge::FIELDS {
        for value in [0, 1, u64::MAX] {
            let mut bytes = whole.clone();
            forge::set(&mut bytes, field, value);
            forge::seal(&mut bytes);
            forge::put(&name, &bytes);
            let ran = tool::run(&["show", &name]);
            assert_well_behaved(&ran);
            if ran.code != Some(0) {
                assert!(
                    ran.err.contains(&format!("segment `{name}`")),
                    "{field} {value}: {ran:?}"
                );
            }
        }
    }
    let file = OpenOptions::new()
        .write(true)
        .open(forge::path(&name))
        .expect("it is ours");
    forge::put(&name, &whole);
    for length in [whole.len() - 8, 200, 192, 100, 8, 0] {
        file.set_len(length as u64).expect("it is ours");
        for ran in looks(&name) {
            assert_well_behaved(&ran);
        }
    }
    forge::unlink(&name);
}

// If some byte were trusted, this would print that a command has panicked, or ended by a signal.
pub(crate) fn scribbled_segments_are_shown_as_far_as_they_go() {
    watchdog(300);
    let name = name("scribbled");
    let state = Shared::create(&name, kinds::example()).expect("a segment");
    let whole = forge::bytes(&name).expect("it is there");
    std::mem::forget(state);
    let slots = usize::try_from(forge::get(&whole, "slots_offset")).expect("it fits");
    let table = usize::try_from(forge::get(&whole, "table_offset")).expect("it fits");
    let mut random = Random::new(6);
    let mut refused = 0;
    for round in 0..24 {
        let mut bytes = whole.clone();
        let target = match round % 3 {
            // All of the slots; a few bytes of them; and of the table, made to look whole.
            0 => {
                let len = bytes.len() - slots;
                bytes[slots..].copy_from_slice(&random.bytes(len));
                slots
            }
            1 => slots,
            _ => table,
        };
        for _ in 0..6 {
            let at = target
                + random.below(if target == table {
                    slots - table
                } else {
                    bytes.len() - slots
                });
            bytes[at] = random.next().to_le_bytes()[0];
        }
        forge::seal_all(&mut bytes);
        forge::put(&name, &bytes);
        for ran in looks(&name) {
            assert_well_behaved(&ran);
            refused += usize::from(ran.code == Some(1));
        }
    }
    assert!(refused > 0, "nothing was scribbled over");
    forge::unlink(&name);
}

pub(crate) fn forged_names_and_texts_move_no_cursor() {
    let name = name("names");
    let state = Shared::create(&name, kinds::example()).expect("a segment");
    state
        .label
        .set("\u{1b}[2J\u{9b}3J\r\u{202e}")
        .expect("it fits");
    let mut bytes = forge::bytes(&name).expect("it is there");
    // Names of fields: of the same length, or they would overlap.
    for (from, to) in [
        (&b"label"[..], &b"\x1b[2Jl"[..]),
        (b"Everything", b"\x1b]0;title\x07"),
        (b"Busy", b"\x1b[0m"),
    ] {
        let at = bytes
            .windows(from.len())
            .position(|window| window == from)
            .expect("it is there");
        bytes[at..at + to.len()].copy_from_slice(to);
    }
    forge::seal_all(&mut bytes);
    forge::put(&name, &bytes);
    for ran in looks(&name) {
        assert_well_behaved(&ran);
    }
    let shown = tool::out(&["show", &name]);
    assert!(
        shown.contains("\\u{1b}[2Jl") && shown.contains("\\u{202e}"),
        "{shown}"
    );
    drop(state);
}

pub(crate) fn a_segment_of_another_user_is_refused_unless_trusted() {
    if !os::is_root() {
        skip("it becomes another user, which takes root");
    }
    let name = name("other");
    let status = in_child(|| {
        os::become_user(65_534);
        let state = Shared::create(&name, 7_u64).expect("a segment");
        std::mem::forget(state);
    });
    assert_success(status);
    let message = tool::error(&["show", &name], 1);
    assert!(message.contains("belongs to user 65534"), "{message}");
    assert!(message.ends_with("add `--foreign-owner`"), "{message}");
    let shown = tool::out(&["show", &name, "--values", "--foreign-owner"]);
    assert_eq!(shown, "7\n");
    // It is listed all the same: nothing is mapped for that.
    assert!(tool::out(&["ls"]).contains(&name));
    shmstate::remove(&name).expect("root may");
}

// Without a handler, it would end by `SIGBUS`, and this print that there is no exit status.
pub(crate) fn a_segment_that_is_cut_short_ends_with_a_message() {
    watchdog(60);
    let name = name("short");
    let state = Shared::<[u64; 1_000_000]>::create_zeroed(&name).expect("a segment");
    let mut child = tool::command(&["show", &name, "--values"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the tool starts");
    // It has the segment, and waits for this to read on.
    let mut stdout = BufReader::new(child.stdout.take().expect("it is piped"));
    stdout.read_line(&mut String::new()).expect("it writes");
    let file = OpenOptions::new().write(true).open(forge::path(&name));
    file.and_then(|file| file.set_len(4096))
        .expect("it is ours");
    std::io::copy(&mut stdout, &mut std::io::sink()).expect("it writes");
    let output = child.wait_with_output().expect("a child");
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8_lossy(&output.stderr);
    let expected = format!(
        "shmstate: segment `{name}`: it was cut short while it was read, by somebody who may write to it; remove it and create it anew\n"
    );
    assert_eq!(told, expected);
    std::mem::forget(state);
    forge::unlink(&name);
}
