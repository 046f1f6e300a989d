//! The runtime of [`shmstate`](https://docs.rs/shmstate): slots, segments and handles.
//!
//! Use the `shmstate` crate, which re-exports all of this beside the derive macro.

// Without the feature `tools`, some thirty items of the layers below have no caller: what finds processes, and what reads
// and changes a slot of which only the layout is known. To mark each of them would say less than this line does. With
// `tools` the compiler looks for dead code in all of the crate.
#![cfg_attr(not(feature = "tools"), allow(dead_code, unused_imports))]

pub mod access;
mod error;
mod format;
#[cfg(feature = "async")]
pub mod future;
mod handle;
#[cfg(feature = "tools")]
pub mod inspect;
mod lock;
#[cfg(feature = "tools")]
pub mod processes;
mod region;
mod segment;
pub mod slot;
mod sync;
mod sys;
mod walk;

pub use access::Access;
pub use error::SystemError;
pub use format::fixed::Timestamp;
pub use format::schema::{Schema, SchemaField};
pub use format::{CapacityExceeded, Corrupt, HeaderError};
pub use handle::{
    CreateOptions, Lifetime, OpenOptions, OpenOrCreate, ReadOnly, ShareCommand, Shared,
};
#[cfg(feature = "tools")]
pub use inspect::Inspector;
pub use lock::{TimedOut, UpdateError};
pub use segment::{CreateError, OpenError, RemoveError, remove};
pub use slot::field::{SharedState, Zeroed};
#[doc(hidden)]
pub use slot::mode;
#[doc(hidden)]
pub use slot::plain::Plain;
pub use slot::{Atomic, List, Locked, Slot, Text, Watched};
pub use sys::NameError;

/// What generated code names. Not part of the public surface.
#[doc(hidden)]
pub mod __private {
    pub use crate::__has_slot as has_slot;
    pub use crate::access::{Access, Read, Write};
    pub use crate::format::shape::{FieldShape, Kind, Shape, Variant, Zero};
    pub use crate::format::{CapacityExceeded, Corrupt};
    pub use crate::lock::{Line, Packed};
    pub use crate::slot::field::{Field, For, Optional, SharedState, Single, Zeroed, fits};
    pub use crate::slot::mode::{
        CachePadded, Capacity, Each, Inline, Lock, Pod, Refused, Watch, capacity,
    };
    pub use crate::slot::plain::{CellOf, Fit, Plain, decode, decode_into, encode, is_small};
    pub use crate::slot::probe::{If, NoSlot, Probe, must_have_slot};
    pub use crate::slot::{
        Atomic, Locked, Scalar, ScalarImage, Slot, Writing, debug, of_image, read, read_into,
        to_image,
    };
    pub use crate::sync::RawAtomic;
    pub use bytemuck;
    pub use core::sync::atomic::{
        AtomicI8, AtomicI16, AtomicI32, AtomicI64, AtomicU8, AtomicU16, AtomicU32, AtomicU64,
    };
}
