//! What a handle may do with its mapping, as a type.

mod sealed {
    pub trait Sealed {}
}

/// The right of a handle and of the slots behind it: [`Write`] or [`Read`].
///
/// Every slot type carries it as its last, defaulted parameter. Methods that change a slot exist
/// for [`Write`] only, so writing through a [`ReadOnly`](crate::ReadOnly) handle does not compile.
/// The trait is sealed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an access right",
    label = "expected `access::Write` or `access::Read`"
)]
pub trait Access: sealed::Sealed + Sized + Send + Sync + 'static {
    #[doc(hidden)]
    const WRITABLE: bool;
}

/// Reads and writes: the access of [`Shared<T>`](crate::Shared).
#[derive(Debug)]
pub enum Write {}

/// Reads only, over a mapping that the hardware protects against writes: the access of
/// [`ReadOnly<T>`](crate::ReadOnly).
#[derive(Debug)]
pub enum Read {}

impl sealed::Sealed for Write {}
impl sealed::Sealed for Read {}

impl Access for Write {
    const WRITABLE: bool = true;
}
impl Access for Read {
    const WRITABLE: bool = false;
}
