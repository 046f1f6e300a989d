//! One thread of this process at a time.

use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::per_process::PerProcess;

/// A fork may leave that of its parent taken for ever.
static TURN: PerProcess<Mutex<()>> = PerProcess::new();

/// Waits until no other thread of this process has the turn; it is given back when what this returns is dropped.
///
/// For those who look at files: each has a file open for a moment, which the others would take for somebody who uses it.
pub(crate) fn take() -> io::Result<MutexGuard<'static, ()>> {
    Ok(TURN
        .get(|| Ok(Mutex::default()))?
        .lock()
        .unwrap_or_else(PoisonError::into_inner))
}
