//! Waiting for a change, asleep or as a task.

mod endless;
mod futures;
mod handover;
mod watched;

use shared_testkit::Test;

pub(crate) const TESTS: &[&[Test]] = &[watched::TESTS, handover::TESTS, futures::TESTS];
