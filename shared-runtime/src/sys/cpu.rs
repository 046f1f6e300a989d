//! What the processor can do, on every platform.
//!
//! `std` finds it out when it is first asked, so every function that asks it needs room for a call. Here it is found
//! out when memory is mapped, which comes before any access to it.

use crate::sync::{AtomicBool, Ordering};

static PAIRS: AtomicBool = AtomicBool::new(false);

/// Finds out what the processor can do. Each platform calls it before it gives out mapped memory.
pub(crate) fn detect() {
    #[cfg(target_arch = "x86_64")]
    PAIRS.store(
        std::arch::is_x86_feature_detected!("avx"),
        Ordering::Relaxed,
    );
}

/// Whether an aligned access of 16 bytes is one access, as Intel and AMD promise for processors that have AVX. False
/// before [`detect`].
#[inline]
pub(crate) fn accesses_pairs() -> bool {
    PAIRS.load(Ordering::Relaxed)
}
