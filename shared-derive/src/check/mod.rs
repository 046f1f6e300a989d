//! Every rule that an input can break, each with its message.

mod capacity;
mod common;
mod enums;
mod fields;
mod input;
mod refusals;
mod structs;

pub(crate) use input::check;
