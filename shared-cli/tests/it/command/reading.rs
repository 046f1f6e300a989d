//! `shmstate show`

use serde_json::{Value, json};
use shmstate::{Shared, SharedState};

use crate::kinds::{self, Everything};
use crate::slot::{hold, until_state};
use crate::support::{name, pipe, start, watchdog};
use crate::tool;

/// The value in the table.
#[track_caller]
fn cell(table: &str, path: &str) -> String {
    let row = table
        .lines()
        .find(|line| line.split_whitespace().next() == Some(path));
    let row = row.unwrap_or_else(|| panic!("no `{path}` in\n{table}"));
    let mut cells = row
        .split("  ")
        .map(str::trim)
        .filter(|cell| !cell.is_empty());
    cells.nth(2).unwrap_or_default().to_owned()
}

pub(crate) fn what_is_empty_is_told() {
    let name = name("empty");
    let _state = Shared::create(&name, 1_u8).expect("a segment");
    let no_name = "NAME is empty; `shmstate ls` lists the segments";
    for command in ["show", "rm"] {
        assert_eq!(tool::error(&[command, ""], 1), no_name);
    }
    let no_field = "FIELD is empty; `.` is the whole state";
    assert_eq!(tool::error(&["show", &name, ""], 1), no_field);
    assert_eq!(tool::error(&["set", &name, "", "1"], 1), no_field);
}

#[derive(SharedState, Default)]
struct Marked {
    /// Items done.
    #[shared(counter)]
    done: u64,
    plain: u64,
    #[shared(watch)]
    watched: u64,
    #[shared(lock)]
    locked: u64,
}

pub(crate) fn what_is_said_of_a_field_is_shown() {
    let name = name("marked");
    let _state = Shared::create(&name, Marked::default()).expect("a segment");
    let table = tool::out(&["show", &name]);
    let lines: Vec<&str> = table.lines().skip(2).collect();
    let at = lines[0].find("SLOT").expect("a column");
    assert!(lines.iter().all(|line| !line.ends_with(' ')), "{table}");
    assert_eq!(lines[3].get(at..), Some("watched"), "{table}");
    assert_eq!(lines[4].get(at..), Some("version 1"), "{table}");
    let fields = &tool::json(&["show", &name, "--json"])["fields"];
    assert_eq!(
        fields[0],
        json!({"path": "done", "type": "u64", "access": "atomic", "help": "Items done.", "counter": true, "value": 0})
    );
    assert!(fields[1].get("help").is_none() && fields[1].get("counter").is_none());
}

pub(crate) fn every_kind_of_field_is_shown() {
    let name = name("kinds");
    let _state = Shared::create(&name, kinds::example()).expect("a segment");
    let table = tool::out(&["show", &name]);
    assert!(
        table.starts_with(&format!("segment `{name}`: Everything, ")),
        "{table}"
    );
    for (path, value) in [
        ("flag", "true"),
        ("letter", "'ß'"),
        ("tiny", "200"),
        ("count", "1099511627776"),
        ("ratio", "-0.5"),
        ("phase", "Busy"),
        ("level", "Low"),
        ("last", "Some(-1)"),
        ("tries", "1"),
        ("per_worker[2]", "3"),
        ("alone", "9"),
        ("limits.low", "0"),
        ("limits.high", "Some(7)"),
        ("rows[1].low", "3"),
        ("total", &(u128::MAX - 1).to_string()),
        ("maybe", "Some('?')"),
        ("pair", "(true, 77)"),
        ("pause", "1.5s"),
        ("locked_level", "High"),
        ("foreign", "[255, 255, 255, 255]"),
        ("label", "\"a label\""),
        ("lines[1]", "\"zwei ü\""),
        ("recent", "[1, 2, 3]"),
        ("window.low", "10"),
        ("window.title", "\"Fenster\""),
        ("window.deadline", "Some(3.999999999s)"),
        ("account.cents", "-5"),
        ("account.owner", "\"Zoë\""),
        ("account.history", "[None, Some(-1)]"),
        ("page.phase", "Busy"),
        ("end", &u64::MAX.to_string()),
    ] {
        assert_eq!(cell(&table, path), value, "{path}");
    }
}

