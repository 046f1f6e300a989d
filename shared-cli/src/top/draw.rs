//! How a view looks: lines about the whole, a table, and the keys.

use std::ops::Range;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout};
use ratatui::style::{Modifier, Style, Stylize};
use ratatui::text::Line;
use ratatui::widgets::{Cell, Row, Table, TableState};

/// What is on the screen, except for the rows.
pub(super) struct Page<const N: usize> {
    pub(super) head: Vec<String>,
    pub(super) columns: [(&'static str, Constraint); N],
    pub(super) foot: String,
    pub(super) paused: bool,
}

/// The rows around the chosen one that fit on the screen, out of `count`.
pub(super) fn visible<const N: usize>(
    frame: &Frame<'_>,
    page: &Page<N>,
    count: usize,
    table: &mut TableState,
) -> Range<usize> {
    // The heads of the columns, and the foot.
    let taken = page.head.len() + 2;
    let room = usize::from(frame.area().height).saturating_sub(taken);
    let at = table.selected().unwrap_or(0);
    let first = table
        .offset()
        .min(at)
        .max((at + 1).saturating_sub(room))
        .min(count.saturating_sub(room));
    *table.offset_mut() = first;
    first..count.min(first + room)
}

/// Draws a page with those of its rows that are visible, of which the first has the number `first`.
pub(super) fn page<const N: usize>(
    frame: &mut Frame<'_>,
    page: Page<N>,
    rows: Vec<[Cell<'static>; N]>,
    first: usize,
    table: &TableState,
) {
    let head = u16::try_from(page.head.len()).unwrap_or(u16::MAX);
    let areas = Layout::vertical([
        Constraint::Length(head),
        Constraint::Fill(1),
        Constraint::Length(1),
    ]);
    let [top, middle, bottom] = areas.areas(frame.area());
    let mut lines: Vec<Line<'_>> = page.head.into_iter().map(Line::from).collect();
    if let Some(line) = lines.first_mut() {
        *line = std::mem::take(line).bold();
    }
    frame.render_widget(ratatui::text::Text::from(lines), top);
    if page.paused {
        frame.render_widget(Line::from(" PAUSED ").reversed().right_aligned(), top);
    }
    let heads = Row::new(page.columns.map(|(head, _)| head)).add_modifier(Modifier::REVERSED);
    let widths = page.columns.map(|(_, width)| width);
    let rows = rows.into_iter().map(Row::new);
    let drawn = Table::new(rows, widths)
        .header(heads)
        .row_highlight_style(Style::new().add_modifier(Modifier::BOLD | Modifier::UNDERLINED));
    // The table has the visible rows only.
    let chosen = table.selected().and_then(|at| at.checked_sub(first));
    let mut state = TableState::new().with_selected(chosen);
    frame.render_stateful_widget(drawn, middle, &mut state);
    frame.render_widget(Line::from(page.foot).dim(), bottom);
}

/// A cell to be seen at once.
pub(super) fn marked(text: String) -> Cell<'static> {
    Cell::from(text).add_modifier(Modifier::REVERSED)
}

/// How many bars there is room for.
pub(super) fn bars(width: u16) -> u16 {
    match width {
        0..100 => 15,
        100..160 => 30,
        _ => 60,
    }
}

pub(super) fn fill(share: u16) -> Constraint {
    Constraint::Fill(share)
}

pub(super) fn length(length: u16) -> Constraint {
    Constraint::Length(length)
}
