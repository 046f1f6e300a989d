//! The command line.

use std::net::SocketAddr;
use std::time::Duration;

use clap::{ArgAction, Args, Parser, Subcommand};
use clap_complete::Shell;

/// What every command says of how it may end, in its help and its page of the manual.
pub const EXIT_STATUS: &str = "\
Exit status:
  0  done
  1  an error, which is told on standard error
  2  the command line is wrong
  3  not now: the condition did not come true in time, the lock was held for too long, or the segment is in use";

/// See and steer the live state of programs that use the library `shmstate`.
///
/// Every segment says itself what is in it, so the program that made it need not be known here.
///
/// NAME is the name of a segment; or a token of one, as programs hand to each other; or, of one without a name,
/// `/proc/PID/fd/DESCRIPTOR`, as `shmstate ls` shows it.
#[derive(Debug, Parser)]
#[command(name = "shmstate", version, after_help = EXIT_STATUS, max_term_width = 100)]
pub struct Cli {
    /// Trust segments of other users, who can end this program by cutting one short
    #[arg(long, global = true)]
    pub foreign_owner: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the segments of this machine, and who has them
    Ls(Ls),
    /// Show the fields of a segment, and what they hold
    ///
    /// Only reads, and takes no lock: so it works whatever has become of the processes that write.
    Show(Show),
    /// Set a field, as any process that has the segment does
    Set(Set),
    /// Add to a number
    ///
    /// In one step for all processes. What goes beyond the type wraps around.
    Add(Add),
    /// Wait until a field holds what is asked for
    ///
    /// Sleeps until somebody changes the field, if it is locked or watched; others are looked at every 10 ms. If the
    /// segment is removed or replaced meanwhile, that is an error.
    Wait(Wait),
    /// Watch a segment, or all of them
    Top(Top),
    /// Remove segments that nobody has
    ///
    /// One that some process has is left alone, and the exit status is 3.
    Rm(Rm),
    /// Remove what killed programs have left
    ///
    /// Segments that nobody has, and that were not meant to outlive the program that created them. Says which, and
    /// what was left and why.
    Gc(Gc),
    /// Give out the numbers in segments as metrics
    ///
    /// Once to standard output, or over HTTP with `--listen`.
    Export(Export),
    /// Print the completions for a shell
    ///
    /// For bash: `shmstate completions bash > ~/.local/share/bash-completion/completions/shmstate`
    Completions(Completions),
    /// Print the manual, or its page on one command
    Man(Man),
}

/// `shmstate ls`
#[derive(Args, Debug)]
pub struct Ls {
    /// Print JSON: an array with an object for each segment
    #[arg(long)]
    pub json: bool,
}

/// `shmstate show`
#[allow(clippy::struct_excessive_bools)] // one for each flag
#[derive(Args, Debug)]
pub struct Show {
    /// The segment
    pub name: String,
    /// Paths of fields, such as `done`, `per_worker[3]` or `window.low`; all fields without
    pub fields: Vec<String>,
    /// Print JSON: an object with `segment` and `fields`, where each slot is an object
    #[arg(long)]
    pub json: bool,
    /// Show the bytes, in hexadecimal, and not what they mean
    #[arg(long)]
    pub raw: bool,
    /// Print the values alone, one a line
    #[arg(long, conflicts_with = "json")]
    pub values: bool,
    /// Show every element of long arrays (JSON has them all)
    #[arg(long)]
    pub all: bool,
}

/// `shmstate set`
#[derive(Args, Debug)]
pub struct Set {
    /// The segment
    pub name: String,
    /// The path of the field, such as `window.low`
    pub field: String,
    /// The value, as `show` shows it; a text as it is, without quotes (those would be stored)
    #[arg(allow_hyphen_values = true)]
    pub value: String,
    /// How long the lock is waited for
    #[command(flatten)]
    pub lock: Lock,
}

/// `shmstate add`
#[derive(Args, Debug)]
pub struct Add {
    /// The segment
    pub name: String,
    /// The path of the field, a number
    pub field: String,
    /// What to add to it; may be negative
    #[arg(allow_hyphen_values = true)]
    pub number: String,
    /// Print the value that it had before
    #[arg(long)]
    pub print: bool,
    /// How long the lock is waited for
    #[command(flatten)]
    pub lock: Lock,
}

