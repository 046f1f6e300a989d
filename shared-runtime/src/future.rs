//! Waiting for a change without keeping a thread: the futures of the slots.
//!
//! They work in any executor.

use core::future::poll_fn;
use core::task::Poll;
use std::time::Duration;

use crate::access::Write;
use crate::lock::Event;
use crate::slot::plain::Plain;
use crate::slot::{List, Locked, Scalar, Text, Watched, read_or_panic, satisfies};
use crate::sync::RawAtomic;
use crate::sys::wait::Ticket;

/// As `Event::wait` without a limit, without blocking the thread: returns what `check` returns.
async fn change<R>(event: &Event, mut check: impl FnMut() -> Option<R>) -> R {
    let mut ticket: Option<Ticket> = None;
    poll_fn(|context| {
        let mut seen = 0;
        let result = check().or_else(|| {
            seen = event.announce();
            check()
        });
        if let Some(result) = result {
            ticket = None;
            return Poll::Ready(result);
        }
        let waker = context.waker();
        // The ticket before is dropped after this.
        ticket = Ticket::new(event.word(), seen, waker.clone()).ok();
        if ticket.is_none() {
            // No thread can be started: check again after a pause, rather than fail or keep the processor busy.
            std::thread::sleep(Duration::from_millis(1));
            waker.wake_by_ref();
        }
        Poll::Pending
    })
    .await
}

/// What a slot tells of its changes: different after each one that comes after the event was announced.
type Mark = (u32, u64);

/// The changes of a slot, for a task: returned by `subscribe` of each slot that can be waited for. With the feature
/// `async`.
///
/// As with a receiver of `tokio::sync::watch`, a change that comes while the task does something else is not missed, and
/// several of them are one:
///
/// ```
/// # use shmstate::{Shared, SharedState};
/// # #[derive(SharedState, Default)]
/// # struct Job { #[shared(watch)] step: u32 }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let job = Shared::new(Job::default())?;
/// # let other = job.clone();
/// let mut changes = job.step.subscribe();
/// # let worker = std::thread::spawn(move || other.step.set(3));
/// loop {
///     let step = job.step.get();
///     println!("step {step}"); // takes as long as it likes
///     if step == 3 {
///         break;
///     }
///     changes.changed().await;
/// }
/// # worker.join().unwrap();
/// # Ok(())
/// # }
/// ```
pub struct Changes<'a, S> {
    slot: &'a S,
    event: &'a Event,
    mark: fn(&S) -> Mark,
    seen: Mark,
}

impl<'a, S> Changes<'a, S> {
    fn new(slot: &'a S, event: &'a Event, mark: fn(&S) -> Mark) -> Self {
        event.announce();
        let seen = mark(slot);
        Changes {
            slot,
            event,
            mark,
            seen,
        }
    }

    /// Ready once the slot has been written since it was last ready, or since `subscribe`; also if the value is the
    /// same.
    ///
    /// A write that comes just then may make it ready once more. Dropping the future loses nothing. It costs what
    /// [`Watched::wait_until_async`] does.
    pub async fn changed(&mut self) {
        let is_changed = || ((self.mark)(self.slot) != self.seen).then_some(());
        change(self.event, is_changed).await;
        // A reader of the value after this sees at least the write that was waited for.
        *self = Changes::new(self.slot, self.event, self.mark);
    }
}

impl<S> core::fmt::Debug for Changes<'_, S> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Changes").finish_non_exhaustive()
    }
}