pub(crate) fn one_field_is_shown_by_its_path() {
    let name = name("path");
    let _state = Shared::create(&name, kinds::example()).expect("a segment");
    let values = |path: &str| tool::out(&["show", &name, path, "--values"]);
    assert_eq!(values("per_worker[1]"), "2\n");
    assert_eq!(values("per_worker"), "1\n2\n3\n");
    assert_eq!(values("window.marks[1].1"), "'z'\n");
    assert_eq!(values("window.marks[2]"), "-\n"); // not there now
    assert_eq!(values("pair.1"), "77\n");
    let both = tool::out(&["show", &name, "end", "tiny", "--values"]);
    assert_eq!(both, format!("{}\n200\n", u64::MAX));
}

pub(crate) fn json_has_every_field() {
    let name = name("json");
    let state = Shared::create(&name, kinds::example()).expect("a segment");
    let shown = tool::json(&["show", &name, "--json"]);
    assert_eq!(shown["segment"]["name"], name.as_str());
    assert_eq!(shown["segment"]["type"], "Everything");
    assert_eq!(
        shown["segment"]["creator"],
        json!({"pid": std::process::id(), "alive": true})
    );
    let fields = shown["fields"].as_array().expect("an array");
    let field = |path: &str| -> &Value {
        fields
            .iter()
            .find(|field| field["path"] == path)
            .unwrap_or_else(|| panic!("{path}"))
    };
    assert_eq!(
        field("tiny"),
        &json!({"path": "tiny", "type": "u8", "access": "atomic", "value": 200})
    );
    let window = field("window");
    assert_eq!(
        window["lock"],
        json!({"version": 1, "recoveries": 0, "holder": null})
    );
    assert_eq!(window["value"]["title"], "Fenster");
    assert_eq!(window["value"]["marks"], json!([[1, "ä"], [2, "z"]]));
    assert_eq!(field("last")["value"], -1);
    assert_eq!(field("account")["value"]["history"], json!([null, -1]));
    // What one process reads of it is what the other has: every slot is there once.
    let count = |path: &str| fields.iter().filter(|field| field["path"] == path).count();
    for field in Shared::<Everything>::schema().fields() {
        if !field.path().contains(['.', '[']) && !field.ty().starts_with('[') {
            assert_eq!(count(field.path()), 1, "{}", field.path());
        }
    }
    drop(state);
}

pub(crate) fn bytes_are_shown_raw() {
    let name = name("raw");
    let _state = Shared::create(&name, kinds::example()).expect("a segment");
    let raw = |path: &str| tool::out(&["show", &name, path, "--raw", "--values"]);
    assert_eq!(raw("count"), "0000000000010000\n");
    assert_eq!(raw("per_worker[2]"), "03000000\n");
    assert_eq!(raw("pair"), "014d000000\n");
    let shown = tool::json(&["show", &name, "tiny", "--raw", "--json"]);
    assert_eq!(shown["fields"][0]["bytes"], "c8");
    assert_eq!(shown["fields"][0]["value"], Value::Null);
}

pub(crate) fn long_arrays_are_cut_where_people_read() {
    let name = name("long");
    let _state = Shared::<[u64; 1_000]>::create_zeroed(&name).expect("a segment");
    let table = tool::out(&["show", &name]);
    assert!(table.contains("[63]") && !table.contains("[64]"), "{table}");
    assert!(
        table.contains("… 936 more elements: add `--all`"),
        "{table}"
    );
    assert!(tool::out(&["show", &name, "--all"]).contains("[999]"));
    assert_eq!(
        tool::out(&["show", &name, "--values"]).lines().count(),
        1_000
    );
    let shown = tool::json(&["show", &name, "--json"]);
    assert_eq!(shown["fields"].as_array().map(Vec::len), Some(1_000));
}

