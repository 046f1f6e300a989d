//! Looking into any segment, and changing it, without the Rust type: for tools.
//!
//! [`Inspector`] opens a segment and finds its [`Field`]s, which are read and written as [`Value`]s.

mod encode;
mod error;
mod field;
mod holder;
mod inspector;
mod opened;
mod parse;
mod path;
mod read;
mod tree;
mod value;
mod wait;
mod write;

pub use error::{FieldError, ReadError, WaitError, WriteError};
pub use field::Field;
pub use holder::Holder;
pub use inspector::{InspectOptions, Inspector};
pub use value::Value;
