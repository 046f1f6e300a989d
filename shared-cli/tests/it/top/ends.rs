//! How it ends, and that nobody sees on the terminal that it was there.

use std::fs::OpenOptions;
use std::os::unix::process::ExitStatusExt;
use std::process::Command;

use pty_process::blocking;
use shared_cli::top::Screen;
use shmstate::Shared;

use super::terminal::{Shown, Terminal, untouched};
use crate::support::{name, watchdog};

// If the terminal were not restored, `as_before` would print what is left: the other screen, no cursor, or
// settings in which no key is shown.
pub(crate) fn the_terminal_is_left_as_it_was() {
    watchdog(60);
    let name = name("quit");
    let _state = Shared::create(&name, 7_u64).expect("a segment");
    let untouched = untouched();
    for keys in ["q", "\u{3}", "\u{1b}"] {
        let mut terminal = Terminal::run(&["top", &name]);
        let shown = terminal.until_text("q quit");
        assert!(shown.is_taken());
        terminal.press(keys);
        let (status, shown) = terminal.end();
        assert_eq!(status.code(), Some(0), "{keys:?}");
        assert_eq!(shown.as_before(&untouched), "");
    }
}

// If a signal ended it at once, this would print what is left, as above; if it were only caught, the exit status.
pub(crate) fn the_terminal_is_left_as_it_was_by_every_signal_that_ends() {
    watchdog(60);
    let name = name("signal");
    let _state = Shared::create(&name, 7_u64).expect("a segment");
    let untouched = untouched();
    for signal in [libc::SIGINT, libc::SIGTERM, libc::SIGHUP, libc::SIGQUIT] {
        let mut terminal = Terminal::run(&["top", &name]);
        terminal.until_text("q quit");
        terminal.signal(signal);
        let (status, shown) = terminal.end();
        assert_eq!(status.signal(), Some(signal));
        assert_eq!(shown.as_before(&untouched), "");
    }
}

// If it went on without one, the watchdog would print that somebody hangs.
pub(crate) fn a_terminal_that_goes_away_ends_it() {
    watchdog(60);
    let name = name("hangup");
    let _state = Shared::create(&name, 7_u64).expect("a segment");
    // What it is doing at that moment differs.
    for _ in 0..8 {
        let mut terminal = Terminal::run(&["top", &name]);
        terminal.until_text("q quit");
        let status = terminal.hang_up();
        // By the signal, or because whatever it does with the terminal at that moment fails.
        assert!(
            status.signal() == Some(libc::SIGHUP) || status.code() == Some(1),
            "{status}"
        );
    }
}

// If it were stopped as it is, the shell's user would find what `as_before` prints; if it did not draw again,
// the second `until` would hang.
pub(crate) fn the_terminal_is_given_back_while_it_is_stopped() {
    watchdog(60);
    let name = name("stop");
    let state = Shared::create(&name, 7_u64).expect("a segment");
    let untouched = untouched();
    let mut terminal = Terminal::run(&["top", &name, "--interval", "100ms"]);
    terminal.until_text("q quit");
    for (round, by_key) in [(0, true), (1, false)] {
        if by_key {
            terminal.press("\u{1a}");
        } else {
            terminal.signal(libc::SIGTSTP);
        }
        terminal.until_stopped();
        // What it has written may still be on its way.
        let shown = terminal.until(Shown::is_given_back);
        assert_eq!(shown.as_before(&untouched), "");
        state.set(100 + round);
        terminal.signal(libc::SIGCONT);
        let shown = terminal.until_text(&(100 + round).to_string());
        assert!(shown.is_taken());
    }
    // Whoever stops it otherwise cannot be answered; but it draws again.
    terminal.signal(libc::SIGSTOP);
    terminal.until_stopped();
    state.set(200);
    terminal.signal(libc::SIGCONT);
    terminal.until_text("200");
    terminal.press("q");
    let (status, shown) = terminal.end();
    assert_eq!(status.code(), Some(0));
    assert_eq!(shown.as_before(&untouched), "");
}

/// What the test below starts.
pub(crate) fn panic_while_drawing() {
    let _screen = Screen::enter().expect("a terminal");
    panic!("as planned");
}

// If the hook did not restore the terminal first, the message would be on the screen that is left: this would print
// that it is missing.
pub(crate) fn the_terminal_is_left_as_it_was_by_a_panic() {
    watchdog(60);
    let untouched = untouched();
    let command = blocking::Command::new("/proc/self/exe").env("SHMSTATE_TEST_ROLE", "panic");
    let mut terminal = Terminal::start(command.env("RUST_BACKTRACE", "0"));
    let (status, shown) = terminal.end();
    assert_eq!(status.code(), Some(101));
    let told = shown.as_before(&untouched);
    assert!(
        told.contains("panicked at") && told.contains("as planned"),
        "{told}"
    );
}

// Without its handler of `SIGBUS`, it would end by that signal, and the terminal be left as it is.
pub(crate) fn the_terminal_is_left_as_it_was_when_the_segment_is_cut_short() {
    watchdog(60);
    let name = name("short");
    let state = Shared::<[u64; 10_000]>::create_zeroed(&name).expect("a segment");
    let untouched = untouched();
    let mut terminal = Terminal::run(&["top", &name, "--interval", "100ms"]);
    terminal.until_text("q quit");
    let file = OpenOptions::new()
        .write(true)
        .open(format!("/dev/shm/{name}"));
    file.and_then(|file| file.set_len(4096))
        .expect("it is ours");
    let (status, shown) = terminal.end();
    assert_eq!(status.code(), Some(1));
    // The terminal has broken it into lines, and a space at the end of a line is not told from none.
    let without_spaces = |text: &str| text.split_whitespace().collect::<String>();
    let told = shown.as_before(&untouched);
    let expected = format!("shmstate: segment `{name}`: it was cut short while it was read");
    assert!(
        without_spaces(told).starts_with(&without_spaces(&expected)),
        "{told}"
    );
    // Nothing may touch what is gone.
    std::mem::forget(state);
    std::fs::remove_file(format!("/dev/shm/{name}")).expect("it is ours");
}

pub(crate) fn without_a_terminal_there_is_an_error() {
    let output = Command::new(env!("CARGO_BIN_EXE_shmstate"))
        .arg("top")
        .output();
    let output = output.expect("it starts");
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(
        told,
        "shmstate: `top` needs a terminal to draw on; for scripts there is `shmstate show --json`\n"
    );
}

pub(crate) fn what_cannot_be_opened_is_told_before_the_terminal_is_changed() {
    watchdog(60);
    let name = name("absent");
    let mut terminal = Terminal::run(&["top", &name]);
    let (status, shown) = terminal.end();
    assert_eq!(status.code(), Some(1));
    assert!(shown.text.contains("no segment named"), "{}", shown.text);
    assert!(shown.text.starts_with("$ what was there"), "{}", shown.text);
}
