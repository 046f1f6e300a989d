//! Plain structs whose fields live in shared memory: one set of fields for every process.
//!
//! To look up what a method may do (panic, retry, allocate, block): [`operations`]. To learn: [`guide`].
//! To read a segment without this library: [`format`](mod@crate::format).
//!
//! [operations]: crate::operations
//! [guide]: crate::guide
//! [limits]: crate::guide#what-is-guaranteed
//! [protocol]: crate::protocol
//! [format]: mod@crate::format
//!
// These definitions come before those of the README, which lead to files and not to pages, and so they win.
#![doc = include_str!("../README.md")]

pub use shared_derive::SharedState;
#[cfg(feature = "async")]
pub use shared_runtime::future;
#[doc(hidden)]
pub use shared_runtime::{__private, Plain, mode};
pub use shared_runtime::{
    Access, Atomic, CapacityExceeded, Corrupt, CreateError, CreateOptions, HeaderError, Lifetime,
    List, Locked, NameError, OpenError, OpenOptions, OpenOrCreate, ReadOnly, RemoveError, Schema,
    SchemaField, ShareCommand, Shared, SharedState, Slot, SystemError, Text, TimedOut, Timestamp,
    UpdateError, Watched, Zeroed, access, remove, slot,
};
#[cfg(feature = "tools")]
pub use shared_runtime::{
    Inspector, inspect,
    processes::{self, segments},
};

/// What most programs import: `use shmstate::prelude::*;`.
pub mod prelude {
    pub use crate::{Access, ReadOnly, ShareCommand, Shared, SharedState, Slot};
}

// The same here: links from page to page.
#[doc = "[combine]: crate::operations#which-attributes-combine\n[format]: mod@crate::format"]
#[doc = "[command]: crate#the-command-line-tool\n[operations]: crate::operations\n\n"]
#[doc = include_str!("../docs/guide.md")]
pub mod guide {}

#[doc = include_str!("../docs/operations.md")]
pub mod operations {}

#[doc = "[protocol]: crate::protocol\n\n"]
#[doc = include_str!("../docs/format.md")]
pub mod format {}

#[doc = "[format]: mod@crate::format\n\n"]
#[doc = include_str!("../docs/protocol.md")]
pub mod protocol {}
