//! The view of one segment.

use std::cmp::Ordering;
use std::time::{Duration, Instant};

use ratatui::Frame;
use ratatui::crossterm::event::{KeyCode, KeyEvent};
use ratatui::text::Line;
use ratatui::widgets::Cell;
use shmstate::Inspector;

use super::about::About;
use super::controls::{Controls, Pressed};
use super::draw::{self, Page};
use super::watch::{Lock, Row, Shown, Watch};
use super::{Action, View};
use crate::output::{self, clean};

/// How the rows may be sorted: in the order of the fields, by name, by value, and by how fast they change.
const SORTS: [&str; 4] = ["place", "name", "value", "change"];

/// `/proc` is looked through at most as often as this, and seldom enough that it takes a twentieth of the time at most.
const CENSUS: Duration = Duration::from_secs(2);
const CENSUS_SHARE: u32 = 20;

/// The fields of a segment, live.
pub struct Fields<'a> {
    inspector: &'a Inspector,
    watch: Watch<'a>,
    controls: Controls,
    /// The rows that are shown, in their order.
    arranged: Vec<usize>,
    about: About,
    look_around: Box<dyn FnMut(&Inspector) -> About + 'a>,
    next_look: Option<Instant>,
    page: usize,
}

impl<'a> Fields<'a> {
    /// A view of a segment; `about` finds what is said of it as a whole.
    pub fn new(
        inspector: &'a Inspector,
        about: Box<dyn FnMut(&Inspector) -> About + 'a>,
    ) -> Fields<'a> {
        let watch = Watch::new(inspector);
        let mut fields = Fields {
            inspector,
            watch,
            controls: Controls::default(),
            arranged: Vec::new(),
            about: About::default(),
            look_around: about,
            next_look: None,
            page: 1,
        };
        fields.arrange();
        fields
    }

    /// Filters and sorts anew.
    fn arrange(&mut self) {
        let rows = &self.watch.rows;
        let wanted = |i: &usize| rows[*i].path.contains(&self.controls.filter);
        let mut arranged: Vec<usize> = (0..rows.len()).filter(wanted).collect();
        match SORTS[self.controls.sort] {
            "name" => arranged.sort_by(|a, b| rows[*a].path.cmp(&rows[*b].path)),
            // The largest first, and what is not a number last.
            "value" => arranged.sort_by(|a, b| largest(rows[*a].number(), rows[*b].number())),
            "change" => {
                let speed = |i: usize| rows[i].rate.map(f64::abs);
                arranged.sort_by(|a, b| largest(speed(*a), speed(*b)));
            }
            _ => {}
        }
        if self.controls.reverse {
            arranged.reverse();
        }
        self.controls.fit(arranged.len());
        self.arranged = arranged;
    }

    fn look_around(&mut self, now: Instant) {
        if self.next_look.is_none_or(|next| now >= next) {
            let start = Instant::now();
            self.about = (self.look_around)(self.inspector);
            let pause = (start.elapsed() * CENSUS_SHARE).max(CENSUS);
            self.next_look = Some(now + pause);
        }
    }

    fn locks(&self) -> String {
        let mut held = self.watch.held();
        let Some((path, holder)) = held.next() else {
            return "no lock is held".to_owned();
        };
        let more = match held.count() {
            0 => String::new(),
            n => format!(", and {n} more"),
        };
        let path = if path.is_empty() { "." } else { path };
        format!("`{}` is {}{more}", clean(path), output::holder(holder))
    }

    fn row(&self, row: &Row, bars: usize) -> [Cell<'static>; 5] {
        let path = if row.path.is_empty() { "." } else { &row.path };
        let history = self.watch.times.bars(&row.history, bars);
        let value = match &row.shown {
            Shown::Value(value) => clean(&value.to_string()),
            Shown::Heading => String::new(),
            Shown::Error(error) => format!("({})", clean(error)),
        };
        let rate = row.rate.map_or_else(String::new, rate);
        [
            Cell::from(clean(path)),
            Cell::from(value),
            Cell::from(Line::from(rate).right_aligned()),
            Cell::from(history),
            row.lock.as_ref().map_or_else(Cell::default, lock),
        ]
    }
}

