//! Bytes that somebody who means harm has written.

mod mutations;
mod scribble;
mod tables;

use shared_testkit::Test;

pub(crate) const TESTS: &[&[Test]] = &[tables::TESTS, mutations::TESTS, scribble::TESTS];
