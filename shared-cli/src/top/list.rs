//! The view of all segments.

use std::time::{Duration, Instant};

use ratatui::Frame;
use ratatui::crossterm::event::{KeyCode, KeyEvent};
use ratatui::text::Line;
use ratatui::widgets::Cell;
use shmstate::processes::{self, Place, SegmentInfo};

use super::controls::{Controls, Pressed};
use super::{Action, View, draw};
use crate::output::{self, clean};

const SORTS: [&str; 4] = ["name", "size", "age", "processes"];

/// Looking through `/proc` takes a twentieth of the time at most.
const CENSUS_SHARE: u32 = 20;

#[derive(Default)]
pub(super) struct List {
    segments: Vec<SegmentInfo>,
    arranged: Vec<usize>,
    controls: Controls,
    complaint: Option<String>,
    next_look: Option<Instant>,
    page: usize,
}

impl List {
    pub(super) fn new() -> List {
        List::default()
    }

    /// Shows why something did not work, until the next key.
    pub(super) fn complain(&mut self, complaint: String) {
        self.complaint = Some(complaint);
    }

    fn arrange(&mut self) {
        let segments = &self.segments;
        let wanted = |i: &usize| output::name(&segments[*i].place).contains(&self.controls.filter);
        let mut arranged: Vec<usize> = (0..segments.len()).filter(wanted).collect();
        let created = |i: usize| segments[i].description.as_ref().ok().map(|it| it.created);
        match SORTS[self.controls.sort] {
            "size" => arranged.sort_by_key(|i| std::cmp::Reverse(segments[*i].size)),
            "age" => arranged.sort_by_key(|i| std::cmp::Reverse(created(*i))),
            "processes" => {
                let count = |i: usize| segments[i].processes.found.len();
                arranged.sort_by_key(|i| std::cmp::Reverse(count(*i)));
            }
            // In the order of the list.
            _ => {}
        }
        if self.controls.reverse {
            arranged.reverse();
        }
        self.controls.fit(arranged.len());
        self.arranged = arranged;
    }

    /// The name or token that opens the chosen segment.
    fn chosen(&self) -> Option<String> {
        let at = self.controls.table.selected()?;
        let info = &self.segments[*self.arranged.get(at)?];
        match &info.place {
            Place::Named { name } => Some(name.clone()),
            _ => info.token(),
        }
    }
}

impl View for List {
    fn update(&mut self, now: Instant) {
        if self.next_look.is_some_and(|next| now < next) {
            return;
        }
        let start = Instant::now();
        match processes::segments() {
            Ok(segments) => self.segments = segments,
            Err(error) => self.complain(error.to_string()),
        }
        self.next_look = Some(
            now + start
                .elapsed()
                .mul_f64(CENSUS_SHARE.into())
                .max(Duration::ZERO),
        );
        self.arrange();
    }

    fn draw(&mut self, frame: &mut Frame<'_>) {
        let head = match (&self.complaint, self.segments.len()) {
            (Some(complaint), _) => complaint.clone(),
            (None, 1) => "1 segment".to_owned(),
            (None, n) => format!("{n} segments"),
        };
        let page = draw::Page {
            head: vec![head],
            columns: [
                ("NAME", draw::fill(2)),
                ("TYPE", draw::fill(1)),
                ("FIELDS", draw::length(6)),
                ("SIZE", draw::length(8)),
                ("AGE", draw::length(4)),
                ("STATE", draw::length(10)),
                ("PROCESSES", draw::fill(2)),
            ],
            foot: self
                .controls
                .foot(SORTS[self.controls.sort], "q quit  Enter open"),
            paused: self.controls.paused,
        };
        let rows = draw::visible(frame, &page, self.arranged.len(), &mut self.controls.table);
        self.page = rows.len().max(1);
        let cells = self.arranged[rows.clone()]
            .iter()
            .map(|i| row(&self.segments[*i]))
            .collect();
        draw::page(frame, page, cells, rows.start, &self.controls.table);
    }

    fn key(&mut self, key: KeyEvent) -> Action {
        self.complaint = None;
        let rows = self.arranged.len();
        match self.controls.key(key, rows, self.page, SORTS.len()) {
            Pressed::Arranged => self.arrange(),
            Pressed::Moved => {}
            Pressed::Other => match key.code {
                KeyCode::Char('q') | KeyCode::Esc => return Action::Quit,
                KeyCode::Enter | KeyCode::Right => match self.chosen() {
                    Some(name) => return Action::Open(name),
                    None => self.complain("it cannot be opened".to_owned()),
                },
                _ => {}
            },
        }
        Action::Stay
    }

    fn is_paused(&self) -> bool {
        self.controls.paused
    }
}

fn row(info: &SegmentInfo) -> [Cell<'static>; 7] {
    let right = |text: String| Cell::from(Line::from(text).right_aligned());
    let (type_name, fields, age) = match &info.description {
        Ok(it) => (
            clean(&it.type_name),
            it.fields.to_string(),
            output::age(it.created),
        ),
        Err(_) => ("?".to_owned(), String::new(), String::new()),
    };
    let processes: Vec<String> = info.processes.found.iter().map(output::process).collect();
    [
        Cell::from(output::name(&info.place)),
        Cell::from(type_name),
        right(fields),
        right(output::size(info.size)),
        right(age),
        Cell::from(output::liveness(&info.liveness)),
        Cell::from(processes.join(", ")),
    ]
}
