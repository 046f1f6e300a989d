//! What the user asks for.

use std::path::PathBuf;
use std::time::Duration;

use lexopt::prelude::*;

use crate::harness::Plan;

pub(crate) const HELP: &str = "\
cargo bench -p shared-bench -- [options] [part of a table's title ...]

  --quick       rough figures in a minute; writes nothing unless told where
  --out FOLDER  where BENCHMARKS.md and its charts go; without titles and --quick, the root of the repository

With titles, only these tables are measured, and nothing is written unless told where.";

/// Every figure is the median of `rounds` rounds.
const FULL: Plan = Plan {
    rounds: 33,
    length: Duration::from_millis(2),
    most_processes: 64,
    kills: 33,
};

const QUICK: Plan = Plan {
    rounds: 7,
    length: Duration::from_micros(500),
    most_processes: 8,
    kills: 5,
};

pub(crate) struct Options {
    pub(crate) plan: Plan,
    pub(crate) out: Option<PathBuf>,
    titles: Vec<String>,
}

impl Options {
    /// Nothing, if all that was asked for was help.
    pub(crate) fn parse() -> Result<Option<Self>, lexopt::Error> {
        let (mut quick, mut out, mut titles) = (false, None, Vec::new());
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next()? {
            match argument {
                Long("quick") => quick = true,
                Long("out") => out = Some(PathBuf::from(parser.value()?)),
                Long("bench") => {} // said by cargo
                Long("help") | Short('h') => {
                    println!("{HELP}");
                    return Ok(None);
                }
                Value(title) => titles.push(title.string()?.to_lowercase()),
                argument => return Err(argument.unexpected()),
            }
        }
        if out.is_none() && !quick && titles.is_empty() {
            out = Some(PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/..")));
        }
        Ok(Some(Options {
            plan: if quick { QUICK } else { FULL },
            out,
            titles,
        }))
    }

    pub(crate) fn wants(&self, title: &str) -> bool {
        let title = title.to_lowercase();
        self.titles.is_empty() || self.titles.iter().any(|wanted| title.contains(wanted))
    }
}
