//! The lock-free slot that can be waited for.

use core::marker::PhantomData;
use core::mem::offset_of;

use super::field::Field;
use super::mode::Watch;
use super::scalar::Scalar;
use crate::access::{Access, Write};
use crate::format::shape::Shape;
use crate::lock::Event;
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

impl<T: Scalar, A: Access> Watched<T, A> {
    pub(super) const WITH_EVENT: &'static Shape =
        &Shape::watched(T::SHAPE, size_of::<Self>(), offset_of!(Self, event));

    /// By a read-modify-write and not by a store: see `changed`.
    #[inline]
    pub(super) fn store(&self, value: T) {
        self.raw.swap_bits(value.into_bits());
        self.changed();
    }

    /// Wakes the waiters. It must follow a sequentially consistent read-modify-write, as all of them here are: the event
    /// needs a full barrier before it.
    #[inline]
    pub(super) fn changed(&self) {
        self.event.notify();
    }
}
