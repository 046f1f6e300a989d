//! The handle of a state.

#![allow(unsafe_code)]

use core::fmt;
use core::marker::PhantomData;
use core::ops::Deref;
use core::panic::{RefUnwindSafe, UnwindSafe};
use core::ptr::NonNull;
use std::sync::Arc;

use crate::access::{Access, Read, Write};
#[cfg(feature = "tools")]
use crate::error::SystemError;
use crate::format::schema::Schema;
use crate::format::{CapacityExceeded, Corrupt};
#[cfg(feature = "tools")]
use crate::processes::{self, Processes};
use crate::segment::{Definition, Segment, Token};
use crate::slot::Slot;
use crate::slot::field::{Field, SharedState};
use crate::slot::mode::Inline;

pub(super) type SlotOf<T, A> = <T as Field<Inline>>::Slot<A>;

/// A handle to the live fields of a `T` in shared memory.
///
/// It dereferences to the slots, so `progress.done.fetch_add(1)` works on the handle. Clones of it,
/// copies inherited over `fork`, and handles opened by name, token or inheritance in other processes
/// all reach one set of fields. Cloning costs a reference count; field access costs what a `std`
/// atomic does.
///
/// # Names and lifetime
///
/// A segment made by [`new`](Self::new) has no name; the kernel frees it with the last process that has
/// it. One made by [`create`](Self::create) is found by name until the creating process drops the handle
/// that it created, the last clone and read-only view included (a forked child never removes it, nor does
/// dropping a handle that was opened by name or token, even in the same process), and its memory
/// lives on until the last process that has it open is done. A creator that is killed leaves the name
/// behind: see [`CreateOptions::fresh`](crate::CreateOptions::fresh) and [`remove`](crate::remove).
///
/// # Panics
///
/// Dereferencing never panics; the methods of the slots say when they do.
///
/// ```
/// use shmstate::Shared;
///
/// let name = format!("doc-shared-{}", std::process::id());
/// let here = Shared::create(&name, [0_u32; 4])?;
/// let there = Shared::<[u32; 4]>::open(&name)?; // in any other process, too
/// there[2].set(7);
/// assert_eq!(here.snapshot(), [0, 0, 7, 0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Shared<T: SharedState, A: Access = Write> {
    /// Invariant: points to slots of this type in `segment`, which keeps them mapped, writable if `A`
    /// is `Write`.
    slots: NonNull<SlotOf<T, A>>,
    pub(super) segment: Arc<Segment>,
}

/// A handle that can only read, over a mapping that the hardware protects against writes.
///
/// It has every method of [`Shared`] that reads, and so have the slots behind it; a call that would
/// write does not compile. Made by [`Shared::read_only`], or opened as such: `ReadOnly::open`,
/// `ReadOnly::from_token`, `ReadOnly::inherit`.
///
/// ```
/// use shmstate::Shared;
///
/// let count = Shared::new(1_u64)?;
/// let view = count.read_only();
/// count.set(2);
/// assert_eq!(view.get(), 2);
/// # Ok::<(), shmstate::CreateError>(())
/// ```
///
/// ```compile_fail,E0599
/// # use shmstate::Shared;
/// # let count = Shared::new(1_u64).unwrap();
/// count.read_only().set(2); // no method named `set`
/// ```
pub type ReadOnly<T> = Shared<T, Read>;

// SAFETY: the slots are `Send + Sync` (by `Slot`), the segment is, and a `T` is never held.
unsafe impl<T: SharedState, A: Access> Send for Shared<T, A> {}
// SAFETY: as above; a shared handle gives out shared references to the slots.
unsafe impl<T: SharedState, A: Access> Sync for Shared<T, A> {}
// A panic leaves each slot with a whole value, as in another process that goes on meanwhile.
impl<T: SharedState, A: Access> UnwindSafe for Shared<T, A> {}
impl<T: SharedState, A: Access> RefUnwindSafe for Shared<T, A> {}

impl<T: SharedState, A: Access> Deref for Shared<T, A> {
    type Target = SlotOf<T, A>;

    #[inline]
    fn deref(&self) -> &SlotOf<T, A> {
        // SAFETY: by the invariant of the field; any bytes are a value of a slot, and everybody
        // accesses them atomically.
        unsafe { self.slots.as_ref() }
    }
}

impl<T: SharedState, A: Access> Clone for Shared<T, A> {
    fn clone(&self) -> Self {
        Shared {
            slots: self.slots,
            segment: Arc::clone(&self.segment),
        }
    }
}

/// Shows every field, with no bound on `T`. Long arrays are cut, and bytes that are not a value are shown
/// as such; it never panics.
impl<T: SharedState, A: Access> fmt::Debug for Shared<T, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        crate::slot::debug(&**self, f)
    }
}

impl<T: SharedState, A: Access> Shared<T, A> {
    pub(super) const DEFINITION: Definition = Definition::of::<SlotOf<T, A>>();

