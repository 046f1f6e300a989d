//! Linux on 64-bit little-endian machines.

pub(super) mod call;
pub(super) mod file;
pub(super) mod handoff;
pub(super) mod identity;
pub(super) mod memory;
pub(super) mod names;
pub(super) mod observe;
pub(super) mod owner;
mod proc;
mod robust;
pub(super) mod wait;
#[cfg(feature = "async")]
pub(super) mod watcher;
