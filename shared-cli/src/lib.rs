//! The command `shmstate`: see and steer any live state.
//!
//! A library, so that its tests and its benchmark reach what the program is made of. For tools of your own, use
//! `shmstate::Inspector` and `shmstate::processes`, as this one does.

pub mod args;
mod commands;
mod condition;
mod failure;
mod metrics;
mod output;
mod target;
pub mod top;
mod truncation;
mod walk;

pub use commands::main;
pub use failure::Failure;
