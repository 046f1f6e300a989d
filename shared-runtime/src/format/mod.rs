//! The bytes of a segment and what they mean: no operating system, no atomics.

mod capacity;
mod corrupt;
pub(crate) mod entry;
mod error;
mod fingerprint;
pub(crate) mod fixed;
pub(crate) mod header;
pub(crate) mod kind;
pub(crate) mod path;
pub(crate) mod read;
pub(crate) mod schema;
pub(crate) mod shape;
pub(crate) mod table;
pub(crate) mod value;

pub use capacity::CapacityExceeded;
pub use corrupt::Corrupt;
pub use error::HeaderError;
