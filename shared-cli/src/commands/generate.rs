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
            Some(command) => command.clone().after_help(args::EXIT_STATUS),
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
    let page = page.name(name.clone());
    Man::new(page).title(name.to_uppercase()).render(out)
}
