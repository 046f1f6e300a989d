//! The speed of `shmstate`, side by side with everything else that one would pick: one run, one table.
//!
//! Run `cargo bench -p shared-bench`. It takes less than ten minutes, prints tables, and writes them with charts to
//! `BENCHMARKS.md`. `-- --quick` is done in a minute, and writes nothing; `-- --help` tells the rest.
//!
//! The module `harness` says how anything is measured, `work` what is measured, and `peers` beside whom. `work` knows no
//! peer, and a peer only the work that it does: `TABLES` puts them together.

mod bars;
mod chart;
mod figures;
mod harness;
mod machine;
mod options;
mod peers;
mod report;
mod rows;
mod table;
mod work;

use std::time::Instant;

use harness::Plan;
use options::Options;
use table::Table;
use work::record::{LARGE, LARGE_TITLE, MIDDLE, MIDDLE_TITLE, SMALL, SMALL_TITLE};
use work::{counter, fields, hand_over, record, recovery, segment};

/// Measures what the arguments ask for, and says so. Ends the process with 1 if a result of this library was wrong.
///
/// # Panics
///
/// If the report cannot be written.
pub fn main() {
    let options = match Options::parse() {
        Ok(Some(options)) => options,
        Ok(None) => return,
        Err(error) => {
            eprintln!("{error}\n\n{}", options::HELP);
            std::process::exit(2);
        }
    };
    if !TABLES.iter().any(|(title, _)| options.wants(title)) {
        let titles = TABLES.map(|(title, _)| title).join("\n  ");
        eprintln!("no table has such a title; there are:\n  {titles}");
        std::process::exit(2);
    }
    let start = Instant::now();
    let session = peers::Session::start();
    let machine = machine::describe();
    let mut tables = Vec::new();
    for (title, measure) in TABLES {
        if options.wants(title) {
            let table = measure(options.plan);
            println!(
                "\n## {}\n\n{}\n\n{}",
                table.title,
                table.about,
                table.markdown()
            );
            tables.push(table);
        }
    }
    drop(session);
    let report = report::Report {
        machine,
        tables,
        took: start.elapsed(),
        plan: options.plan,
    };
    println!(
        "\n## The bars\n\n{}\n\n{}",
        report::BARS,
        bars::markdown(&report.tables)
    );
    println!("{}\n", report::ROWS);
    println!("{:.0?}", report.took);
    if let Some(folder) = options.out {
        report.write(&folder).expect("a folder to write to");
        println!("written to {}", folder.display());
    }
    let failures: Vec<String> = report.tables.iter().flat_map(Table::failures).collect();
    if !failures.is_empty() {
        eprintln!("\nThis library failed:\n{}", failures.join("\n"));
        std::process::exit(1);
    }
}

type Measure = fn(Plan) -> Table;

/// All there are, in the order of the report: each kind of work, with the peers that do it.
const TABLES: [(&str, Measure); 10] = [
    (counter::FIELD, |plan| {
        counter::field(&peers::counters(), plan)
    }),
    (SMALL_TITLE, |plan| {
        record::table(SMALL_TITLE, &peers::records::<SMALL>(), plan)
    }),
    (MIDDLE_TITLE, |plan| {
        record::table(MIDDLE_TITLE, &peers::records::<MIDDLE>(), plan)
    }),
    (LARGE_TITLE, |plan| {
        record::table(LARGE_TITLE, &peers::records::<LARGE>(), plan)
    }),
    (hand_over::TITLE, |plan| {
        hand_over::table(&peers::hand_overs(), plan)
    }),
    (recovery::TITLE, |plan| {
        recovery::table(&peers::holders(), plan)
    }),
    (segment::TITLE, |plan| {
        segment::table(&peers::segments(), plan)
    }),
    (fields::TITLE, |plan| fields::table(peers::fields, plan)),
    (counter::HAMMERED, |plan| {
        counter::hammered(&peers::contended_counters(), plan)
    }),
    (record::HAMMERED, |plan| {
        record::hammered(&peers::contended_records(), plan)
    }),
];
