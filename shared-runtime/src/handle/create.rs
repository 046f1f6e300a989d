//! Creating a state.

use core::fmt;

use super::shared::{Shared, Without};
use crate::error::{SystemError, label};
use crate::segment::{self, CreateError, Segment, Terms};
use crate::slot::field::{SharedState, Zeroed};
use crate::sys::{names, owner};

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
        anonymous(|slots| put(None, value, slots))
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
        anonymous(|_| Ok(()))
    }

    /// As [`new`](Self::new), filled in place: for states larger than a stack.
    ///
    /// `fill` gets the slots, all bytes zero, before any other process can reach them.
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
        anonymous(|slots| fill_checked::<T>(None, fill, slots))
    }

    /// How to create a segment with a name, where the defaults do not fit.
    pub fn creating() -> CreateOptions<T> {
        CreateOptions {
            mode: 0o600,
            lifetime: Lifetime::Creator,
            fresh: false,
            state: Without::default(),
        }
    }

    /// Creates a segment under `name`, with the fields of `value`.
    ///
    /// It appears under the name at once and complete: of several creators exactly one succeeds, and
    /// nobody can open a half-made segment. Its memory is reserved here, so a full `/dev/shm` is an error
    /// now and not a `SIGBUS` later. Only this user may open it (mode 0600, see [`CreateOptions::mode`]). The name
    /// is removed when this process drops its last handle (see [`CreateOptions::lifetime`]).
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new), and [`CreateError::Name`] or [`CreateError::AlreadyExists`]. Nothing is left
    /// behind, and an existing segment is left as it is.
    pub fn create(name: &str, value: T) -> Result<Self, CreateError> {
        Self::creating().create(name, value)
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
        Self::creating().create_zeroed(name)
    }

    /// As [`create`](Self::create), filled in place by `fill`, before the segment has its name.
    ///
    /// # Errors
    ///
    /// As [`create`](Self::create), and [`CreateError::Invalid`] as [`new_with`](Self::new_with).
    pub fn create_with(name: &str, fill: impl FnOnce(&T::Slots)) -> Result<Self, CreateError> {
        Self::creating().create_with(name, fill)
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
        Self::creating().open_or_create(name, value)
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
        Self::creating().open_or_create_with(name, fill)
    }
}

/// Who removes the name of a segment: see [`CreateOptions::lifetime`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lifetime {
    /// The process that created it, when it drops its last handle. If that process is killed, the name stays.
    #[default]
    Creator,
    /// Nobody, until [`remove`](crate::remove).
    Kept,
}

/// How to create a segment with a name: see [`Shared::creating`].
///
/// ```
/// use shmstate::{Lifetime, Shared, remove};
///
/// let name = format!("doc-creating-{}", std::process::id());
/// let kept = Shared::<u64>::creating().mode(0o660).lifetime(Lifetime::Kept).create(&name, 1)?;
/// drop(kept);
/// assert_eq!(Shared::<u64>::open(&name)?.get(), 1);
/// // No process has it now: begin anew.
/// let fresh = Shared::<u64>::creating().fresh().create(&name, 2)?;
/// assert_eq!(fresh.get(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "options do nothing until a segment is created"]
pub struct CreateOptions<T> {
    mode: u32,
    lifetime: Lifetime,
    fresh: bool,
    state: Without<T>,
}

impl<T> Clone for CreateOptions<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for CreateOptions<T> {}

impl<T> fmt::Debug for CreateOptions<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreateOptions")
            .field("mode", &format_args!("{:#o}", self.mode))
            .field("lifetime", &self.lifetime)
            .field("fresh", &self.fresh)
            .finish_non_exhaustive()
    }
}

#[allow(clippy::missing_errors_doc)] // each verb refers to the function that says its errors
impl<T: SharedState> CreateOptions<T> {
    /// The permission bits of the segment's file, as for `chmod`, whatever the umask is: the low nine bits,
    /// and always the owner's permission to read, without which the name could not be removed. The default
    /// is 0600.
    pub fn mode(mut self, bits: u32) -> Self {
        self.mode = bits & 0o777 | 0o400;
        self
    }

