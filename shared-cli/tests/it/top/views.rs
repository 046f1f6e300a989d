//! What is shown.

use std::time::{Duration, Instant};

use shmstate::{Shared, SharedState};

use super::terminal::Terminal;
use crate::slot::hold;
use crate::support::{name, pipe, start, watchdog};

#[derive(SharedState, Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Phase {
    #[default]
    Idle,
    Running,
}

#[derive(SharedState, Default)]
#[shared(lock)]
pub(crate) struct Window {
    pub(crate) low: u64,
    pub(crate) high: u64,
}

#[derive(SharedState, Default)]
pub(crate) struct Progress {
    pub(crate) done: u64,
    pub(crate) phase: Phase,
    #[shared(capacity = 16)]
    pub(crate) label: String,
    pub(crate) per_worker: [u32; 3],
    pub(crate) window: Window,
}

/// Lines of which the numbers differ from run to run.
fn without_digits(line: &str) -> String {
    line.chars().filter(|c| !c.is_ascii_digit()).collect()
}

// If looks did not go on, the second `until` would hang, and the watchdog print that somebody does.
pub(crate) fn a_segment_of_another_process_is_shown_live() {
    watchdog(60);
    let name = name("live");
    let (made, tell) = pipe();
    let (next, go_on) = pipe();
    let child = {
        let name = name.clone();
        start(move || {
            let progress = Shared::create(&name, Progress::default()).expect("a segment");
            progress.label.set("reading").expect("it fits");
            tell.tell();
            next.wait();
            progress.done.set(1_234);
            progress.phase.set(Phase::Running);
            next.wait();
        })
    };
    made.wait();
    let mut terminal = Terminal::run(&["top", &name, "--interval", "100ms"]);
    let shown = terminal.until_text("reading");
    assert!(shown.is_taken());
    let head = &shown.lines[0];
    let expected = format!("{name}: Progress, ");
    assert!(
        head.starts_with(&expected) && head.contains("created"),
        "{head}"
    );
    let command = std::fs::read_to_string("/proc/self/comm").expect("/proc is mounted");
    let processes = format!("1 process: {} {}", child.id(), command.trim_end());
    assert!(shown.lines[1].starts_with(&processes), "{}", shown.lines[1]);
    assert_eq!(shown.lines[2], "no lock is held");
    let expected = "\
FIELD                    VALUE            CHANGE/S LAST MINUTE     LOCK
done                     0                         ▁
phase                    Idle
label                    \"reading\"                                 version 2
per_worker[0]            0                         ▁
per_worker[1]            0                         ▁
per_worker[2]            0                         ▁
window                                                             version 1
window.low               0                         ▁
window.high              0                         ▁";
    let plain = |line: &String| {
        // The first look and the tenth differ in these: changes, and the minute.
        let line = line.replace("       0                 ", "                         ");
        let bars = |c: char| ('▁'..='█').contains(&c);
        line.trim_end_matches(bars).trim_end().to_owned()
    };
    let table: Vec<String> = shown.lines[3..13].iter().map(plain).collect();
    let expected: Vec<String> = expected
        .lines()
        .map(|line| plain(&line.to_owned()))
        .collect();
    assert_eq!(table, expected);
    assert_eq!(
        shown.lines[23],
        "q quit  s sort: place  r reverse  / filter  p pause"
    );
    go_on.tell();
    terminal.until_text("1234");
    let shown = terminal.until_text("Running");
    assert_eq!(
        without_digits(&shown.lines[5]),
        "phase                    Running"
    );
    go_on.tell();
    child.wait();
}

pub(crate) fn keys_sort_filter_and_pause() {
    watchdog(60);
    let name = name("keys");
    let progress = Shared::create(&name, Progress::default()).expect("a segment");
    progress.per_worker[1].set(7);
    let mut terminal = Terminal::run(&["top", &name, "--interval", "100ms"]);
    terminal.until_text("version 1");
    terminal.press("ss");
    let shown = terminal.until_text("sort: value");
    assert!(
        shown.lines[4].starts_with("per_worker[1]"),
        "{}",
        shown.text
    );
    terminal.press("/per");
    let shown = terminal.until(|shown| shown.lines[23].starts_with("filter: per▏"));
    assert!(!shown.text.contains("window"), "{}", shown.text);
    terminal.press("\r");
    terminal.until_text("/ filter [per]");
    terminal.press("p");
    terminal.until_text("PAUSED");
    // Of what is set now nothing is seen, until it goes on.
    progress.per_worker[1].set(8);
    // It is drawn again and again, for as long as several looks would take.
    let start = Instant::now();
    while start.elapsed() < Duration::from_millis(500) {
        terminal.press("r");
        terminal.until_text("reversed");
        terminal.press("r");
        terminal.until(|shown| !shown.text.contains("reversed"));
    }
    terminal.press("r");
    let shown = terminal.until_text("reversed");
    assert!(
        shown.lines[6].starts_with("per_worker[1]            7"),
        "{}",
        shown.text
    );
    terminal.press("p");
    terminal.until(|shown| shown.lines[6].starts_with("per_worker[1]            8"));
    terminal.press("q");
    assert_eq!(terminal.end().0.code(), Some(0));
}

