//! Running the tool, as a shell does.

use std::process::{Command, Stdio};

use serde_json::Value;

/// How it ended, and what it said.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shmstate"));
    command.args(arguments).stdin(Stdio::null());
    command
}

pub(crate) fn run(arguments: &[&str]) -> Ran {
    let output = command(arguments).output().expect("the tool starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it writes UTF-8");
    Ran {
        code: output.status.code(),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

/// Runs it, and returns what it printed. Fails unless all went well, in silence.
#[track_caller]
pub(crate) fn out(arguments: &[&str]) -> String {
    let ran = run(arguments);
    assert!(ran.code == Some(0) && ran.err.is_empty(), "{ran:?}");
    ran.out
}

#[track_caller]
pub(crate) fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&out(arguments)).expect("it prints JSON")
}

/// Runs it, and returns the message. Fails unless it ended with that code, and said one line of plain text.
#[track_caller]
pub(crate) fn error(arguments: &[&str], code: i32) -> String {
    let ran = run(arguments);
    assert!(ran.code == Some(code), "{ran:?}");
    let message = ran
        .err
        .strip_prefix("shmstate: ")
        .and_then(|err| err.strip_suffix('\n'));
    let message = message.unwrap_or_else(|| panic!("{ran:?}"));
    assert!(
        !message.contains(char::is_control) && !message.contains("panicked"),
        "{ran:?}"
    );
    message.to_owned()
}

/// Tries until the tool does it: another process, which looks at all segments, may have one open for a moment.
#[track_caller]
pub(crate) fn insist(arguments: &[&str]) -> String {
    loop {
        let ran = run(arguments);
        match ran.code {
            Some(0) => return ran.out,
            Some(3) => {}
            _ => panic!("{ran:?}"),
        }
    }
}
