//! Helpers for all output.

mod json;
mod table;

use std::time::{Duration, SystemTime};

use shmstate::inspect::Holder;
use shmstate::processes::{Place, Process};

pub(crate) use json::{Segment, liveness, moment, write_json};
pub(crate) use table::Table;

/// The text with all characters escaped that could move a terminal's cursor: names and texts in a segment are not trusted.
pub(crate) fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' | '\'' | '\\' => clean.push(c),
            _ => clean.extend(c.escape_debug()),
        }
    }
    clean
}

/// A number of bytes, in three digits or so: `4.1 KiB`.
pub(crate) fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    #[allow(clippy::cast_precision_loss)] // a few digits are shown
    let mut size = bytes as f64 / 1024.0;
    let mut unit = 0;
    // Else this would be shown as `1024`.
    while size >= 1023.5 && unit + 1 < UNITS.len() {
        size /= 1024.0;
        unit += 1;
    }
    let digits = usize::from(size < 9.95);
    format!("{size:.digits$} {}", UNITS[unit])
}

/// How long ago that was, in its largest unit: `3m`.
pub(crate) fn age(created: SystemTime) -> String {
    let age = created.elapsed().unwrap_or(Duration::ZERO).as_secs();
    match age {
        0..60 => format!("{age}s"),
        60..3_600 => format!("{}m", age / 60),
        3_600..86_400 => format!("{}h", age / 3_600),
        _ => format!("{}d", age / 86_400),
    }
}

/// What to give as NAME for this segment, if anything means it.
pub(crate) fn name(place: &Place) -> String {
    match place {
        Place::Named { name } => clean(name),
        Place::Unfinished { name } => format!("{} (unfinished)", clean(name)),
        Place::Removed { name } => format!("{} (removed)", clean(name)),
        Place::Anonymous {
            pid,
            descriptor: Some(descriptor),
        } => format!("/proc/{pid}/fd/{descriptor}"),
        Place::Anonymous { pid, .. } => format!("anonymous, of {pid}"),
        _ => "?".to_owned(),
    }
}

/// A process by number and command: `412 wordcount`.
pub(crate) fn process(process: &Process) -> String {
    format!("{} {}", process.pid, clean(&process.command))
}

/// The process that created a segment, and whether it lives.
pub(crate) fn creator(pid: u32, lives: Option<bool>) -> String {
    match lives {
        Some(true) => pid.to_string(),
        Some(false) => format!("{pid} (ended)"),
        None => format!("{pid} (?)"),
    }
}

/// The holder of a lock: `held by pid 412`.
pub(crate) fn holder(holder: &Holder) -> String {
    let Some(thread) = holder.thread else {
        return "left by a holder that died; the next change takes it over".to_owned();
    };
    match (holder.process, holder.alive) {
        (Some(pid), Some(true)) if pid == thread => format!("held by pid {pid}"),
        (Some(pid), Some(true)) => format!("held by pid {pid}, thread {thread}"),
        (_, Some(false)) => {
            format!("left by thread {thread}, which died; the next change takes it over")
        }
        _ => format!("held by thread {thread}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_move_the_cursor_is_written_out() {
        assert_eq!(
            clean("a\u{1b}[2J\u{202e}\n\u{9b}é\"'\\"),
            "a\\u{1b}[2J\\u{202e}\\n\\u{9b}é\"'\\"
        );
    }

    #[test]
    fn sizes_have_a_few_digits() {
        let sizes = [
            0,
            1023,
            1024,
            4_200,
            10_200,
            1 << 20,
            (1 << 20) - 1,
            u64::MAX,
        ];
        let shown = sizes.map(size);
        assert_eq!(
            shown,
            [
                "0 B",
                "1023 B",
                "1.0 KiB",
                "4.1 KiB",
                "10 KiB",
                "1.0 MiB",
                "1.0 MiB",
                "16777216 TiB"
            ]
        );
    }

    #[test]
    fn ages_are_told_in_their_largest_unit() {
        let now = SystemTime::now();
        let ages = [5, 200, 7_300, 200_000].map(|secs| age(now - Duration::from_secs(secs)));
        assert_eq!(ages, ["5s", "3m", "2h", "2d"]);
        // By a clock that was set back since.
        assert_eq!(age(now + Duration::from_secs(9)), "0s");
    }
}
