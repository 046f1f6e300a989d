//! From a field's type to its slot: the traits that each kind of field implements.

#![allow(unsafe_code)] // an unsafe trait

use core::marker::PhantomData;

use super::base::Slot;
use super::mode::{CachePadded, Inline, Lock};
use super::plain::{CellOf, Plain};
use crate::access::{Access, Write};
use crate::format::shape::Shape;
use crate::format::{CapacityExceeded, Corrupt};
use crate::lock::ImageCell;

/// A type that a field may have: the mode `M` (see [`mode`](crate::slot::mode)) picks its slot.
///
/// Implemented by `#[derive(SharedState)]` and, in this crate, for the primitive types, `NonZero*`,
/// `Option`, tuples, `Duration`, arrays, `PhantomData` and `()`; for `String` and `Vec` with a capacity;
/// and for `bytemuck::Pod` types in the mode [`Pod`](super::mode::Pod). Use [`SharedState`] as a bound in your code.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no slot",
    label = "this type has no slot in shared memory",
    note = "a field can be a primitive number, `bool`, `char`, `NonZero*`, `Duration`, a point in time, an address, `PhantomData`, `()`, a tuple, `Option` or fixed array of those, a struct or fieldless enum with `#[derive(SharedState)]`, or, with `#[shared(capacity = N)]`, a `String` or `Vec`",
    note = "if `{Self}` is your own struct or fieldless enum, add `#[derive(SharedState)]` to it; if it is a `bytemuck::Pod` type of another crate, `#[shared(pod)]` to the field; if it is a type parameter, bound it with `SharedState`"
)]
pub trait Field<M>: Sized + 'static {
    /// The live form of the field in a segment.
    type Slot<A: Access>: Slot<Value = Self, Access = A>;
}

/// Fails if the value of a field does not fit; the error names the field.
#[doc(hidden)]
pub fn fits<T: Field<M>, M>(name: &str, value: &T) -> Result<(), CapacityExceeded> {
    <T::Slot<Write> as Slot>::fits(value).map_err(|exceeded| exceeded.in_field(name))
}

/// A plain value whose live form is a set of slots in shared memory.
///
/// Derive it; the derive macro has the same name and comes with the same import. The trait has no methods. It is
/// implemented for every type that has a slot, so `Shared<[u32; 64]>` and `struct Pair<T: SharedState>` work too.
///
/// ```
/// use shmstate::{Shared, SharedState};
///
/// fn first<T: SharedState + PartialEq>(a: &Shared<T>, b: &Shared<T>) -> bool {
///     a.snapshot() == b.snapshot()
/// }
/// # let a = Shared::new([1u32; 4])?;
/// # assert!(first(&a, &a));
/// # Ok::<(), shmstate::CreateError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a shared state",
    label = "this type has no slots in shared memory",
    note = "add `#[derive(SharedState)]` to `{Self}`; if it is a type parameter, bound it with `SharedState`"
)]
// The supertraits are what a generic struct may do with a field of such a type: any attribute, in any place.
pub trait SharedState:
    Field<Inline, Slot<Write> = <Self as SharedState>::Slots>
    + Field<CachePadded<Inline>>
    + Field<Lock<Inline>>
    + Field<CachePadded<Lock<Inline>>>
    + Plain<Inline>
    + Optional<Inline>
{
    /// The live fields: what a [`Shared<Self>`](crate::Shared) dereferences to.
    type Slots: Slot<Value = Self, Access = Write>;
}

/// A type with one slot of its own (so not an array), which can be padded or locked as a whole. `NonZero*` does not
/// implement it, because its `Option` has another slot than other options.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no slot",
    label = "this type has no slot in shared memory",
    note = "a field can be a primitive number, `bool`, `char`, `NonZero*`, `Duration`, a point in time, an address, `PhantomData`, `()`, a tuple, `Option` or fixed array of those, a struct or fieldless enum with `#[derive(SharedState)]`, or, with `#[shared(capacity = N)]`, a `String` or `Vec`",
    note = "if `{Self}` is your own struct or fieldless enum, add `#[derive(SharedState)]` to it; if it is a `bytemuck::Pod` type of another crate, `#[shared(pod)]` to the field; if it is a type parameter, bound it with `SharedState`"
)]
pub trait Single: Field<Inline> + Plain<Inline> {}

/// What may stand in an `Option`. `Option<T>` has one impl of `Field` and one of `Plain`, which ask `T`,
/// because impls for `Option<NonZeroU8>` and for `Option<T>` would overlap.
///
/// # Safety
///
/// `Image` has the alignment 1.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`Option<{Self}>` has no slot",
    label = "what is in this option has no form in shared memory",
    note = "it can be whatever a field can be; text or a list needs `#[shared(capacity = N)]` on the field",
    note = "if `{Self}` is your own struct or fieldless enum, add `#[derive(SharedState)]` to it; if it is a type parameter, bound it with `SharedState`"
)]
pub unsafe trait Optional<M>: Sized + 'static {
    type Slot<A: Access>: Slot<Value = Option<Self>, Access = A>;
    type Image: bytemuck::Pod;
    type Cell: ImageCell<Image = Self::Image> + CellOf;
    const SHAPE: &'static Shape;

    fn encode_option(value: &Option<Self>, image: &mut Self::Image)
    -> Result<(), CapacityExceeded>;
    fn decode_option(image: &Self::Image) -> Result<Option<Self>, Corrupt>;

    /// As `decode_option`, reusing what `out` has on the heap.
    fn decode_option_into(image: &Self::Image, out: &mut Option<Self>) -> Result<(), Corrupt> {
        *out = Self::decode_option(image)?;
        Ok(())
    }
}

/// A type of which a slot of zero bytes holds a value.
///
/// [`Shared::zeroed`](crate::Shared::zeroed) needs it. The derive implements it for a struct whose
/// fields all have it, and for an enum with a variant stored as 0. Whatever the bytes are, reading
/// them is checked, so a wrong implementation is a bug, not undefined behaviour.
#[diagnostic::on_unimplemented(
    message = "zero bytes are no value of `{Self}`",
    label = "`zeroed` and `create_zeroed` need a type of which zero bytes are a value",
    note = "use `new` or `create` with a value, or `new_with` or `create_with` to fill the slots in place"
)]
pub trait Zeroed {}

/// `For<'a, T>: Zeroed` is `T: Zeroed`, written so that it may be false of a concrete `T`.
#[doc(hidden)]
pub struct For<'a, T>(PhantomData<&'a T>);
impl<T: Zeroed> Zeroed for For<'_, T> {}
