//! `shmstate completions` and `shmstate man`

use std::io::{self, Write};

use clap::CommandFactory;
use clap_mangen::Man;

use crate::args::{self, Cli, Completions};
use crate::failure::Failure;

pub(super) fn completions(args: &Completions, out: &mut dyn Write) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "shmstate", &mut script);
    out.write_all(&script)
        .map_err(Failure::io("write the output"))
}

pub(super) fn man(args: &args::Man, out: &mut dyn Write) -> Result<(), Failure> {
    let mut cli = Cli::command();
    // So that the commands' pages have the global options, and their own full names.
    cli.build();
    let page = match &args.command {
        None => cli,
        Some(name) => match cli.find_subcommand(name) {
            Some(command) => command.clone(),
            None => {
                return Err(Failure::NoCommand {
                    command: name.clone(),
                });
            }
        },
    };
    render(page, out).map_err(Failure::io("write the output"))
}

fn render(page: clap::Command, out: &mut dyn Write) -> io::Result<()> {
    let name = page.get_display_name().unwrap_or("shmstate").to_owned();
    let has_commands = page.has_subcommands();
    // Its text on the exit status is a section here.
    let man = Man::new(page.name(name.clone()).after_help(""))
        .title(name.to_uppercase())
        .manual("shmstate")
        .source(concat!("shmstate ", env!("CARGO_PKG_VERSION")));
    man.render_title(out)?;
    man.render_name_section(out)?;
    man.render_synopsis_section(out)?;
    man.render_description_section(out)?;
    man.render_options_section(out)?;
    if has_commands {
        man.render_subcommands_section(out)?;
    }
    writeln!(out, ".SH \"EXIT STATUS\"")?;
    for line in args::EXIT_STATUS.lines().skip(1) {
        if let Some((code, meaning)) = line.trim().split_once("  ") {
            writeln!(out, ".TP\n\\fB{code}\\fR\n{meaning}")?;
        }
    }
    Ok(())
}
