//! The names of metrics.
//!
//! A name is made of the state's name and the field's path; characters that it may not have are replaced. Two different
//! fields could so get the same name, and be mixed in one metric: the later one gets a number.

use std::collections::{HashMap, HashSet};

use heck::ToSnakeCase;

/// What identifies a metric: numbers that differ in any of this belong to different metrics.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Source {
    /// The name of the state's struct.
    pub(super) type_name: String,
    /// The path of the field without indices: `rows[].served`.
    pub(super) pattern: String,
    pub(super) counter: bool,
    pub(super) seconds: bool,
    /// How many labels a series has.
    pub(super) labels: usize,
}

/// The names given out so far.
#[derive(Default)]
pub(super) struct Names {
    prefix: Option<String>,
    given: HashMap<Source, String>,
    /// What stands in the text, with suffixes.
    taken: HashSet<String>,
}

impl Names {
    pub(super) fn new(prefix: Option<&str>) -> Names {
        Names {
            prefix: prefix.map(str::to_owned),
            ..Names::default()
        }
    }

    pub(super) fn of(&mut self, source: &Source) -> String {
        if let Some(name) = self.given.get(source) {
            return name.clone();
        }
        let prefix = match (&self.prefix, source.type_name.as_str()) {
            (Some(prefix), _) => prefix.clone(),
            (None, "") => "shmstate".to_owned(),
            (None, name) => name.to_snake_case(),
        };
        let field = match source.pattern.as_str() {
            "" | "[]" => "value",
            pattern => pattern,
        };
        let mut plain = valid(&format!("{prefix}_{field}"));
        // The format has its own words for these, and puts them behind the name.
        if source.counter {
            plain.truncate(plain.strip_suffix("_total").unwrap_or(&plain).len());
        }
        if source.seconds {
            plain.truncate(plain.strip_suffix("_seconds").unwrap_or(&plain).len());
        }
        let mut name = plain.clone();
        let mut number = 2;
        while !self.take(&name, source) {
            name = format!("{plain}_{number}");
            number += 1;
        }
        self.given.insert(source.clone(), name.clone());
        name
    }

    /// Takes the name with all its suffixes; returns whether all of them were free.
    fn take(&mut self, name: &str, source: &Source) -> bool {
        let unit = if source.seconds { "_seconds" } else { "" };
        let family = format!("{name}{unit}");
        let mut shown = vec![family.clone()];
        if source.counter {
            shown.push(format!("{family}_total"));
        }
        if shown.iter().any(|name| self.taken.contains(name)) {
            return false;
        }
        self.taken.extend(shown);
        true
    }
}

/// Letters, digits and single underscores, none of them at the ends, and no digit first.
fn valid(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let name = words.join("_");
    match name.chars().next() {
        None => "value".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("n{name}"),
        Some(_) => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(type_name: &str, pattern: &str, counter: bool, seconds: bool) -> Source {
        Source {
            type_name: type_name.to_owned(),
            pattern: pattern.to_owned(),
            counter,
            seconds,
            labels: 1,
        }
    }

    #[test]
    fn a_name_is_made_of_the_state_and_the_path() {
        let mut names = Names::new(None);
        for (type_name, pattern, name) in [
            ("Progress", "done", "progress_done"),
            (
                "HttpServer",
                "workers[].served",
                "http_server_workers_served",
            ),
            ("", "", "shmstate_value"),
            ("", "[].1", "shmstate_1"),
            ("Zähler", "größe", "z_hler_gr_e"),
            ("9", "x", "n9_x"),
        ] {
            assert_eq!(names.of(&source(type_name, pattern, false, false)), name);
        }
    }

    #[test]
    fn two_fields_never_share_a_name() {
        let mut names = Names::new(Some("app"));
        let mut of = |pattern, counter, seconds| names.of(&source("T", pattern, counter, seconds));
        assert_eq!(of("a_b", false, false), "app_a_b");
        assert_eq!(of("a.b", false, false), "app_a_b_2");
        assert_eq!(of("a_b", false, false), "app_a_b");
        // A counter `n` stands in the text as `n_total`.
        assert_eq!(of("n", true, false), "app_n");
        assert_eq!(of("n_total", false, false), "app_n_total_2");
        assert_eq!(of("m_total", true, false), "app_m");
        // A duration `t` as `t_seconds`.
        assert_eq!(of("t", false, true), "app_t");
        assert_eq!(of("t_seconds", false, false), "app_t_seconds_2");
    }
}
