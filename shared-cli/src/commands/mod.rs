//! The commands, a file each; and the way into and out of them.

mod change;
mod export;
mod generate;
mod ls;
mod remove;
mod show;
mod wait;

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use clap::Parser;
use shmstate::Inspector;
use shmstate::access::Access;
use shmstate::inspect::Field;

use crate::args::{Cli, Command};
use crate::failure::Failure;
use crate::{top, truncation};

/// Does what the command line says, and tells on standard error what fails.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    // Not locked: where a signal ends `top`, another thread gives the terminal back.
    let mut out = BufWriter::new(io::stdout());
    let done = truncation::survive().and_then(|()| run(&cli, &mut out));
    let written = out.flush().map_err(Failure::io("write the output"));
    match done.and(written) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) if failure.is_broken_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            tell(&failure);
            ExitCode::from(failure.code())
        }
    }
}

fn run(cli: &Cli, out: &mut dyn Write) -> Result<(), Failure> {
    let trusting = cli.foreign_owner;
    match &cli.command {
        Command::Ls(args) => ls::run(args, out),
        Command::Show(args) => show::run(args, trusting, out),
        Command::Set(args) => change::set(args, trusting),
        Command::Add(args) => change::add(args, trusting, out),
        Command::Wait(args) => wait::run(args, trusting),
        Command::Top(args) => top::run(args, trusting),
        Command::Rm(args) => remove::rm(args, out),
        Command::Gc(args) => remove::gc(args, out),
        Command::Export(args) => export::run(args, trusting, out),
        Command::Completions(args) => generate::completions(args, out),
        Command::Man(args) => generate::man(args, out),
    }
}

/// Tells of a failure, if there is something to tell.
fn tell(failure: &Failure) {
    let text = failure.to_string();
    if !text.is_empty() {
        // Nobody can be told that nobody can be told.
        let _ = writeln!(io::stderr(), "shmstate: {text}");
    }
}

/// The field that a user's text means: `.` is the state itself, where that is not a struct.
fn find<'a, A: Access>(
    inspector: &'a Inspector<A>,
    segment: &str,
    text: &str,
) -> Result<Field<'a, A>, Failure> {
    let path = match text {
        "" => return Err(Failure::NoField),
        "." => "",
        path => path,
    };
    inspector.field(path).map_err(Failure::in_field(segment))
}

/// The same the other way.
fn shown_path(path: &str) -> String {
    if path.is_empty() {
        ".".to_owned()
    } else {
        crate::output::clean(path)
    }
}
