//! What the derive makes of each type and attribute, within one process.

mod locked;
mod nested;
mod types;

use shared_testkit::Test;

pub(crate) const TESTS: &[&[Test]] = &[types::TESTS, locked::TESTS, nested::TESTS];
