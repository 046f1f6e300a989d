//! What one process writes, the others read: every kind of value.

mod fields;
mod locked;
mod unlocked;

use shared_testkit::{Role, Test};

pub(crate) const ROLES: &[&[Role]] = &[unlocked::ROLES, locked::ROLES];

pub(crate) const TESTS: &[&[Test]] = &[fields::TESTS, unlocked::TESTS, locked::TESTS];
