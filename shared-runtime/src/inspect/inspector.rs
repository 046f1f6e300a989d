//! Opening a segment without its type.

use core::fmt;
use core::marker::PhantomData;
use std::time::Duration;

use super::error::FieldError;
use super::field::Field;
use super::opened::Opened;
use super::path;
use crate::access::{Access, Read, Write};
use crate::format::schema::Schema;
use crate::processes::Description;
use crate::segment::{self, Found, OpenError, Terms, Token};

/// A view of any segment by its own field table: the fields, their values, and who holds their locks.
///
/// It needs no knowledge of the Rust type, so tools are written with it. Reading maps the segment read-only, takes no
/// lock and changes nothing, so it works even if the processes that write are stuck, stopped or dead. Nothing in the
/// segment is trusted: any bytes give a value or an error, and take no more memory and time than the mapped size
/// accounts for.
///
/// [`options`](Self::options) opens it to write: `Inspector<Write>` has fields that can be set and added to, through
/// the same locks and atomics as those of every other process.
///
/// ```
/// use shmstate::{Inspector, Shared, SharedState};
///
/// #[derive(SharedState, Default)]
/// struct Progress {
///     done: u64,
///     per_worker: [u32; 3],
///     #[shared(capacity = 16)]
///     label: String,
/// }
///
/// let name = format!("doc-inspector-{}", std::process::id());
/// let progress = Shared::create(&name, Progress::default())?;
/// progress.per_worker[2].set(7);
///
/// let inspector = Inspector::open(&name)?; // in any process, which need not know `Progress`
/// for field in inspector.fields() {
///     println!("{}: {} = {}", field.path(), field.ty(), field.get()?);
/// }
/// assert_eq!(inspector.field("per_worker[2]")?.get()?, 7_u32.into());
///
/// let steering = Inspector::options().writable().open(&name)?;
/// steering.field("label")?.set_str("steered")?;
/// steering.field("done")?.add(5_u64)?;
/// assert_eq!((progress.label.get().as_str(), progress.done.get()), ("steered", 5));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Inspector<A: Access = Read> {
    opened: Opened,
    access: PhantomData<A>,
}

/// Options for opening an [`Inspector`]: see [`Inspector::options`].
pub struct InspectOptions<A: Access = Read> {
    foreign_owner: bool,
    lock_timeout: Option<Duration>,
    access: PhantomData<A>,
}

impl Inspector {
    /// Opens the segment of that name to read it. Costs about ten microseconds, and a microsecond for ten fields.
    ///
    /// # Errors
    ///
    /// [`OpenError`], as for [`Shared::open`](crate::Shared::open), but the state may be of any type. A segment of a
    /// later format is [`crate::HeaderError::NewerFormat`], which says both versions; an inconsistent field table is
    /// [`crate::HeaderError::Table`].
    pub fn open(name: &str) -> Result<Self, OpenError> {
        Self::options().open(name)
    }

    /// Opens the segment that a [`token`](crate::Shared::token) names, with a name or without, to read it.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open), and as [`Shared::from_token`](crate::Shared::from_token).
    pub fn from_token(token: &str) -> Result<Self, OpenError> {
        Self::options().from_token(token)
    }

    /// Options for opening a segment, for example to write to it.
    pub fn options() -> InspectOptions {
        InspectOptions {
            foreign_owner: false,
            lock_timeout: None,
            access: PhantomData,
        }
    }
}

impl InspectOptions {
    /// Opens to write as well: a segment of this process's PID and time namespace, as [`Shared`](crate::Shared) does.
    #[must_use]
    pub fn writable(self) -> InspectOptions<Write> {
        InspectOptions {
            foreign_owner: self.foreign_owner,
            lock_timeout: self.lock_timeout,
            access: PhantomData,
        }
    }
}

impl<A: Access> InspectOptions<A> {
    /// Accepts a segment that belongs to another user. That user can truncate it, and a process that then touches it is
    /// ended by `SIGBUS`. The default is to refuse such a segment.
    #[must_use]
    pub fn foreign_owner(mut self, accept: bool) -> Self {
        self.foreign_owner = accept;
        self
    }

    /// How long a change waits for a lock that a living thread holds. There is no limit by default.
    #[must_use]
    pub fn lock_timeout(mut self, limit: Duration) -> Self {
        self.lock_timeout = Some(limit);
        self
    }

