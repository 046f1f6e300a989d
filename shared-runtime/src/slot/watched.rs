//! The lock-free slot that can be waited for.

#![allow(unsafe_code)]

use core::fmt;
use core::marker::PhantomData;
use std::time::Duration;

use super::base::{Slot, Writing, error_site, read_or_panic, satisfies};
use super::field::Field;
use super::mode::Watch;
use super::padded::padded;
use super::scalar::{BitOps, Bits, Number, Scalar, corrupt};
use super::verbs::{fetches, reads, scalar_verbs, waiting};
use crate::access::{Access, Write};
use crate::format::Corrupt;
use crate::format::shape::Shape;
use crate::lock::{Event, TimedOut};
use crate::sync::RawAtomic;

/// The slot of a `#[shared(watch)]` field: an atomic whose every change wakes its waiters.
///
/// It has the verbs of [`Atomic`](super::Atomic), which are as free of locks, and
/// [`wait_until`](Self::wait_until): a process that waits sleeps, and costs nothing, until another one writes. There is
/// no way around the wake-up, so there is no `raw()`.
///
/// # Cost
///
/// With nobody waiting, a change is the instruction of the atomic and a load (on x86-64; elsewhere with a barrier
/// between them), and `set` is a locked instruction. With somebody waiting, a change also enters the kernel. Reading is
/// as an atomic's. The slot takes 8 bytes, or 16 for values of 8 bytes.
///
/// ```
/// use shmstate::{Shared, SharedState};
///
/// #[derive(SharedState, Default)]
/// struct Job {
///     #[shared(watch)]
///     step: u32,
/// }
///
/// let job = Shared::new(Job::default())?;
/// # let other = job.clone();
/// # let worker = std::thread::spawn(move || {
/// other.step.fetch_add(3); // in another process
/// # });
/// assert_eq!(job.step.wait_until(|step| *step >= 3), 3);
/// # worker.join().unwrap();
/// # Ok::<(), shmstate::CreateError>(())
/// ```
#[repr(C)]
pub struct Watched<T: Scalar, A: Access = Write> {
    pub(crate) raw: T::Raw,
    pub(crate) event: Event,
    access: PhantomData<A>,
}

impl<T: Scalar> Field<Watch> for T {
    type Slot<A: Access> = Watched<T, A>;
}
padded!([T: Scalar] Watch, T);

impl<T: Scalar, A: Access> Watched<T, A> {
    /// By a read-modify-write and not by a store: see `changed`.
    #[inline]
    fn store(&self, value: T) {
        self.raw.swap_bits(value.into_bits());
        self.changed();
    }

    /// Wakes the waiters. It must follow a sequentially consistent read-modify-write, as all of them here are: the event
    /// needs a full barrier before it.
    #[inline]
    fn changed(&self) {
        self.event.notify();
    }
}

scalar_verbs!(
    Watched,
    &Shape::watched(
        T::SHAPE,
        size_of::<Self>(),
        core::mem::offset_of!(Self, event)
    )
);

impl<T: Scalar> Watched<T> {
    waiting!(T, T, |slot| slot.event);
}
