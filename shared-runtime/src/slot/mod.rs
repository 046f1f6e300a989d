//! The live fields: what lies in a segment, and how it is read and written. One file for each kind of field: how its
//! value lies in an image, and its slot. The verbs that several slots have are in `verbs.rs`, the slots of kinds of a fixed
//! size in `fixed.rs`.
//!
//! A slot knows nothing of segments, headers or handles.

mod array;
mod atomic;
mod base;
mod fail;
pub(crate) mod field;
mod fixed;
mod list;
mod locked;
pub mod mode;
mod net;
mod nothing;
mod number;
mod option;
mod padded;
pub(crate) mod plain;
mod pod;
pub(crate) mod probe;
pub(crate) mod registry;
mod scalar;
#[cfg(test)]
mod tests;
mod text;
mod time;
mod tuple;
mod verbs;
mod watched;

pub use atomic::Atomic;
pub use base::{Slot, Writing, debug, read, read_into};
pub(crate) use base::{check, fill};
#[cfg(feature = "async")]
pub(crate) use base::{read_or_panic, satisfies};
pub use list::List;
pub use locked::Locked;
#[doc(hidden)]
pub use nothing::Nothing;
#[doc(hidden)]
pub use padded::Padded;
#[doc(hidden)]
pub use probe::RefusedSlot;
pub use scalar::Scalar;
#[doc(hidden)]
pub use scalar::{BitOps, Number, ScalarImage, of_image, to_image};
pub use text::Text;
pub use time::ParseTimestampError;
pub use watched::Watched;