// If holders were not looked up, this would hang at `held`, and the watchdog print so.
pub(crate) fn a_lock_that_is_held_is_shown_with_its_holder() {
    watchdog(60);
    let name = name("held");
    let progress = Shared::create(&name, Progress::default()).expect("a segment");
    let holder = hold(|holds| progress.window.modify(|_| holds()));
    let mut terminal = Terminal::run(&["top", &name, "--interval", "100ms"]);
    let sentence = format!("`window` is held by pid {}", holder.id());
    terminal.until_text(&sentence);
    let shown = terminal.until_text(&format!("held {}", holder.id()));
    assert!(shown.lines[10].starts_with("window  "), "{}", shown.text);
    // It is stopped: held all the same.
    holder.signal(libc::SIGSTOP);
    crate::slot::until_state(holder.id(), "T");
    terminal.press("\r");
    terminal.until_text(&sentence);
    holder.kill();
    let shown = terminal.until_text("held the dead");
    let told = "`window` is left by a holder that died";
    assert!(shown.text.contains(told), "{}", shown.text);
    progress.window.modify(|window| window.high = 5);
    terminal.until_text("no lock is held");
}

pub(crate) fn a_segment_is_chosen_from_the_list() {
    watchdog(60);
    let (first, second) = (name("a"), name("b"));
    let _first = Shared::create(&first, Progress::default()).expect("a segment");
    let _second = Shared::create(&second, [0_u64; 7]).expect("a segment");
    let mut terminal = Terminal::run(&["top", "--interval", "100ms"]);
    terminal.until_text("PROCESSES");
    // Others of this machine are listed, too.
    terminal.press("/");
    let (prefix, _) = first.rsplit_once('-').expect("names of tests have dashes");
    terminal.press(prefix);
    terminal.press("-\r");
    let all = terminal.until_text("/ filter [");
    let row = |line: &str| line.starts_with(&first[..10.min(first.len())]);
    assert_eq!(
        all.lines.iter().filter(|line| row(line)).count(),
        2,
        "{}",
        all.text
    );
    terminal.press("j\r");
    let shown = terminal.until_text("[6]");
    assert!(shown.lines[0].starts_with(&second), "{}", shown.text);
    terminal.press("\u{7f}"); // Backspace
    terminal.until_text("PROCESSES");
    terminal.press("k\r");
    terminal.until_text("per_worker[0]");
    terminal.press("q");
    assert_eq!(terminal.end().0.code(), Some(0));
}

pub(crate) fn a_screen_that_changes_its_size_is_drawn_anew() {
    watchdog(60);
    let name = name("size");
    let _progress = Shared::create(&name, Progress::default()).expect("a segment");
    let mut terminal = Terminal::run(&["top", &name]);
    terminal.until_text("q quit");
    terminal.resize(12, 120);
    let shown = terminal.until(|shown| shown.lines[3].ends_with("LOCK"));
    assert!(shown.lines[3].chars().count() > 90, "{}", shown.text);
    assert!(shown.lines[11].starts_with("q quit"), "{}", shown.text);
}

pub(crate) fn a_segment_that_is_removed_says_so() {
    watchdog(60);
    let name = name("gone");
    let progress = Shared::create(&name, Progress::default()).expect("a segment");
    let mut terminal = Terminal::run(&["top", &name, "--interval", "100ms"]);
    terminal.until_text("1 process");
    drop(progress);
    // Its fields are still there, as they were left.
    let shown = terminal.until_text("removed: no process will find it");
    assert!(shown.text.contains("window.low"), "{}", shown.text);
    let _other = Shared::create(&name, 1_u8).expect("a segment");
    terminal.until_text("removed: another segment has its name");
}

pub(crate) fn scribbled_bytes_are_shown_as_errors() {
    watchdog(60);
    let name = name("scribbled");
    let progress = Shared::create(&name, Progress::default()).expect("a segment");
    let file = std::fs::OpenOptions::new()
        .write(true)
        .open(format!("/dev/shm/{name}"));
    let mut terminal = Terminal::run(&["top", &name, "--interval", "100ms"]);
    terminal.until_text("Idle");
    let length = std::fs::metadata(format!("/dev/shm/{name}"))
        .expect("it is there")
        .len();
    let slots = length
        - u64::try_from(Shared::<Progress>::schema().size().next_multiple_of(8)).expect("it fits");
    let ones = vec![0xff; usize::try_from(length - slots).expect("it fits")];
    std::os::unix::fs::FileExt::write_all_at(&file.expect("it is ours"), &ones, slots)
        .expect("it is ours");
    terminal.until(|shown| shown.lines[5].starts_with("phase                    ("));
    terminal.press("sq");
    assert_eq!(terminal.end().0.code(), Some(0));
    drop(progress);
}
