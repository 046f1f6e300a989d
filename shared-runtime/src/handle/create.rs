//! Making a segment.

use super::Shared;
use crate::segment::CreateError;
use crate::slot::field::{SharedState, Zeroed};

impl<T: SharedState> Shared<T> {
    /// Creates a segment without a name, with the fields of `value`.
    ///
    /// Other processes get it over `fork`, by [`token`](Self::token), or as the children of a
    /// [`Command`](std::process::Command) by [`share`](crate::ShareCommand::share). Its size is sealed, so
    /// nobody can truncate it, and the kernel frees it with the last process that has it.
    /// Costs about ten microseconds, and one open descriptor as long as a handle lives.
    ///
    /// # Errors
    ///
    /// [`CreateError::NoSpace`], [`CreateError::TooLarge`], [`CreateError::CapacityExceeded`] (a text or list
    /// does not fit), or [`CreateError::System`] (no descriptor is free, `/proc` is not mounted).
    pub fn new(value: T) -> Result<Self, CreateError> {
        Self::options().new(value)
    }

    /// As [`new`](Self::new), with all bytes zero: nothing passes over the stack, and memory is taken
    /// only as it is written.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    ///
    /// ```
    /// # use shmstate::Shared;
    /// let counters = Shared::<[u64; 1_000_000]>::zeroed()?; // 8 MB, none of it on the stack
    /// assert_eq!(counters[999_999].get(), 0);
    /// # Ok::<(), shmstate::CreateError>(())
    /// ```
    pub fn zeroed() -> Result<Self, CreateError>
    where
        T: Zeroed,
    {
        Self::options().zeroed()
    }

    /// As [`new`](Self::new), filled in place: for states larger than a stack.
    ///
    /// `fill` gets the slots, all bytes zero, before anybody else can reach them.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new), and [`CreateError::Invalid`] if `fill` leaves a field without a value (a
    /// `NonZero*` or an enum whose zero means nothing).
    ///
    /// ```
    /// # use shmstate::Shared;
    /// let squares = Shared::<[u64; 1_000_000]>::new_with(|slots| {
    ///     for (i, slot) in (0..).zip(slots) {
    ///         slot.set(i * i);
    ///     }
    /// })?;
    /// assert_eq!(squares[1_000].get(), 1_000_000);
    /// # Ok::<(), shmstate::CreateError>(())
    /// ```
    pub fn new_with(fill: impl FnOnce(&T::Slots)) -> Result<Self, CreateError> {
        Self::options().new_with(fill)
    }

    /// Creates a segment under `name`, with the fields of `value`.
    ///
    /// It appears under the name at once and complete: of several creators exactly one succeeds, and
    /// nobody can open a half-made segment. Its memory is reserved here, so a full `/dev/shm` is an error
    /// now and no `SIGBUS` later. Only this user may open it (mode 0600, see
    /// [`Options::mode`](crate::Options::mode)). The name is removed when this process drops its last handle.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new), and [`CreateError::Name`] or [`CreateError::AlreadyExists`]. Nothing is left
    /// behind, and an existing segment is left as it is.
    pub fn create(name: &str, value: T) -> Result<Self, CreateError> {
        Self::options().create(name, value)
    }

    /// As [`create`](Self::create), with all bytes zero: nothing passes over the stack.
    ///
    /// # Errors
    ///
    /// As [`create`](Self::create).
    pub fn create_zeroed(name: &str) -> Result<Self, CreateError>
    where
        T: Zeroed,
    {
        Self::options().create_zeroed(name)
    }

    /// As [`create`](Self::create), filled in place by `fill`, before the segment has its name.
    ///
    /// # Errors
    ///
    /// As [`create`](Self::create), and [`CreateError::Invalid`] as [`new_with`](Self::new_with).
    pub fn create_with(name: &str, fill: impl FnOnce(&T::Slots)) -> Result<Self, CreateError> {
        Self::options().create_with(name, fill)
    }

    /// Opens the segment of that name, or creates it with what `value` returns.
    ///
    /// However many processes call this at once, they end with one segment. `value` runs only if there
    /// was none; its result is dropped if another process was faster after all.
    ///
    /// # Errors
    ///
    /// As [`create`](Self::create) and, within [`CreateError::Open`], as [`open`](Self::open).
    pub fn open_or_create(name: &str, value: impl FnOnce() -> T) -> Result<Self, CreateError> {
        Self::options().open_or_create(name, value)
    }

    /// As [`open_or_create`](Self::open_or_create), filled in place by `fill`.
    ///
    /// # Errors
    ///
    /// As [`open_or_create`](Self::open_or_create), and [`CreateError::Invalid`] as
    /// [`new_with`](Self::new_with).
    pub fn open_or_create_with(
        name: &str,
        fill: impl FnOnce(&T::Slots),
    ) -> Result<Self, CreateError> {
        Self::options().open_or_create_with(name, fill)
    }
}
