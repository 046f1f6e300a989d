//! Which run of the program this is: so that names of two runs differ.

use std::sync::OnceLock;

/// The process that forks all the others: the one that calls this first.
pub(super) fn run() -> u32 {
    static RUN: OnceLock<u32> = OnceLock::new();
    *RUN.get_or_init(std::process::id)
}

/// A name that no other run has. All workers of this one have the same for one `what`.
pub(super) fn unique(what: &str) -> String {
    format!("shared-bench-{}-{what}", run())
}