pub(crate) fn a_state_that_is_no_struct_is_shown_and_set() {
    let name = name("single");
    let number = Shared::create(&name, 7_u64).expect("a segment");
    assert_eq!(cell(&tool::out(&["show", &name]), "."), "7");
    tool::out(&["set", &name, ".", "8"]);
    tool::out(&["add", &name, ".", "-3"]);
    assert_eq!(number.get(), 5);
    assert_eq!(tool::out(&["show", &name, ".", "--values"]), "5\n");
}

#[derive(SharedState, Default)]
struct Job {
    step: u32,
    #[shared(capacity = 16)]
    label: String,
}

// If it took a lock or asked the owner, the watchdog would print that somebody hangs; if it wanted a living one, this would print its message.
pub(crate) fn a_segment_is_shown_whatever_its_owner_does() {
    watchdog(60);
    let name = name("owner");
    let (made, tell) = pipe();
    let owner = {
        let name = name.clone();
        start(move || {
            let job = Shared::create(&name, Job::default()).expect("a segment");
            job.step.set(3);
            job.label.set("stuck").expect("it fits");
            // Within a change that never ends.
            let _ = job.label.modify(|label| {
                label.push_str(", really");
                tell.tell();
                loop {
                    std::thread::park();
                }
            });
        })
    };
    made.wait();
    let shown = || tool::out(&["show", &name, "--values"]);
    assert_eq!(shown(), "3\n\"stuck\"\n");
    owner.signal(libc::SIGSTOP);
    until_state(owner.id(), "T");
    assert_eq!(shown(), "3\n\"stuck\"\n");
    owner.kill();
    assert_eq!(shown(), "3\n\"stuck\"\n");
    shmstate::remove(&name).expect("it is there");
}

pub(crate) fn a_lock_is_shown_with_its_holder() {
    let name = name("holder");
    let job = Shared::create(&name, Job::default()).expect("a segment");
    let holder = hold(|holds| drop(job.label.modify(|_| holds())));
    let id = holder.id();
    let slot = || tool::json(&["show", &name, "label", "--json"])["fields"][0]["lock"].clone();
    let table = || tool::out(&["show", &name, "label"]);
    assert!(
        table().contains(&format!("version 1, held by pid {id}\n")),
        "{}",
        table()
    );
    assert_eq!(
        slot()["holder"],
        json!({"thread": id, "pid": id, "alive": true})
    );
    holder.kill();
    let told = "version 1, left by a holder that died; the next change takes it over\n";
    assert!(table().contains(told), "{}", table());
    assert_eq!(
        slot()["holder"],
        json!({"thread": null, "pid": null, "alive": false})
    );
    job.label.set("mine").expect("it fits");
    assert!(table().contains("version 2, 1 recovery\n"), "{}", table());
    assert_eq!(slot()["holder"], Value::Null);
}

pub(crate) fn a_field_that_is_not_there_is_told_with_those_that_are() {
    let name = name("absent");
    let _state = Shared::create(&name, kinds::example()).expect("a segment");
    let message = tool::error(&["show", &name, "limits.lwo"], 1);
    let expected = format!(
        "segment `{name}`: no field `lwo` in `limits`; it has `low`, `high`, `strict`; `shmstate show` lists its fields"
    );
    assert_eq!(message, expected);
    let message = tool::error(&["show", &name, "per_worker[3]"], 1);
    assert!(
        message.contains("`per_worker` has no element 3: its length is 3"),
        "{message}"
    );
    let absent = crate::support::name("nowhere");
    let message = tool::error(&["show", &absent], 1);
    assert!(
        message.starts_with(&format!("no segment named `{absent}`")),
        "{message}"
    );
}
