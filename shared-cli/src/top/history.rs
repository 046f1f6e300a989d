//! The last minute.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// How far back it goes.
const SPAN: Duration = Duration::from_secs(60);

/// The least time between two points; the fields may be read more often.
const APART: Duration = Duration::from_millis(950);

/// When the points of all histories were taken.
#[derive(Default)]
pub(super) struct Times {
    times: VecDeque<Instant>,
}

/// What one number was at those times.
#[derive(Default)]
pub(super) struct History {
    points: VecDeque<f64>,
}

impl Times {
    /// Whether a point is due at `now`, and how many of the oldest are to be dropped.
    pub(super) fn tick(&mut self, now: Instant) -> Option<usize> {
        if let Some(last) = self.times.back()
            && now.duration_since(*last) < APART
        {
            return None;
        }
        let old = |time: &Instant| now.duration_since(*time) > SPAN;
        // The last of the old points is kept: it is the value at the start of the minute.
        let gone = self.times.iter().take_while(|time| old(time)).count();
        let gone = gone.saturating_sub(1);
        self.times.drain(..gone);
        self.times.push_back(now);
        Some(gone)
    }

    /// The minute before the last point, as `width` bars of eight heights between the least and the most.
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss
    )] // a few columns, of eight heights
    pub(super) fn bars(&self, history: &History, width: usize) -> String {
        const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
        let Some(end) = self.times.back() else {
            return String::new();
        };
        // A field may be younger than the view, as a list's element is.
        let times = self.times.iter().rev().zip(history.points.iter().rev());
        let points: Vec<(Instant, f64)> = times
            .map(|(time, point)| (*time, *point))
            .filter(|(_, point)| point.is_finite())
            .collect();
        let column = |i: usize| {
            let back = |i: usize| SPAN.mul_f64((width - i) as f64 / width as f64);
            let before = end.checked_sub(back(i));
            let at = end.checked_sub(back(i + 1))?;
            // The newest first: the largest point of the column, or if there is none, the point before it.
            let mut points = points.iter().skip_while(|(time, _)| *time > at);
            let (time, mut most) = *points.next()?;
            if before.is_none_or(|before| time > before) {
                let within = points.take_while(|(time, _)| before.is_none_or(|b| *time > b));
                most = within.fold(most, |most, (_, number)| number.max(most));
            }
            Some(most)
        };
        let columns: Vec<Option<f64>> = (0..width).map(column).collect();
        let seen = || columns.iter().flatten();
        let least = seen().copied().fold(f64::INFINITY, f64::min);
        let most = seen().copied().fold(f64::NEG_INFINITY, f64::max);
        columns
            .iter()
            .map(|column| match *column {
                None => ' ',
                Some(_) if most <= least => BARS[0],
                Some(number) => {
                    let height = (number - least) / (most - least) * 7.0;
                    BARS[(height.round() as usize).min(7)]
                }
            })
            .collect()
    }
}

impl History {
    /// Another point; of the oldest, `gone` are dropped.
    pub(super) fn push(&mut self, number: f64, gone: usize) {
        self.points.drain(..gone.min(self.points.len()));
        self.points.push_back(number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bars(numbers: &[f64], every: u64, width: usize) -> String {
        let (mut times, mut history) = (Times::default(), History::default());
        let start = Instant::now();
        for (i, number) in (0..).zip(numbers) {
            let gone = times.tick(start + Duration::from_secs(i * every));
            history.push(*number, gone.expect("seconds are far enough apart"));
        }
        times.bars(&history, width)
    }

    #[test]
    fn a_minute_is_drawn_between_its_least_and_its_most() {
        let ramp: Vec<f64> = (0..=60).map(f64::from).collect();
        assert_eq!(bars(&ramp, 1, 8), "▁▂▃▄▅▆▇█");
        assert_eq!(bars(&[5.0; 90], 1, 8), "▁▁▁▁▁▁▁▁");
        assert_eq!(bars(&[], 1, 8), "");
    }

    #[test]
    fn what_was_not_seen_is_not_drawn() {
        assert_eq!(bars(&[0.0, 1.0], 1, 60), format!("{}▁█", " ".repeat(58)));
        // Between two points the value of the first counts.
        assert_eq!(
            bars(&[0.0, 1.0], 5, 60),
            format!("{}▁▁▁▁▁█", " ".repeat(54))
        );
    }

    #[test]
    fn what_is_older_than_a_minute_is_forgotten() {
        let mut numbers = vec![1_000.0];
        numbers.extend([0.0; 61]);
        numbers.extend([1.0]);
        assert_eq!(bars(&numbers, 1, 60), format!("{}█", "▁".repeat(59)));
    }

    #[test]
    fn looks_that_are_close_make_one_point() {
        let mut times = Times::default();
        let start = Instant::now();
        assert!(times.tick(start).is_some());
        assert!(times.tick(start + Duration::from_millis(100)).is_none());
        assert!(times.tick(start + Duration::from_secs(1)).is_some());
    }

    #[test]
    fn what_is_no_number_leaves_a_gap_and_no_scale() {
        assert_eq!(bars(&[f64::NAN, f64::INFINITY], 1, 4), "    ");
    }
}
