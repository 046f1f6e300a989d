//! What the keys change, the same in every view: the place in the table, the order, the filter, the pause.

use ratatui::crossterm::event::{KeyCode, KeyEvent};
use ratatui::widgets::TableState;

/// The state of a table's controls.
#[derive(Default)]
pub(super) struct Controls {
    pub(super) table: TableState,
    /// The column by which the rows are sorted; each view numbers its own.
    pub(super) sort: usize,
    pub(super) reverse: bool,
    pub(super) paused: bool,
    /// Only rows that contain this text are shown.
    pub(super) filter: String,
    /// Whether keys go to the filter.
    pub(super) typing: bool,
}

/// The effect of a key.
pub(super) enum Pressed {
    /// Nothing that changes the rows.
    Moved,
    /// The order or the filter.
    Arranged,
    /// It is not one of these keys.
    Other,
}

impl Controls {
    /// Does what a key says, where there are `rows` rows, of which a page is shown, and `sorts` ways to sort.
    pub(super) fn key(&mut self, key: KeyEvent, rows: usize, page: usize, sorts: usize) -> Pressed {
        if self.typing {
            return self.type_key(key.code);
        }
        let last = rows.saturating_sub(1);
        let at = self.table.selected().unwrap_or(0);
        let to = match key.code {
            KeyCode::Up | KeyCode::Char('k') => at.saturating_sub(1),
            KeyCode::Down | KeyCode::Char('j') => at + 1,
            KeyCode::PageUp => at.saturating_sub(page),
            KeyCode::PageDown => at + page,
            KeyCode::Home | KeyCode::Char('g') => 0,
            KeyCode::End | KeyCode::Char('G') => last,
            KeyCode::Char(' ' | 'p') => {
                self.paused = !self.paused;
                return Pressed::Moved;
            }
            KeyCode::Char('/') => {
                self.typing = true;
                return Pressed::Moved;
            }
            KeyCode::Char('s') => {
                self.sort = (self.sort + 1) % sorts;
                self.reverse = false;
                return Pressed::Arranged;
            }
            KeyCode::Char('r') => {
                self.reverse = !self.reverse;
                return Pressed::Arranged;
            }
            KeyCode::Esc if !self.filter.is_empty() => {
                self.filter.clear();
                return Pressed::Arranged;
            }
            _ => return Pressed::Other,
        };
        self.table.select(Some(to.min(last)));
        Pressed::Moved
    }

    fn type_key(&mut self, key: KeyCode) -> Pressed {
        match key {
            KeyCode::Enter => {
                self.typing = false;
                return Pressed::Moved;
            }
            KeyCode::Esc => {
                self.typing = false;
                self.filter.clear();
            }
            KeyCode::Backspace => drop(self.filter.pop()),
            KeyCode::Char(c) => self.filter.push(c),
            _ => return Pressed::Moved,
        }
        Pressed::Arranged
    }

    /// Keeps the selection within that many rows.
    pub(super) fn fit(&mut self, rows: usize) {
        let at = self.table.selected().unwrap_or(0);
        self.table
            .select((rows > 0).then(|| at.min(rows.saturating_sub(1))));
    }

    /// The last line: the filter that is being typed, or the keys.
    pub(super) fn foot(&self, sort: &str, keys: &str) -> String {
        if self.typing {
            return format!("filter: {}▏  (Enter: keep it, Esc: clear it)", self.filter);
        }
        let filter = match self.filter.as_str() {
            "" => String::new(),
            text => format!(" [{text}]"),
        };
        let way = if self.reverse { " reversed" } else { "" };
        format!("{keys}  s sort: {sort}{way}  r reverse  / filter{filter}  p pause")
    }
}