/// How long a lock is waited for.
#[derive(Args, Debug)]
pub struct Lock {
    /// How long to wait for a lock that somebody holds, such as `500ms` or `1m`; then the exit status is 3
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "5s")]
    pub timeout: Duration,
}

/// `shmstate wait`
#[derive(Args, Debug)]
pub struct Wait {
    /// The segment
    pub name: String,
    /// The path of the field
    pub field: String,
    /// `changed`, or `==`, `!=`, `<`, `<=`, `>` or `>=`, with the value behind it: to be quoted in a shell, as '>= 5'.
    /// A text may stand in double quotes, as '== "done"', or without
    pub condition: String,
    /// The value, if it is not in the same argument
    #[arg(allow_hyphen_values = true)]
    pub value: Option<String>,
    /// How long to wait, such as `500ms` or `1m`; then the exit status is 3
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub timeout: Option<Duration>,
    /// Wait for the segment too, if there is none of that name yet
    #[arg(long)]
    pub appear: bool,
}

/// `shmstate top`
#[derive(Args, Debug)]
pub struct Top {
    /// The segment; without it, all are listed, and one can be chosen
    pub name: Option<String>,
    /// The time from one look to the next, at least 100ms
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "1s")]
    pub interval: Duration,
}

/// `shmstate rm`
#[derive(Args, Debug)]
pub struct Rm {
    /// The segments
    #[arg(value_name = "NAME", required = true)]
    pub names: Vec<String>,
    /// Remove the name also if processes have the segment: they keep it, and nobody finds it any more
    #[arg(long)]
    pub force: bool,
}

/// `shmstate gc`
#[derive(Args, Debug)]
pub struct Gc {
    /// Say what would be removed, and remove nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// `shmstate export`
#[derive(Args, Clone, Debug)]
pub struct Export {
    /// As text in the format of `OpenMetrics`, which Prometheus reads
    #[arg(long, required = true, action = ArgAction::SetTrue)]
    pub prometheus: bool,
    /// The segments
    #[arg(value_name = "NAME", required = true)]
    pub names: Vec<String>,
    /// Serve it over HTTP, instead of printing it once; without an address, at `127.0.0.1:19187`
    #[arg(
        long,
        value_name = "ADDRESS",
        value_parser = address,
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "127.0.0.1:19187"
    )]
    pub listen: Option<SocketAddr>,
    /// What the names of metrics begin with; by default the name of the state's struct, or `shmstate`
    #[arg(long, value_name = "TEXT")]
    pub prefix: Option<String>,
    /// Leave out, and say so, arrays that would be more series than this
    #[arg(long, value_name = "NUMBER", default_value_t = 10_000)]
    pub most_series: usize,
}

/// `shmstate completions`
#[derive(Args, Debug)]
pub struct Completions {
    /// The shell
    pub shell: Shell,
    /// Of no use here, so it is not shown.
    #[arg(long, hide = true)]
    pub foreign_owner: bool,
}

/// `shmstate man`
#[derive(Args, Debug)]
pub struct Man {
    /// The command; without it, the page on `shmstate`
    pub command: Option<String>,
    /// Of no use here, so it is not shown.
    #[arg(long, hide = true)]
    pub foreign_owner: bool,
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse()
        .map_err(|error| format!("{error}; expected such as `127.0.0.1:9100`"))
}

/// A span of time: a number of seconds, or with a unit.
fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let seconds = match &text[digits.len()..] {
        "" | "s" => Some(1.0),
        "ms" => Some(0.001),
        "m" => Some(60.0),
        "h" => Some(3600.0),
        _ => None,
    };
    if let (Some(unit), Ok(number)) = (seconds, digits.parse::<f64>()) {
        return Duration::try_from_secs_f64(number * unit).map_err(|error| error.to_string());
    }
    humantime::parse_duration(text).map_err(|error| {
        format!("{error}; expected seconds, or such as `500ms`, `1.5s` or `1m30s`")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_durations_are() {
        for (text, milliseconds) in [
            ("2", 2_000),
            ("0.5", 500),
            ("500ms", 500),
            ("1.5s", 1_500),
            ("1m", 60_000),
            ("1m30s", 90_000),
            ("1m 30s", 90_000),
        ] {
            let expected = Duration::from_millis(milliseconds);
            assert_eq!(duration(text).unwrap(), expected, "{text}");
        }
        for wrong in ["", "soon", "-1s", "1x"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
