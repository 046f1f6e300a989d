//! The command line of a test binary: that of the standard library's harness, as far as it makes sense here.

use std::env;
use std::hash::{BuildHasher, RandomState};
use std::thread::available_parallelism;

#[allow(clippy::struct_excessive_bools)] // one for each flag
pub(crate) struct Options {
    pub(crate) list: bool,
    pub(crate) capture: bool,
    /// Whether to say how long each test took.
    pub(crate) times: bool,
    /// How many tests run at once.
    pub(crate) at_once: usize,
    /// What random tests begin with.
    pub(crate) seed: u64,
    exact: bool,
    only_ignored: bool,
    filters: Vec<String>,
    skip: Vec<String>,
}

impl Options {
    pub(crate) fn parse() -> Options {
        let mut parsed = Options {
            list: false,
            capture: true,
            times: false,
            at_once: 0,
            // Short enough to be typed.
            seed: RandomState::new().hash_one(0) >> 40,
            exact: false,
            only_ignored: false,
            filters: Vec::new(),
            skip: Vec::new(),
        };
        let mut threads = env::var("RUST_TEST_THREADS").ok();
        let mut arguments = env::args().skip(1);
        while let Some(argument) = arguments.next() {
            let (option, value) = match argument.split_once('=') {
                Some((option, value)) if option.starts_with("--") => {
                    (option, Some(value.to_owned()))
                }
                _ => (argument.as_str(), None),
            };
            let mut value = || value.clone().or_else(|| arguments.next());
            match option {
                "--list" => parsed.list = true,
                "--exact" => parsed.exact = true,
                "--nocapture" | "--no-capture" => parsed.capture = false,
                "--ignored" => parsed.only_ignored = true,
                "--report-time" => parsed.times = true,
                "--skip" => parsed.skip.extend(value()),
                "--test-threads" => threads = value(),
                "--seed" => {
                    let seed = value().and_then(|text| text.parse().ok());
                    parsed.seed = seed.expect("`--seed` takes a number");
                }
                // Of the other options these have a value, which is not a filter.
                "--format" | "--color" | "--logfile" | "--shuffle-seed" | "-Z" => drop(value()),
                _ if option.starts_with('-') => {}
                _ => parsed.filters.push(argument),
            }
        }
        parsed.at_once = match threads {
            Some(count) => count.parse().expect("`--test-threads` takes a number"),
            // What several tests print at once cannot be told apart.
            None if !parsed.capture => 1,
            None => available_parallelism().map_or(1, usize::from),
        };
        parsed
    }

    /// Whether the test of this name is to run.
    pub(crate) fn choose(&self, name: &str) -> bool {
        let matches = |pattern: &String| {
            if self.exact {
                name == pattern
            } else {
                name.contains(pattern.as_str())
            }
        };
        // No test is marked as ignored.
        !self.only_ignored
            && (self.filters.is_empty() || self.filters.iter().any(matches))
            && !self.skip.iter().any(matches)
    }
}
