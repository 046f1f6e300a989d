//! Everything that is asked of the operating system, and nothing else.

mod linux;
mod name_error;

pub(crate) use linux::*;
pub use name_error::NameError;