    /// Who removes the name. The default is [`Lifetime::Creator`].
    pub fn lifetime(mut self, lifetime: Lifetime) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// Begins anew: a segment of the same name is replaced if no process has it open or mapped, whatever its
    /// [`Lifetime`]. The kernel is asked, so this holds across users and containers. One that is in use stays:
    /// `open_or_create` opens it, and the others fail with [`CreateError::AlreadyExists`], as they do without `fresh`.
    /// What is not a whole segment is never replaced.
    pub fn fresh(mut self) -> Self {
        self.fresh = true;
        self
    }

    /// Accepts a segment of another user, where there is one: for `open_or_create`. They could change it, and also
    /// truncate it, which ends a process that touches it with `SIGBUS`. The default is to refuse it.
    pub fn foreign_owner(self) -> OpenOrCreate<T> {
        OpenOrCreate {
            create: self,
            foreign_owner: true,
        }
    }

    fn or_open(self) -> OpenOrCreate<T> {
        OpenOrCreate {
            create: self,
            foreign_owner: false,
        }
    }

    /// See [`Shared::create`], for the errors too.
    pub fn create(self, name: &str, value: T) -> Result<Shared<T>, CreateError> {
        self.build(name, |slots| put(Some(name), value, slots))
    }

    /// See [`Shared::create_zeroed`], for the errors too.
    pub fn create_zeroed(self, name: &str) -> Result<Shared<T>, CreateError>
    where
        T: Zeroed,
    {
        self.build(name, |_| Ok(()))
    }

    /// See [`Shared::create_with`], for the errors too.
    pub fn create_with(
        self,
        name: &str,
        fill: impl FnOnce(&T::Slots),
    ) -> Result<Shared<T>, CreateError> {
        self.build(name, |slots| fill_checked::<T>(Some(name), fill, slots))
    }

    /// See [`Shared::open_or_create`], for the errors too.
    pub fn open_or_create(
        self,
        name: &str,
        value: impl FnOnce() -> T,
    ) -> Result<Shared<T>, CreateError> {
        self.or_open().open_or_create(name, value)
    }

    /// See [`Shared::open_or_create_with`], for the errors too.
    pub fn open_or_create_with(
        self,
        name: &str,
        fill: impl FnOnce(&T::Slots),
    ) -> Result<Shared<T>, CreateError> {
        self.or_open().open_or_create_with(name, fill)
    }

    fn build(
        self,
        name: &str,
        fill: impl FnOnce(&T::Slots) -> Result<(), CreateError>,
    ) -> Result<Shared<T>, CreateError> {
        names::check(name)?;
        // That the name is taken is found in the end, too. To look first may spare building a large segment
        // in vain, and may free the memory of the one that is replaced.
        if self.fresh || Shared::<T>::DEFINITION.slots_len >= LARGE {
            segment::make_way(name, self.fresh)?;
        }
        // Several turns mean that another process came first each time, and its segment has gone since.
        self.publish(name, fill, || {
            segment::make_way(name, self.fresh).map(|()| None)
        })
    }

    /// Makes a segment and gives it the name. Each time that the name turns out to be taken, `taken` is asked: for a
    /// segment to use instead, or for none if the name may be free now. So `fill` runs once, however often others come
    /// first and go.
    fn publish(
        self,
        name: &str,
        fill: impl FnOnce(&T::Slots) -> Result<(), CreateError>,
        taken: impl Fn() -> Result<Option<Shared<T>>, CreateError>,
    ) -> Result<Shared<T>, CreateError> {
        let kept = self.lifetime == Lifetime::Kept;
        let (segment, mut draft) = segment::draft(name, Shared::<T>::DEFINITION, self.mode, kept)?;
        let state = filled(segment, fill)?;
        while !draft.publish(&state.segment, name)? {
            if let Some(theirs) = taken()? {
                return Ok(theirs);
            }
        }
        Ok(state)
    }
}

