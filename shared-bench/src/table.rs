//! Tables of figures, as text that is Markdown too.

use std::fmt::Write as _;

use crate::figures::Figures;
use crate::harness::{Cell, Column, Entry, Plan, Value, measure};
use crate::rows::is_ours;

/// One table: a row for each peer.
pub(crate) struct Table {
    pub(crate) title: &'static str,
    /// What is done, and how to read it; a paragraph.
    pub(crate) about: &'static str,
    pub(crate) columns: Vec<Head>,
    pub(crate) rows: Vec<Row>,
}

pub(crate) struct Head {
    pub(crate) name: String,
    pub(crate) unit: &'static str,
}

pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) cells: Vec<Cell>,
}

impl Table {
    pub(crate) fn new(title: &'static str, about: &'static str) -> Self {
        eprintln!("… {title}");
        Table {
            title,
            about,
            columns: Vec::new(),
            rows: Vec::new(),
        }
    }

    /// Measures one more column. The entries are of the same peers for each.
    pub(crate) fn measure(&mut self, entries: &[Entry], column: &Column, plan: Plan) {
        let unit = match column.value {
            Value::Nanoseconds(_) => "ns",
            Value::Microseconds(_) => "µs",
            Value::Millions => "million/s",
        };
        let cells = measure(entries, column, plan);
        let names = entries.iter().map(|entry| entry.name);
        self.add(column.name.clone(), unit, names.zip(cells));
    }

    pub(crate) fn add(
        &mut self,
        name: String,
        unit: &'static str,
        cells: impl Iterator<Item = (&'static str, Cell)>,
    ) {
        let width = self.columns.len();
        self.columns.push(Head { name, unit });
        for (name, cell) in cells {
            let known = self.rows.iter().position(|row| row.name == name);
            let row = known.unwrap_or_else(|| {
                let none = || Cell::Without("–".to_owned());
                let cells = std::iter::repeat_with(none).take(width).collect();
                self.rows.push(Row { name, cells });
                self.rows.len() - 1
            });
            self.rows[row].cells.push(cell);
        }
    }

    pub(crate) fn cell(&self, row: &str, column: &str) -> Option<&Cell> {
        let column = self.columns.iter().position(|head| head.name == column)?;
        self.rows
            .iter()
            .find(|other| other.name == row)?
            .cells
            .get(column)
    }

    pub(crate) fn unit(&self, column: &str) -> Option<&'static str> {
        let head = self.columns.iter().find(|head| head.name == column)?;
        Some(head.unit)
    }

    /// What this library got wrong, or did not get done.
    pub(crate) fn failures(&self) -> impl Iterator<Item = String> {
        let ours = self.rows.iter().filter(|row| is_ours(row.name));
        ours.flat_map(|row| {
            row.cells
                .iter()
                .zip(&self.columns)
                .map(move |both| (row, both))
        })
        .filter_map(|(row, (cell, column))| {
            let why = match cell {
                Cell::Figures { wrong, .. } => wrong.as_ref()?,
                Cell::Without(why) => why,
            };
            Some(format!(
                "{}, {}: {}: {why}",
                self.title, column.name, row.name
            ))
        })
    }

    /// The columns are padded, so that it can be read as it is. Reasons go below, with a number each.
    pub(crate) fn markdown(&self) -> String {
        let mut notes: Vec<&str> = Vec::new();
        let mut lines = vec![vec![String::new()]];
        let heads = self
            .columns
            .iter()
            .map(|head| format!("{}, {}", head.name, head.unit));
        lines[0].extend(heads);
        for row in &self.rows {
            let mut line = vec![row.name.to_owned()];
            for cell in &row.cells {
                line.push(match cell {
                    Cell::Figures { rounds, wrong } => {
                        let figures = Figures::of(rounds).to_string();
                        match wrong {
                            None => figures,
                            Some(wrong) => format!("**wrong: {wrong}** {figures}"),
                        }
                    }
                    Cell::Without(why) if why == "–" => why.clone(),
                    Cell::Without(why) => {
                        let known = notes.iter().position(|note| note == why);
                        let number = known.unwrap_or_else(|| {
                            notes.push(why);
                            notes.len() - 1
                        });
                        format!("– ({})", number + 1)
                    }
                });
            }
            lines.push(line);
        }
        let mut text = grid(&lines);
        if !notes.is_empty() {
            text.push('\n');
        }
        for (i, note) in notes.iter().enumerate() {
            let _ = writeln!(text, "({}) {note}  ", i + 1);
        }
        text
    }
}

/// Markdown of lines of equal length, of which the first are the heads.
pub(crate) fn grid(lines: &[Vec<String>]) -> String {
    let length = |text: &String| text.chars().count();
    let widths: Vec<usize> = (0..lines[0].len())
        .map(|i| {
            lines
                .iter()
                .map(|line| length(&line[i]))
                .max()
                .unwrap_or(0)
                .max(3)
        })
        .collect();
    let mut text = String::new();
    for (i, line) in lines.iter().enumerate() {
        for (cell, (j, width)) in line.iter().zip(widths.iter().enumerate()) {
            let space = " ".repeat(width - length(cell));
            let _ = match j {
                0 => write!(text, "| {cell}{space} "),
                _ => write!(text, "| {space}{cell} "),
            };
        }
        text.push_str("|\n");
        if i == 0 {
            for (j, width) in widths.iter().enumerate() {
                let _ = match j {
                    0 => write!(text, "|{}", "-".repeat(width + 2)),
                    _ => write!(text, "|{}:", "-".repeat(width + 1)),
                };
            }
            text.push_str("|\n");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new("Title", "");
        let right = |rounds: &[f64]| Cell::Figures {
            rounds: rounds.to_vec(),
            wrong: None,
        };
        let absent = || Cell::Without("not there".to_owned());
        let wrong = Cell::Figures {
            rounds: vec![1.0],
            wrong: Some("torn".to_owned()),
        };
        let first = [("shmstate", right(&[2.0])), ("peer", absent())];
        table.add("first".to_owned(), "ns", first.into_iter());
        let second = [
            ("shmstate", right(&[3.0])),
            ("other", wrong),
            ("peer", absent()),
        ];
        table.add("second".to_owned(), "ns", second.into_iter());
        table
    }

    #[test]
    fn a_reason_is_told_once_and_a_wrong_result_is_marked() {
        let lines: Vec<String> = table().markdown().lines().map(tidy).collect();
        assert_eq!(
            lines,
            [
                "| | first, ns | second, ns |",
                "|----------|--------------------:|------------------------------------:|",
                "| shmstate | 2.00 (2.00 to 2.00) | 3.00 (3.00 to 3.00) |",
                "| peer | – (1) | – (1) |",
                "| other | – | **wrong: torn** 1.00 (1.00 to 1.00) |",
                "",
                "(1) not there",
            ]
        );
    }

    fn tidy(line: &str) -> String {
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn only_what_this_library_got_wrong_is_a_failure() {
        let mut table = table();
        assert_eq!(table.failures().count(), 0);
        let wrong = Cell::Figures {
            rounds: vec![1.0],
            wrong: Some("5 % lost".to_owned()),
        };
        table.add("third".to_owned(), "ns", [("shmstate", wrong)].into_iter());
        let failures: Vec<String> = table.failures().collect();
        assert_eq!(failures, ["Title, third: shmstate: 5 % lost"]);
    }
}
