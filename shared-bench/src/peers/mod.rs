//! What one would pick instead, each in a file that says what it does and what it does not.

mod all;
mod boost;
mod by_hand;
mod in_process;
mod lock;
mod ours;
mod pthread;
mod python;
mod run;
mod shared_memory;
mod text;
mod two_images;

#[cfg(feature = "peers")]
mod iceoryx2;
#[cfg(not(feature = "peers"))]
mod left_out;
#[cfg(feature = "peers")]
mod mmap_sync;
#[cfg(feature = "peers")]
mod raw_sync;
#[cfg(feature = "peers")]
mod redis;

pub(crate) use all::{
    Session, contended_counters, contended_records, counters, fields, hand_overs, holders, records,
    segments, versions,
};