impl<T: Scalar> Watched<T> {
    /// Follows the changes from here on, for a task: see [`Changes`]. With the feature `async`.
    pub fn subscribe(&self) -> Changes<'_, Self> {
        // The value too: a writer may be killed between its write and its notification.
        Changes::new(self, &self.event, |slot| {
            let event = slot.event.load();
            (event, T::Raw::widen(slot.raw.load_as::<Write>()))
        })
    }

    /// As [`wait_until`](Self::wait_until), without blocking the thread. With the feature `async`, in any executor; for
    /// a limit, use its timeout, as `tokio::time::timeout`. Dropping the future ends the wait.
    ///
    /// The future borrows the slot; to spawn it, move a clone of the handle in:
    /// `tokio::spawn(async move { job.step.wait_until_async(|step| *step > 1).await })`.
    ///
    /// # Cost
    ///
    /// Some microseconds each time that the task goes to sleep, for two system calls and a thread of this library. A
    /// process has one such thread for every 127 slots that are waited for at the same time. The first wait starts it;
    /// it stays, takes no signals, and runs the wakers. (Before Linux 5.16, and in containers that do not permit
    /// `futex_waitv`, it checks the slots every 2 ms while there are any.) A waiting task is woken ten times a second
    /// to check whether a notification was lost with its writer: 1,000 of them take some 2 % of a processor. If no
    /// thread can be started, each check takes 1 ms.
    ///
    /// A child that is forked meanwhile may go on with the future, or drop it.
    ///
    /// # Panics
    ///
    /// When it is polled: if the slot holds bytes that are not a value of `T`, and when `pred` does.
    ///
    /// ```
    /// # use shmstate::{Shared, SharedState};
    /// # #[derive(SharedState, Default)]
    /// # struct Job { #[shared(watch)] step: u32 }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let job = Shared::new(Job::default())?;
    /// # let other = job.clone();
    /// # let worker = std::thread::spawn(move || other.step.set(3));
    /// use std::time::Duration;
    ///
    /// let step = job.step.wait_until_async(|step| *step >= 3);
    /// assert_eq!(tokio::time::timeout(Duration::from_secs(60), step).await?, 3);
    /// # worker.join().unwrap();
    /// # Ok(())
    /// # }
    /// ```
    pub async fn wait_until_async(&self, mut pred: impl FnMut(&T) -> bool) -> T {
        let value = change(&self.event, || satisfies(self, &mut pred)).await;
        read_or_panic(self, value)
    }
}

impl<T: Plain<M>, M: 'static> Locked<T, Write, M> {
    /// Follows the changes from here on, for a task: see [`Changes`]. With the feature `async`.
    pub fn subscribe(&self) -> Changes<'_, Self> {
        // Not the event: it also moves with a takeover, which is not a change.
        Changes::new(self, self.raw.event(), |slot| (0, slot.version()))
    }

    /// As [`wait_until`](Self::wait_until), without blocking the thread; otherwise as [`Watched::wait_until_async`].
    /// With the feature `async`.
    ///
    /// A value that changes too fast to be read blocks the thread for up to 100 ms at a time, as it does any reader.
    ///
    /// # Panics
    ///
    /// When it is polled: if the slot holds bytes that are not a value of `T`, and when `pred` does.
    pub async fn wait_until_async(&self, mut pred: impl FnMut(&T) -> bool) -> T {
        let value = change(self.raw.event(), || satisfies(self, &mut pred)).await;
        read_or_panic(self, value)
    }
}

/// The same for a slot that wraps a [`Locked`]: `$noun` is what it holds, `$owned` when owned, `$borrowed` when
/// borrowed.
macro_rules! sequence {
    ([$($params:tt)*] $slot:ty, $owned:ty, $borrowed:ty, $noun:literal) => {
        impl<$($params)*> $slot {
            /// Follows the changes from here on, for a task: see [`Changes`]. With the feature `async`.
            pub fn subscribe(&self) -> Changes<'_, Self> {
                Changes::new(self, self.0.raw.event(), |slot| (0, slot.version()))
            }

            #[doc = concat!("Waits until the ", $noun, " satisfies `pred`, without blocking the thread: see")]
            /// [`Locked::wait_until_async`]. With the feature `async`.
            pub async fn wait_until_async(
                &self,
                mut pred: impl FnMut(&$borrowed) -> bool,
            ) -> $owned {
                self.0.wait_until_async(|value| pred(value)).await
            }
        }
    };
}

sequence!([const N: usize] Text<N>, String, str, "text");
sequence!([T: Plain<M>, const N: usize, M: 'static] List<T, N, Write, M>, Vec<T>, [T], "list");
