//! From the model to code. Nothing can go wrong here.
//!
//! The derive's unsafe is one `unsafe impl` in [`slots`] and three in [`image`]. Generated code names `__private` and
//! `::core` by absolute paths and calls functions by theirs, so that nothing in the user's scope comes
//! in between. Locals start with two underscores, because a constant in scope would otherwise turn a
//! binding of its name into a pattern.

mod derive;
mod enumeration;
mod field;
mod image;
mod parts;
mod refused;
mod slots;
mod state;

pub(crate) use derive::derive;
