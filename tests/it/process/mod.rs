//! Handles from process to process.

mod children;
mod many;
mod messages;

use shared_testkit::{Role, Test};

pub(crate) const ROLES: &[&[Role]] = &[children::ROLES, many::ROLES];

pub(crate) const TESTS: &[&[Test]] = &[children::TESTS, many::TESTS, messages::TESTS];
