//! The handle: what a user holds of a segment.

mod children;
mod create;
mod open;
#[cfg(feature = "serde")]
mod serde;
mod shared;

pub use children::ShareCommand;
pub use create::{CreateOptions, Lifetime, OpenOrCreate};
pub use open::OpenOptions;
pub use shared::{ReadOnly, Shared};
