//! One walk over the bytes of a value, by what describes them: a static [`Shape`](crate::format::shape::Shape), or
//! the field table of a segment whose type is not known.
//!
//! [`Part::content`] is one step of it: it decides what bytes mean and what is wrong with them. Its visitors go from a
//! part to the parts below: `check`, `debug`, and the inspector's reader, which makes values.

mod check;
mod debug;
mod node;
mod part;

pub(crate) use check::check;
pub(crate) use debug::ShownPart;
pub(crate) use node::{Node, index};
pub(crate) use part::{Bytes, Content, Part, Primitive};
