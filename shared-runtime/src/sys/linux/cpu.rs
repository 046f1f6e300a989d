//! What the processor can do.
//!
//! `std` looks when it is first asked, which costs every function that asks the room for a call. Here it is found out
//! before there is anything in shared memory.

use crate::sync::{AtomicBool, Ordering};

static PAIRS: AtomicBool = AtomicBool::new(false);

/// Finds out.
pub(crate) fn learn() {
    #[cfg(target_arch = "x86_64")]
    PAIRS.store(
        std::arch::is_x86_feature_detected!("avx"),
        Ordering::Relaxed,
    );
}

/// Whether an aligned access of 16 bytes is one access, as Intel and AMD promise for processors that have AVX. Not known
/// before [`learn`].
#[inline]
pub(crate) fn accesses_pairs() -> bool {
    PAIRS.load(Ordering::Relaxed)
}
