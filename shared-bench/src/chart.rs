//! A chart of a column: a bar for each peer, on a logarithmic scale, with the least and the most round.

use std::error::Error;
use std::path::Path;

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::figures::Figures;
use crate::harness::Cell;
use crate::rows::is_ours;
use crate::table::Table;
use crate::work::{counter, fields, hammered, hand_over, record, recovery, segment};

/// The columns that are drawn, of each table.
const DRAWN: [(&str, &[&str]); 8] = [
    (counter::FIELD, &[counter::ADD, counter::ADD_TWO]),
    (
        record::SMALL_TITLE,
        &[record::READ, record::CHANGE, record::READ_UNDER_WRITER],
    ),
    (
        record::MIDDLE_TITLE,
        &[record::READ, record::CHANGE, record::READ_UNDER_WRITER],
    ),
    (hand_over::TITLE, &[hand_over::AWAKE, hand_over::ASLEEP]),
    (recovery::TITLE, &[recovery::AFTER]),
    (segment::TITLE, &[segment::CREATE, segment::OPEN]),
    (fields::TITLE, &[fields::GET_MOST]),
    (record::HAMMERED, &[hammered::TWO]),
];

const WIDTH: i32 = 860;
const LABELS: i32 = 290;
const ROW: i32 = 24;
const HEAD: i32 = 40;
const FIGURES: i32 = 90;
const OURS: RGBColor = RGBColor(31, 119, 180);
const OTHERS: RGBColor = RGBColor(160, 160, 160);
const WRONG: RGBColor = RGBColor(214, 120, 110);
/// Readable on light and dark pages.
const INK: RGBColor = RGBColor(110, 110, 110);

/// Draws what is to be drawn of the table into the folder: file names and descriptions.
pub(crate) fn draw(
    table: &Table,
    folder: &Path,
) -> Result<Vec<(String, String)>, Box<dyn Error + Send + Sync>> {
    let columns = DRAWN.iter().find(|(title, _)| *title == table.title);
    let mut drawn = Vec::new();
    for column in columns.map_or(&[][..], |(_, columns)| columns) {
        let title = format!("{}: {column}", table.title);
        let file = format!("{}.svg", slug(&title));
        if let Some(unit) = table.unit(column)
            && column_chart(table, column, unit, &title, &folder.join(&file))?
        {
            drawn.push((file, title));
        }
    }
    Ok(drawn)
}

fn slug(title: &str) -> String {
    let words = title.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join("-")
}

/// A row of the chart.
struct Bar {
    name: String,
    figures: Figures,
    wrong: bool,
}

fn column_chart(
    table: &Table,
    column: &str,
    unit: &str,
    title: &str,
    path: &Path,
) -> Result<bool, Box<dyn Error + Send + Sync>> {
    let mut bars: Vec<Bar> = Vec::new();
    for row in &table.rows {
        if let Some(Cell::Figures { rounds, wrong }) = table.cell(row.name, column) {
            bars.push(Bar {
                name: row.name.replace('`', ""),
                figures: Figures::of(rounds),
                wrong: wrong.is_some(),
            });
        }
    }
    if bars.is_empty() {
        return Ok(false);
    }
    bars.sort_by(|a, b| a.figures.median.total_cmp(&b.figures.median));
    if unit == "million/s" {
        bars.reverse(); // the best first, in any unit
    }
    let least = bars
        .iter()
        .map(|bar| bar.figures.least)
        .fold(f64::MAX, f64::min);
    let most = bars.iter().map(|bar| bar.figures.most).fold(0.0, f64::max);
    let (from, to) = (least.log10().floor(), most.log10().ceil());
    let width = f64::from(WIDTH - LABELS - FIGURES);
    #[allow(clippy::cast_possible_truncation)] // within the picture
    let x = |value: f64| LABELS + ((value.log10() - from) / (to - from).max(1.0) * width) as i32;

    let rows = i32::try_from(bars.len())?;
    let height = HEAD + rows * ROW + ROW;
    let size = (WIDTH.unsigned_abs(), height.unsigned_abs());
    let area = SVGBackend::new(path, size).into_drawing_area();
    let text = |size: i32| ("sans-serif", size).into_font().color(&INK);
    let right = text(13).pos(Pos::new(HPos::Right, VPos::Center));
    let left = text(13).pos(Pos::new(HPos::Left, VPos::Center));
    let center = text(12).pos(Pos::new(HPos::Center, VPos::Center));
    let heading = format!("{title} ({unit}, logarithmic)");
    area.draw(&Text::new(heading, (8, 10), text(16)))?;
    let mut decade = from;
    while decade <= to {
        let at = x(10_f64.powf(decade));
        area.draw(&PathElement::new(
            [(at, HEAD - 4), (at, HEAD + rows * ROW)],
            OTHERS.mix(0.4),
        ))?;
        let label = format!("{}", 10_f64.powf(decade));
        area.draw(&Text::new(
            label,
            (at, HEAD + rows * ROW + 12),
            center.clone(),
        ))?;
        decade += 1.0;
    }
    for (y, bar) in (0..).map(|row| HEAD + row * ROW + ROW / 2).zip(&bars) {
        let color = match bar {
            Bar { wrong: true, .. } => WRONG,
            bar if is_ours(&bar.name) => OURS,
            _ => OTHERS,
        };
        let Figures {
            least,
            median,
            most,
        } = bar.figures;
        let name = if bar.wrong { "wrong: " } else { "" }.to_owned() + &bar.name;
        area.draw(&Text::new(name, (LABELS - 8, y), right.clone()))?;
        let corners = [(LABELS, y - 8), (x(median), y + 8)];
        area.draw(&Rectangle::new(corners, color.filled()))?;
        area.draw(&PathElement::new([(x(least), y), (x(most), y)], INK))?;
        for end in [least, most] {
            area.draw(&PathElement::new([(x(end), y - 4), (x(end), y + 4)], INK))?;
        }
        let figure = bar.figures.to_string();
        let figure = figure.split(' ').next().unwrap_or_default().to_owned();
        area.draw(&Text::new(figure, (x(most) + 6, y), left.clone()))?;
    }
    area.present()?;
    Ok(true)
}