impl View for Fields<'_> {
    fn update(&mut self, now: Instant) {
        self.look_around(now);
        self.watch.update(now);
        if self.controls.sort != 0 {
            self.arrange();
        }
    }

    fn draw(&mut self, frame: &mut Frame<'_>) {
        let width = frame.area().width;
        let bars = draw::bars(width);
        let cut = if self.watch.is_cut {
            format!("; only the first {} fields", self.watch.rows.len())
        } else {
            String::new()
        };
        let page = Page {
            head: vec![
                self.about.what.clone(),
                self.about.processes.clone(),
                self.locks() + &cut,
            ],
            columns: [
                ("FIELD", draw::fill(3)),
                ("VALUE", draw::fill(2)),
                ("CHANGE/S", draw::length(8)),
                ("LAST MINUTE", draw::length(bars)),
                ("LOCK", draw::length(13)),
            ],
            foot: self.controls.foot(SORTS[self.controls.sort], "q quit"),
            paused: self.controls.paused,
        };
        let rows = draw::visible(frame, &page, self.arranged.len(), &mut self.controls.table);
        self.page = rows.len().max(1);
        let cells = self.arranged[rows.clone()]
            .iter()
            .map(|i| self.row(&self.watch.rows[*i], bars.into()))
            .collect();
        draw::page(frame, page, cells, rows.start, &self.controls.table);
    }

    fn key(&mut self, key: KeyEvent) -> Action {
        let rows = self.arranged.len();
        match self.controls.key(key, rows, self.page, SORTS.len()) {
            Pressed::Arranged => self.arrange(),
            Pressed::Moved => {}
            Pressed::Other => match key.code {
                KeyCode::Char('q') => return Action::Quit,
                KeyCode::Esc | KeyCode::Backspace | KeyCode::Left => return Action::Back,
                _ => {}
            },
        }
        Action::Stay
    }

    fn is_paused(&self) -> bool {
        self.controls.paused
    }
}

fn largest(left: Option<f64>, right: Option<f64>) -> Ordering {
    let number = |n: Option<f64>| n.filter(|n| !n.is_nan()).unwrap_or(f64::NEG_INFINITY);
    number(right).total_cmp(&number(left))
}

/// In a few digits: `-1.2k`.
fn rate(rate: f64) -> String {
    const UNITS: [&str; 7] = ["", "k", "M", "G", "T", "P", "E"];
    if rate == 0.0 {
        return "0".to_owned();
    }
    let (mut rate, mut unit) = (rate, 0);
    while rate.abs() >= 999.5 && unit + 1 < UNITS.len() {
        rate /= 1000.0;
        unit += 1;
    }
    let digits = match rate.abs() {
        size if size >= 99.95 => 0,
        size if size >= 0.1 => 1,
        _ => return format!("{rate:.0e}"),
    };
    format!("{rate:.digits$}{}", UNITS[unit])
}

fn lock(lock: &Lock) -> Cell<'static> {
    let Some(holder) = &lock.holder else {
        return Cell::from(format!("version {}", lock.version));
    };
    let by = match (holder.alive, holder.process.or(holder.thread)) {
        (Some(true) | None, Some(id)) => id.to_string(),
        _ => "the dead".to_owned(),
    };
    draw::marked(format!("held {by}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_have_a_few_digits() {
        let rates = [0.0, 1.0, -1_234.0, 999_600.0, 1e30, 0.25, 0.001];
        let shown = rates.map(rate);
        let expected = ["0", "1.0", "-1.2k", "1.0M", "1000000000000E", "0.2", "1e-3"];
        assert_eq!(shown, expected);
    }

    #[test]
    fn what_is_no_number_comes_last() {
        let mut numbers = [None, Some(1.0), Some(f64::NAN), Some(3.0), Some(-2.0)];
        numbers.sort_by(|a, b| largest(*a, *b));
        assert_eq!(numbers[..3], [Some(3.0), Some(1.0), Some(-2.0)]);
    }
}
