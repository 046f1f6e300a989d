//! The names of the rows, where more than the peer itself has to know them: the bars compare some, and a build without
//! the other libraries lists theirs.

pub(crate) const ATOMIC: &str = "shmstate `Atomic`";
pub(crate) const WATCHED: &str = "shmstate `Watched`";
pub(crate) const LOCKED: &str = "shmstate `Locked`";
pub(crate) const TEXT: &str = "shmstate `Text<64>`";
pub(crate) const SEGMENT: &str = OURS;

pub(crate) const STD_ATOMIC: &str = "`std` atomic (threads)";
pub(crate) const STD_MUTEX: &str = "`std::sync::Mutex` (threads)";
pub(crate) const PARKING_LOT: &str = "`parking_lot::Mutex` (threads)";

pub(crate) const MEMCPY: &str = "no lock: `memcpy`";
pub(crate) const WORDS: &str = "no lock: relaxed words";
pub(crate) const TWO_IMAGES: &str = "lower bound: lock of one word, two images";
pub(crate) const FUTEX: &str = "futex lock";
pub(crate) const RAW_CALLS: &str = "raw calls";
pub(crate) const SPINS: &str = "futex, spins 2,000 times first";
pub(crate) const SLEEPS: &str = "futex, sleeps at once";

pub(crate) const ROBUST: &str = "pthread mutex, robust";
pub(crate) const REPAIRED: &str = "pthread mutex, robust, two images";

pub(crate) const SHARED_MEMORY: &str = "`shared_memory` alone, no lock";
pub(crate) const RAW_SYNC_MUTEX: &str = "`raw_sync` mutex";
pub(crate) const RAW_SYNC_EVENT: &str = "`raw_sync` event";
pub(crate) const BLACKBOARD: &str = "`iceoryx2` blackboard";
pub(crate) const ICEORYX2_EVENT: &str = "`iceoryx2` event";
pub(crate) const MMAP_SYNC: &str = "`mmap-sync`";
pub(crate) const REDIS: &str = "Redis over loopback";

/// What the name of each row of this library begins with.
const OURS: &str = "shmstate";

/// Whether the row of this name is one of this library.
pub(crate) fn is_ours(row: &str) -> bool {
    row.starts_with(OURS)
}
