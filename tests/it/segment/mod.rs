//! Segments, their files and their names: creating, opening, replacing and removing.

mod corruption;
mod files;
mod forked;
mod full;
mod interop;
mod killed;
mod mismatch;
mod names;
mod namespaces;
mod permissions;
mod races;
mod stale;

use shared_testkit::Test;

pub(crate) const TESTS: &[&[Test]] = &[
    files::TESTS,
    names::TESTS,
    corruption::TESTS,
    mismatch::TESTS,
    permissions::TESTS,
    namespaces::TESTS,
    full::TESTS,
    forked::TESTS,
    races::TESTS,
    stale::TESTS,
    killed::TESTS,
    interop::TESTS,
];
