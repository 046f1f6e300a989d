//! `BENCHMARKS.md` and its charts.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;
use std::{fs, io};

use crate::harness::Plan;
use crate::table::Table;
use crate::{bars, chart};

pub(crate) struct Report {
    pub(crate) machine: Vec<(&'static str, String)>,
    pub(crate) tables: Vec<Table>,
    pub(crate) took: Duration,
    pub(crate) plan: Plan,
}

/// What is said above the bars.
pub(crate) const BARS: &str = "What this library has set itself, each a ratio in this run, or a time. A bar that is missed is told, and is no error. The last \
     column has, where a bar is near what can be had at all, the same ratio of a row that does less, and that nobody can \
     use. *Read under a writer* is of writers that do not pause: that of `mmap-sync` waits for its readers, as *write under \
     a reader* shows, and so it hardly disturbs them.";

/// How to read the tables.
pub(crate) const ROWS: &str = "A figure is the median of the rounds, with the least and the most in parentheses. Rows that begin with *no lock* or \
     *lower bound* are limits and no peers: nobody can use them. *Threads*: works between the threads of one process \
     only, and is measured there. **wrong**: lost changes or gave out torn values, so that the speed is of no use.";

/// Where the charts go, from the folder of the report.
const CHARTS: &str = "docs/benchmarks";

impl Report {
    pub(crate) fn write(&self, folder: &Path) -> io::Result<()> {
        let charts = folder.join(CHARTS);
        fs::create_dir_all(&charts)?;
        let mut text = self.head();
        for table in &self.tables {
            let _ = write!(text, "## {}\n\n{}\n\n", table.title, table.about);
            for (file, description) in chart::draw(table, &charts).map_err(io::Error::other)? {
                let _ = write!(text, "![{description}]({CHARTS}/{file})\n\n");
            }
            let _ = writeln!(text, "{}", table.markdown());
        }
        fs::write(folder.join("BENCHMARKS.md"), text)
    }

    fn head(&self) -> String {
        let mut text = format!(
            "# Benchmarks\n\nWritten by `cargo bench -p shared-bench`, which takes some minutes ({:.0} s here): run it \
             to see the figures of another machine.\n\nA figure is the median of {} rounds, with the least and the \
             most in parentheses (of the tables with many processes: {} rounds; of recovery: {} kills). In a round, \
             the processes of one peer are pinned to processors of their own as far as there are enough, meet at a \
             barrier, and work for at least {:?}; the peers of a column take turns, round by round, after two rounds \
             that warm up. Contended figures depend on where the machine puts the processors: compare within one \
             table only. Peers marked *threads* cannot do it between processes, and are measured between the threads \
             of one. What is **wrong** lost changes or gave out torn values; its speed is of no use. Ratios are \
             medians of the ratios of each round. Everything is built as `cargo build --release` does it.\n\n",
            self.took.as_secs_f64(),
            self.plan.rounds,
            self.plan.rounds.div_ceil(4).max(3),
            self.plan.kills,
            self.plan.length,
        );
        for (name, value) in &self.machine {
            let _ = writeln!(text, "- {name}: {value}");
        }
        let _ = write!(
            text,
            "\n## The bars\n\n{BARS}\n\n{}\n",
            bars::markdown(&self.tables)
        );
        text
    }
}