/// From this many bytes on, building a segment costs far more than a look at its name.
const LARGE: usize = 1 << 16;

/// How to open a segment or else create it, where other users' segments are accepted: see
/// [`CreateOptions::foreign_owner`].
#[must_use = "options do nothing until a segment is opened or created"]
pub struct OpenOrCreate<T> {
    create: CreateOptions<T>,
    foreign_owner: bool,
}

impl<T> Clone for OpenOrCreate<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for OpenOrCreate<T> {}

impl<T> fmt::Debug for OpenOrCreate<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenOrCreate")
            .field("create", &self.create)
            .field("foreign_owner", &self.foreign_owner)
            .finish()
    }
}

#[allow(clippy::missing_errors_doc)] // each verb refers to the function that says its errors
impl<T: SharedState> OpenOrCreate<T> {
    /// See [`Shared::open_or_create`], for the errors too.
    pub fn open_or_create(
        self,
        name: &str,
        value: impl FnOnce() -> T,
    ) -> Result<Shared<T>, CreateError> {
        self.build(name, |slots| put(Some(name), value(), slots))
    }

    /// See [`Shared::open_or_create_with`], for the errors too.
    pub fn open_or_create_with(
        self,
        name: &str,
        fill: impl FnOnce(&T::Slots),
    ) -> Result<Shared<T>, CreateError> {
        self.build(name, |slots| fill_checked::<T>(Some(name), fill, slots))
    }

    fn build(
        self,
        name: &str,
        fill: impl FnOnce(&T::Slots) -> Result<(), CreateError>,
    ) -> Result<Shared<T>, CreateError> {
        let find = || self.find(name);
        match find()? {
            Some(theirs) => Ok(theirs),
            None => self.create.publish(name, fill, find),
        }
    }

    /// The segment that there is, unless it is to be replaced and could be.
    fn find(self, name: &str) -> Result<Option<Shared<T>>, CreateError> {
        names::check(name)?;
        if self.create.fresh {
            segment::reclaim(name);
        }
        let terms = Terms {
            writable: true,
            foreign_owner: self.foreign_owner,
            live: false,
        };
        segment::by_name(name, None, terms)
            .and_then(|found| found.map(Shared::of).transpose())
            .map_err(CreateError::Open)
    }
}

fn anonymous<T: SharedState>(
    fill: impl FnOnce(&T::Slots) -> Result<(), CreateError>,
) -> Result<Shared<T>, CreateError> {
    filled(segment::anonymous(Shared::<T>::DEFINITION)?, fill)
}

/// A new segment, made with the definition of `T`, with its slots filled.
fn filled<T: SharedState>(
    segment: Segment,
    fill: impl FnOnce(&T::Slots) -> Result<(), CreateError>,
) -> Result<Shared<T>, CreateError> {
    let state = Shared::<T>::from_segment(segment);
    // Storing a value in a lock-guarded slot takes its lock.
    if Shared::<T>::DEFINITION.shape.has_lock() {
        let source = owner::check().map_err(SystemError::when("tell who this thread is"));
        source.map_err(|source| CreateError::System {
            segment: label(Shared::name(&state)),
            source,
        })?;
    }
    fill(&state)?;
    Ok(state)
}

/// Stores a value, if it fits.
fn put<T: SharedState>(name: Option<&str>, value: T, slots: &T::Slots) -> Result<(), CreateError> {
    crate::slot::fill(slots, value).map_err(|source| CreateError::CapacityExceeded {
        segment: label(name),
        source,
    })
}

/// Runs an initialiser, and checks whether it has left a value in every field.
fn fill_checked<T: SharedState>(
    name: Option<&str>,
    fill: impl FnOnce(&T::Slots),
    slots: &T::Slots,
) -> Result<(), CreateError> {
    fill(slots);
    crate::slot::check(slots).map_err(|source| CreateError::Invalid {
        segment: label(name),
        source,
    })
}
