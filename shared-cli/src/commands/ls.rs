//! `shmstate ls`

use std::io::Write;

use shmstate::processes::{self, SegmentInfo};

use crate::args::Ls;
use crate::failure::Failure;
use crate::output::{self, Segment, Table, clean, write_json};

pub(super) fn run(args: &Ls, out: &mut dyn Write) -> Result<(), Failure> {
    let segments = processes::segments()?;
    let written = if args.json {
        let segments: Vec<Segment> = segments.iter().map(Segment::of).collect();
        write_json(out, &segments)
    } else {
        table(&segments, out)
    };
    written.map_err(Failure::io("write the output"))
}

fn table(segments: &[SegmentInfo], out: &mut dyn Write) -> std::io::Result<()> {
    let mut table = Table::new(
        out,
        &[
            "NAME",
            "TYPE",
            "FIELDS",
            "SIZE",
            "AGE",
            "CREATOR",
            "STATE",
            "PROCESSES",
        ],
    )?;
    for info in segments {
        table.row(&row(info))?;
    }
    table.end()
}

fn row(info: &SegmentInfo) -> [String; 8] {
    let name = output::name(&info.place);
    let size = output::size(info.size);
    let state = output::liveness(&info.liveness).to_owned();
    let mut processes: Vec<String> = info.processes.found.iter().map(output::process).collect();
    match &info.description {
        Ok(it) => {
            let type_name = match it.type_name.as_str() {
                "" => "-".to_owned(),
                name => clean(name),
            };
            [
                name,
                type_name,
                it.fields.to_string(),
                size,
                output::age(it.created),
                output::creator(it.creator, it.creator_lives),
                state,
                processes.join(", "),
            ]
        }
        Err(error) => {
            processes.push(format!("({})", clean(&error.to_string())));
            let unknown = || "?".to_owned();
            [
                name,
                unknown(),
                unknown(),
                size,
                unknown(),
                unknown(),
                state,
                processes.join(", "),
            ]
        }
    }
}
