//! Columns.

use std::io::{self, Write};

use tabwriter::TabWriter;

/// Rows of which the columns are aligned. The last column is as wide as it is.
pub(crate) struct Table<'w> {
    out: TabWriter<&'w mut dyn Write>,
}

impl<'w> Table<'w> {
    pub(crate) fn new(out: &'w mut dyn Write, heads: &[&str]) -> io::Result<Table<'w>> {
        let mut table = Table {
            out: TabWriter::new(out).padding(2),
        };
        table.row(heads)?;
        Ok(table)
    }

    /// The cells are [clean](super::clean): tabs and line ends are the table's own.
    pub(crate) fn row<S: AsRef<str>>(&mut self, cells: &[S]) -> io::Result<()> {
        // No space behind the last cell that has something.
        let full = cells.iter().rposition(|cell| !cell.as_ref().is_empty());
        let cells = &cells[..full.map_or(0, |last| last + 1)];
        for (i, cell) in cells.iter().enumerate() {
            let separator = if i == 0 { "" } else { "\t" };
            write!(self.out, "{separator}{}", cell.as_ref())?;
        }
        writeln!(self.out)
    }

    pub(crate) fn end(mut self) -> io::Result<()> {
        self.out.flush()
    }
}
