//! `shmstate ls`

use std::io::Read;
use std::process::Stdio;

use serde_json::Value;
use shmstate::{ReadOnly, Shared, SharedState};

use crate::support::{name, pipe, start, watchdog};
use crate::tool;

#[derive(SharedState, Default)]
pub(crate) struct Progress {
    pub(crate) done: u64,
    pub(crate) per_worker: [u32; 3],
}

/// The row of a segment.
#[track_caller]
fn row(name: &str) -> Vec<String> {
    let list = tool::out(&["ls"]);
    let row = list
        .lines()
        .find(|line| line.split_whitespace().next() == Some(name));
    let row = row.unwrap_or_else(|| panic!("no `{name}` in\n{list}"));
    // Columns are at least two spaces apart.
    let cells = row
        .split("  ")
        .map(str::trim)
        .filter(|cell| !cell.is_empty());
    cells.map(str::to_owned).collect()
}

#[track_caller]
pub(crate) fn object(name: &str) -> Value {
    let list = tool::json(&["ls", "--json"]);
    let list = list.as_array().expect("an array");
    let found = list.iter().find(|object| object["name"] == name);
    found
        .unwrap_or_else(|| panic!("no `{name}` in {list:?}"))
        .clone()
}

pub(crate) fn segments_are_listed_with_those_who_have_them() {
    let name = name("list");
    let progress = Shared::create(&name, Progress::default()).expect("a segment");
    let (opened, tell) = pipe();
    let (wait, go_on) = pipe();
    let reader = {
        let name = name.clone();
        start(move || {
            let _view = ReadOnly::<Progress>::open(&name).expect("it is there");
            tell.tell();
            wait.wait();
        })
    };
    opened.wait();
    let me = std::process::id();
    let row = row(&name);
    assert_eq!(row[1..3], ["Progress", "2"]);
    assert!(
        row[3].ends_with(" B") || row[3].ends_with(" KiB"),
        "{row:?}"
    );
    assert_eq!(row[5], me.to_string());
    assert_eq!(row[6], "live");
    for id in [me, reader.id()] {
        assert!(row[7].contains(&id.to_string()), "{row:?}");
    }

    let object = object(&name);
    assert_eq!(object["place"], "named");
    assert_eq!(object["type"], "Progress");
    assert_eq!(object["fields"], 2);
    assert_eq!(object["mode"], "0600");
    assert_eq!(object["liveness"], "live");
    assert_eq!(object["creator"]["pid"], me);
    assert_eq!(object["creator"]["alive"], true);
    assert_eq!(object["token"], progress.token());
    assert_eq!(object["id"], format!("{:032x}", Shared::id(&progress)));
    let processes = object["processes"].as_array().expect("an array");
    let of = |id: u32| {
        processes
            .iter()
            .find(|process| process["pid"] == id)
            .expect("it has it")
    };
    assert_eq!(of(me)["writable"], true);
    let view = of(reader.id());
    // It has the writable mapping that it was forked with, too.
    assert_eq!(view["mapped"], true);
    assert!(
        view["command"]
            .as_str()
            .is_some_and(|command| !command.is_empty())
    );
    go_on.tell();
    reader.wait();
}

pub(crate) fn what_is_left_over_is_listed_as_such() {
    watchdog(60);
    let (stale, kept) = (name("stale"), name("kept"));
    let (made, tell) = pipe();
    let child = {
        let (stale, kept) = (stale.clone(), kept.clone());
        start(move || {
            let _stale = Shared::create(&stale, 1_u8).expect("a segment");
            let options = Shared::<u8>::creating().lifetime(shmstate::Lifetime::Kept);
            let _kept = options.create(&kept, 1).expect("a segment");
            tell.tell();
            loop {
                std::thread::park();
            }
        })
    };
    made.wait();
    let id = child.id();
    child.kill();
    // Another process that looks at all segments may have one open for a moment.
    let unused = |name: &str| loop {
        let object = object(name);
        if object["liveness"] != "live" {
            return object;
        }
    };
    assert_eq!(unused(&stale)["liveness"], "stale");
    assert_eq!(unused(&kept)["liveness"], "kept");
    assert_eq!(object(&kept)["creator"]["alive"], false);
    assert_eq!(row(&stale)[5], format!("{id} (ended)"));
    for name in [stale, kept] {
        shmstate::remove(&name).expect("it is there");
    }
}

pub(crate) fn a_segment_without_a_name_is_listed_and_opened_by_what_is_listed() {
    let progress = Shared::new(Progress::default()).expect("a segment");
    progress.done.set(41);
    let id = format!("{:032x}", Shared::id(&progress));
    let list = tool::json(&["ls", "--json"]);
    let objects = list.as_array().expect("an array");
    let object = objects
        .iter()
        .find(|object| object["id"] == id.as_str())
        .expect("it is listed");
    assert_eq!(object["place"], "anonymous");
    assert_eq!(object["name"], Value::Null);
    // By its token, and as the table names it.
    let token = object["token"].as_str().expect("it can be opened");
    let shown = tool::out(&["show", token, "done", "--values"]);
    assert_eq!(shown, "41\n");
    let table = tool::out(&["ls"]);
    let me = format!("/proc/{}/fd/", std::process::id());
    let path = table
        .split_whitespace()
        .find(|word| word.starts_with(&me))
        .expect("it is listed");
    tool::out(&["add", path, "done", "1"]);
    assert_eq!(progress.done.get(), 42);
    let message = tool::error(&["show", "/proc/1/fd/77777"], 1);
    assert!(
        message.starts_with("`/proc/1/fd/77777` means no segment that exists"),
        "{message}"
    );
}

// If a closed pipe were an error, this would print a status, and a message about it.
pub(crate) fn a_list_that_nobody_reads_to_its_end_ends_in_silence() {
    let name = name("pipe");
    let _many = Shared::<[u64; 100_000]>::create_zeroed(&name).expect("a segment");
    let mut child = tool::command(&["show", &name, "--all"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the tool starts");
    let mut byte = [0];
    let mut stdout = child.stdout.take().expect("it is piped");
    stdout.read_exact(&mut byte).expect("it writes");
    drop(stdout);
    let output = child.wait_with_output().expect("a child");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
