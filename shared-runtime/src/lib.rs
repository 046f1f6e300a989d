//! The runtime of [`shmstate`](https://docs.rs/shmstate): slots, segments and handles.
//!
//! Use the `shmstate` crate, which re-exports all of this beside the derive macro.

pub mod access;
pub mod census;
mod error;
mod field;
mod handle;
mod header;
pub mod inspect;
pub mod mode;
mod plain;
mod probe;
mod region;
mod schema;
mod segment;
mod shape;
pub mod slot;
mod sync;
mod sys;
mod table;
mod view;

pub use access::Access;
pub use error::{
    CapacityExceeded, Corrupt, CreateError, HeaderError, NameError, OpenError, RemoveError,
    SystemError, TimedOut, UpdateError,
};
pub use field::{SharedState, Zeroed};
pub use handle::{Options, ReadOnly, ShareCommand, Shared};
pub use inspect::Inspector;
pub use plain::Plain;
pub use schema::{Schema, SchemaField};
pub use segment::remove;
pub use slot::{Atomic, List, Locked, Slot, Text, Watched};

#[doc = include_str!("../FORMAT.md")]
pub mod format {}

/// What generated code names. Not part of the public surface.
#[doc(hidden)]
pub mod __private {
    pub use crate::__has_slot as has_slot;
    pub use crate::access::{Access, Read, Write};
    pub use crate::error::{CapacityExceeded, Corrupt};
    pub use crate::field::{Field, For, SharedState, Single, Zeroed, fits};
    pub use crate::mode::{
        CachePadded, Capacity, Each, Inline, Lock, Pod, Refused, Watch, capacity,
    };
    pub use crate::plain::{
        Choose, Fit, Optional, Plain, ScalarImage, decode, decode_into, encode, fits as image_fits,
        is_small, of_image, to_image,
    };
    pub use crate::probe::{If, NoSlot, Probe, must_have_slot};
    pub use crate::shape::{FieldShape, Kind, Shape, Variant, Zero};
    pub use crate::slot::raw::{Line, Packed};
    pub use crate::slot::{Atomic, Locked, Scalar, Slot, read, read_into};
    pub use crate::sync::RawAtomic;
    pub use crate::view::debug;
    pub use bytemuck;
    pub use core::sync::atomic::{
        AtomicI8, AtomicI16, AtomicI32, AtomicI64, AtomicU8, AtomicU16, AtomicU32, AtomicU64,
    };
}