    /// See [`Inspector::open`].
    ///
    /// # Errors
    ///
    /// As [`Inspector::open`], and [`OpenError::Namespace`] if it was created in another one and is opened to write.
    pub fn open(self, name: &str) -> Result<Inspector<A>, OpenError> {
        self.inspect(segment::open(name, self.terms())?)
    }

    /// See [`Inspector::from_token`].
    ///
    /// # Errors
    ///
    /// As [`Inspector::from_token`], and as [`open`](Self::open).
    #[allow(clippy::wrong_self_convention)] // ends the chain, as `open` does
    pub fn from_token(self, token: &str) -> Result<Inspector<A>, OpenError> {
        self.inspect(segment::by_token(token, self.terms())?)
    }

    fn inspect(&self, found: Found) -> Result<Inspector<A>, OpenError> {
        Ok(Inspector {
            opened: Opened::new(found, self.lock_timeout)?,
            access: PhantomData,
        })
    }

    fn terms(&self) -> Terms {
        Terms {
            writable: A::WRITABLE,
            foreign_owner: self.foreign_owner,
            live: false,
        }
    }
}

impl<A: Access> Inspector<A> {
    /// The name of the segment, if it was opened by one.
    pub fn name(&self) -> Option<&str> {
        self.opened.segment.origin().name()
    }

    /// The instance: a random number drawn when the segment was created.
    pub fn id(&self) -> u128 {
        self.opened.segment.origin().id
    }

    /// A short text that opens this segment in another process: see [`Shared::token`](crate::Shared::token).
    pub fn token(&self) -> String {
        Token::of(self.opened.segment.origin()).to_string()
    }

    /// The name of the state's struct; empty for a state that is not a struct.
    pub fn type_name(&self) -> &str {
        self.opened.tree.root().row().map_or("", |row| row.name)
    }

    /// The length of the segment in bytes: header, field table and slots.
    pub fn size(&self) -> u64 {
        self.opened.header.total_len
    }

    /// What the segment says of itself as a whole, such as who has created it. Allocates, and reads `/proc`.
    pub fn description(&self) -> Description {
        Description::of(&self.opened.header, &self.opened.tree.table)
    }

    /// The fields, each with its place and type. Allocates.
    pub fn schema(&self) -> Schema {
        Schema::from_table(&self.opened.tree.table)
    }

    /// The state as one field, with an empty path.
    pub fn root(&self) -> Field<'_, A> {
        Field::root(&self.opened)
    }

    /// The fields of the state, in order. A state that is not a struct is one field, with an empty path.
    pub fn fields(&self) -> Box<dyn Iterator<Item = Field<'_, A>> + '_> {
        let root = self.root();
        if root.is_struct() {
            root.children()
        } else {
            Box::new(core::iter::once(root))
        }
    }

    /// The field of that path: names of fields with dots between, and indices in brackets, such as `window.low`,
    /// `per_worker[3]` or `limits.inner[2].x`. The path leaves out options; the parts of a tuple are `0`, `1`, ….
    ///
    /// # Errors
    ///
    /// [`FieldError`], which says which fields there are.
    ///
    /// ```
    /// # use shmstate::{Inspector, Shared};
    /// let pairs = Shared::new([(1_u8, 'a'), (2, 'b')])?;
    /// let inspector = Inspector::from_token(&pairs.token())?;
    /// assert_eq!(inspector.field("[1].1")?.get()?, 'b'.into());
    /// let error = inspector.field("[2]").unwrap_err();
    /// assert_eq!(error.to_string(), "the state has no element 2: its length is 2");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn field(&self, path: &str) -> Result<Field<'_, A>, FieldError> {
        path::resolve(self.root(), path)
    }
}

impl<A: Access> fmt::Debug for Inspector<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inspector")
            .field("name", &self.name())
            .field("type_name", &self.type_name())
            .field("writable", &A::WRITABLE)
            .finish_non_exhaustive()
    }
}

impl<A: Access> fmt::Debug for InspectOptions<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InspectOptions")
            .field("writable", &A::WRITABLE)
            .field("foreign_owner", &self.foreign_owner)
            .field("lock_timeout", &self.lock_timeout)
            .finish()
    }
}
