//! Waiting for a change.

use std::time::{Duration, Instant};

use super::error::{ReadError, WaitError};
use super::field::Field;
use super::tree;
use super::value::Value;
use crate::access::Access;
use crate::lock::TimedOut;

const SHORTEST_PAUSE: Duration = Duration::from_micros(100);
const LONGEST_PAUSE: Duration = Duration::from_millis(10);

impl<A: Access> Field<'_, A> {
    /// Waits until the value satisfies `pred`, and returns it.
    ///
    /// If the segment is opened to write, waiting for a lock-guarded slot, a part of one, or a `#[shared(watch)]` field
    /// sleeps until some process changes it. Everything else, and every field that is opened to read, is read again and
    /// again, with pauses of up to 10 ms: a sleeping waiter marks the segment, which a reader cannot.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get), as soon as that fails.
    pub fn wait_until(&self, mut pred: impl FnMut(&Value) -> bool) -> Result<Value, ReadError> {
        loop {
            // Without a limit, waiting ends only with a result.
            if let Some(result) = self.wait(None, &mut pred) {
                return result;
            }
        }
    }

    /// As [`wait_until`](Self::wait_until), up to `limit`.
    ///
    /// # Errors
    ///
    /// As [`wait_until`](Self::wait_until), and [`WaitError::TimedOut`].
    ///
    /// ```
    /// # use shmstate::{Inspector, Shared};
    /// # use std::time::Duration;
    /// let done = Shared::new(0_u64)?;
    /// let inspector = Inspector::from_token(&done.token())?;
    /// done.set(3);
    /// let limit = Duration::from_secs(5);
    /// inspector.root().wait_until_for(limit, |done| *done == 3_u64.into())?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn wait_until_for(
        &self,
        limit: Duration,
        mut pred: impl FnMut(&Value) -> bool,
    ) -> Result<Value, WaitError> {
        let result = self.wait(Some(limit), &mut pred);
        let result = result.ok_or_else(|| WaitError::TimedOut(TimedOut::after(limit)))?;
        result.map_err(WaitError::Read)
    }

    fn wait(
        &self,
        limit: Option<Duration>,
        pred: &mut impl FnMut(&Value) -> bool,
    ) -> Option<Result<Value, ReadError>> {
        let mut check = || match self.get() {
            Ok(value) => pred(&value).then_some(Ok(value)),
            Err(error) => Some(Err(error)),
        };
        if A::WRITABLE {
            if let Some(slot) = self.locked() {
                return slot.wait(limit, check);
            }
            if let Some(event) = tree::event(self.slot()) {
                return event.wait(limit, check);
            }
        }
        let start = Instant::now();
        let mut pause = SHORTEST_PAUSE;
        loop {
            if let Some(result) = check() {
                return Some(result);
            }
            let waited = start.elapsed();
            let left = limit.map_or(pause, |limit| limit.saturating_sub(waited));
            if left.is_zero() {
                return None;
            }
            std::thread::sleep(pause.min(left));
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}
