//! What can go wrong, by operation.

mod corrupt;

pub use corrupt::Corrupt;
