//! Columns.

use std::io::{self, Write};

use tabwriter::TabWriter;

/// Rows of which the columns are aligned. The last column is as wide as it is.
pub(crate) struct Table<'w> {
    out: &'w mut dyn Write,
    rows: TabWriter<Vec<u8>>,
    columns: usize,
}

impl<'w> Table<'w> {
    pub(crate) fn new(out: &'w mut dyn Write, heads: &[&str]) -> io::Result<Table<'w>> {
        let mut table = Table {
            out,
            rows: TabWriter::new(Vec::new()).padding(2),
            columns: heads.len(),
        };
        table.row(heads)?;
        Ok(table)
    }

    /// The cells are [clean](super::clean): tabs and line ends are the table's own. Those that are not given are empty.
    pub(crate) fn row<S: AsRef<str>>(&mut self, cells: &[S]) -> io::Result<()> {
        // All of them: a column ends at a row that does not have it.
        for i in 0..self.columns {
            let separator = if i == 0 { "" } else { "\t" };
            let cell = cells.get(i).map_or("", AsRef::as_ref);
            write!(self.rows, "{separator}{cell}")?;
        }
        writeln!(self.rows)
    }

    pub(crate) fn end(self) -> io::Result<()> {
        let rows = self.rows.into_inner();
        let rows = rows.map_err(|error| io::Error::other(error.to_string()))?;
        for line in rows.split_inclusive(|byte| *byte == b'\n') {
            self.out.write_all(line.trim_ascii_end())?;
            self.out.write_all(b"\n")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_where_cells_are_empty_and_no_line_ends_in_spaces() {
        let mut out = Vec::new();
        let mut table = Table::new(&mut out, &["HEAD", "B", "C"]).unwrap();
        table.row(&["1", "a long one", "x"]).unwrap();
        table.row(&["2", "", ""]).unwrap();
        table.row(&["3"]).unwrap();
        table.row(&["4", "b", "y"]).unwrap();
        table.end().unwrap();
        let expected = "HEAD  B           C\n1     a long one  x\n2\n3\n4     b           y\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
