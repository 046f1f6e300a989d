//! The lock of a slot: who gets it, who has it, and what is left of the dead.

mod contention;
mod owners;

use shared_testkit::{Role, Test};

pub(crate) const ROLES: &[&[Role]] = &[owners::ROLES];

pub(crate) const TESTS: &[&[Test]] = &[contention::TESTS, owners::TESTS];
