//! The median of the rounds, and how far they spread.

use std::fmt;

/// The middle one of some figures, the least and the most.
#[derive(Clone, Copy)]
pub(crate) struct Figures {
    pub(crate) least: f64,
    pub(crate) median: f64,
    pub(crate) most: f64,
}

impl Figures {
    pub(crate) fn of(figures: &[f64]) -> Self {
        let mut sorted = figures.to_vec();
        sorted.sort_by(f64::total_cmp);
        Figures {
            least: sorted.first().copied().unwrap_or(f64::NAN),
            median: sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN),
            most: sorted.last().copied().unwrap_or(f64::NAN),
        }
    }

    /// Of the ratios of each round by itself: the machine's own pace changes from one to the next.
    pub(crate) fn of_ratios(above: &[f64], below: &[f64]) -> Self {
        let ratios: Vec<f64> = above.iter().zip(below).map(|(a, b)| a / b).collect();
        Self::of(&ratios)
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Figures {
            least,
            median,
            most,
        } = *self;
        let digits = match median {
            median if median < 10.0 => 2,
            median if median < 100.0 => 1,
            _ => 0,
        };
        write!(f, "{median:.digits$} ({least:.digits$} to {most:.digits$})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slow_round_moves_the_most_and_not_the_median() {
        let figures = Figures::of(&[3.0, 1.0, 2.0, 100.0, 2.5]);
        assert_eq!(figures.to_string(), "2.50 (1.00 to 100.00)");
    }

    /// A machine that is twice as slow in every other round: both sides are, and the ratio is not.
    #[test]
    fn a_ratio_is_of_the_same_round() {
        let (ours, theirs) = ([1.0, 2.0, 1.0, 2.0, 1.0], [2.0, 4.0, 2.0, 4.0, 2.0]);
        let ratios = Figures::of_ratios(&ours, &theirs);
        assert_eq!(ratios.to_string(), "0.50 (0.50 to 0.50)");
    }
}
