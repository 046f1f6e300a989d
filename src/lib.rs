#![doc = include_str!("../README.md")]

pub use shared_derive::SharedState;
#[doc(hidden)]
pub use shared_runtime::__private;
#[cfg(feature = "async")]
pub use shared_runtime::future;
pub use shared_runtime::processes::{self, segments};
pub use shared_runtime::{
    Access, Atomic, CapacityExceeded, Corrupt, CreateError, CreateOptions, HeaderError, Inspector,
    Lifetime, List, Locked, NameError, OpenError, OpenOptions, OpenOrCreate, Plain, ReadOnly,
    RemoveError, Schema, SchemaField, ShareCommand, Shared, SharedState, Slot, SystemError, Text,
    TimedOut, UpdateError, Watched, Zeroed, access, inspect, mode, remove, slot,
};

/// What most programs import: `use shmstate::prelude::*;`.
pub mod prelude {
    pub use crate::{Access, ReadOnly, ShareCommand, Shared, SharedState, Slot};
}

#[doc = include_str!("../docs/operations.md")]
pub mod operations {}

#[doc = include_str!("../docs/format.md")]
pub mod format {}
