//! What tools see and change without a type: the inspector, and who has a segment.

mod inspector;
mod processes;

use shared_testkit::{Role, Test};

pub(crate) const ROLES: &[&[Role]] = &[inspector::ROLES, processes::ROLES];

pub(crate) const TESTS: &[&[Test]] = &[inspector::TESTS, processes::TESTS];