    /// The segment must have been built or opened with `DEFINITION`, and be writable if `A` is `Write`.
    pub(super) fn from_segment(mut segment: Segment) -> Self {
        assert!(segment.writable() || !A::WRITABLE);
        segment.register(Self::DEFINITION.shape);
        Shared {
            slots: segment.slots().cast(),
            segment: Arc::new(segment),
        }
    }

    /// The plain value: each slot whole, read one after the other (not all at one instant).
    ///
    /// The value passes over the stack; for large states use [`snapshot_into`](Self::snapshot_into).
    ///
    /// # Panics
    ///
    /// If a slot holds bytes that are not a value of its type; the message names the field.
    #[track_caller]
    pub fn snapshot(&self) -> T {
        Slot::snapshot(&**self)
    }

    /// The plain value, if every slot holds one.
    ///
    /// # Errors
    ///
    /// [`Corrupt`], with the path of the first field that does not.
    pub fn try_snapshot(&self) -> Result<T, Corrupt> {
        Slot::try_snapshot(&**self)
    }

    /// Reads the state into `out`, field by field, without a copy of the whole on the stack.
    ///
    /// # Panics
    ///
    /// As [`snapshot`](Self::snapshot); the fields before are then replaced in `out`.
    #[track_caller]
    pub fn snapshot_into(&self, out: &mut T) {
        if let Err(corrupt) = Slot::try_snapshot_into(&**self, out) {
            corrupt.raise();
        }
    }

    /// A short text that opens this segment in another process: [`Shared::from_token`].
    ///
    /// It can be passed in an argument, the environment or a pipe; its length does not depend on the
    /// data. The token of a named segment works as long as the name means this very segment. That of an
    /// anonymous one names a descriptor of this process, so it works as long as this process has the
    /// segment, for processes that may look into this one (those of the same user, usually). It is no
    /// secret, and it gives no right that the permission bits do not give.
    pub fn token(&self) -> String {
        Token::of(self.segment.origin()).to_string()
    }

    /// The name of the segment, if it was created or opened with one.
    pub fn name(this: &Self) -> Option<&str> {
        this.segment.origin().name()
    }

    /// The instance: a random number drawn when the segment was created. Two handles have the same
    /// fields exactly if they have the same id.
    pub fn id(this: &Self) -> u128 {
        this.segment.origin().id
    }

    /// The processes that have this segment, this one among them: for a supervisor that wants to know who is
    /// still there. See [`processes`](crate::processes) for what can be seen. With the feature `tools`.
    ///
    /// Looks at each process of the machine once, which costs tens of microseconds for a small one.
    ///
    /// # Errors
    ///
    /// If `/proc` cannot be read, or this process has too few descriptors or too little memory left.
    ///
    /// ```
    /// use shmstate::Shared;
    ///
    /// let state = Shared::new([0_u64; 8])?;
    /// let processes = Shared::processes(&state)?;
    /// let me = processes.found.iter().find(|process| process.pid == std::process::id());
    /// assert!(me.is_some_and(|me| me.writable));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "tools")]
    pub fn processes(this: &Self) -> Result<Processes, SystemError> {
        processes::processes_of(&this.segment)
    }

    /// The fields of `T` as they lie in a segment. Allocates; costs about a microsecond for ten fields.
    pub fn schema() -> Schema {
        Schema::of(Self::DEFINITION.shape)
    }
}

impl<T: SharedState> Shared<T> {
    /// Writes every field of `value`, one after the other (not all at one instant).
    ///
    /// # Errors
    ///
    /// [`CapacityExceeded`] if a text or list of `value` does not fit its slot; nothing was written then.
    ///
    /// # Panics
    ///
    /// As [`Locked::set`](crate::Locked::set), if there are lock-guarded slots; nothing was written then.
    #[track_caller]
    pub fn restore(&self, value: T) -> Result<(), CapacityExceeded> {
        Slot::restore(&**self, value)
    }

    /// A handle of the same segment that cannot write. Costs a mapping (three system calls).
    ///
    /// # Panics
    ///
    /// If the system refuses the mapping: no memory, or too many mappings in this process.
    pub fn read_only(&self) -> ReadOnly<T> {
        const {
            // The derive makes both from one definition; a `Field` written by hand might not.
            assert!(size_of::<SlotOf<T, Read>>() == size_of::<SlotOf<T, Write>>());
            assert!(
                Shared::<T, Read>::DEFINITION.fingerprint
                    == Shared::<T, Write>::DEFINITION.fingerprint
            );
        }
        match self.segment.read_only() {
            Ok(segment) => Shared::from_segment(segment),
            Err(error) => panic!("could not map the segment a second time, to read: {error}"),
        }
    }
}

/// `fn() -> T` and such: what does not own a `T`.
pub(super) type Without<T> = PhantomData<fn() -> T>;
