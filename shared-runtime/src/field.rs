//! From a field's type to its slot.

use core::marker::PhantomData;

use crate::access::{Access, Write};
use crate::mode::{CachePadded, Elementwise, Inline};
use crate::slot::{Padded, Slot};

/// A type that a field may have: the mode `M` (see [`mode`](crate::mode)) picks its slot.
///
/// Implemented by `#[derive(SharedState)]` and, in this crate, for the primitive types, `NonZero*`,
/// `Option<NonZero*>`, arrays, `PhantomData` and `()`. Use [`SharedState`] as a bound in your code.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no slot",
    label = "this type has no slot in shared memory",
    note = "a field can be a primitive number, `bool`, `char`, `NonZero*`, `Option<NonZero*>`, `PhantomData`, `()`, a fixed array of those, or a struct or fieldless enum with `#[derive(SharedState)]`",
    note = "if `{Self}` is your own struct or fieldless enum, add `#[derive(SharedState)]` to it; if it is a type parameter, bound it with `SharedState`"
)]
pub trait Field<M>: Sized + 'static {
    /// The live form of the field in a segment.
    type Slot<A: Access>: Slot<Value = Self>;

    /// Stores the value, piece by piece, in `slot`.
    fn put(self, slot: &Self::Slot<Write>);
}

/// A plain value whose live form is a set of slots in shared memory.
///
/// Derive it; the derive macro has the same name and comes with the same import. The trait has no
/// methods. It is implemented for every type that has a slot, so `Shared<[u32; 64]>` and
/// `struct Pair<T: SharedState>` work too.
///
/// ```
/// use shared_runtime::{Shared, SharedState};
///
/// fn first<T: SharedState + PartialEq>(a: &Shared<T>, b: &Shared<T>) -> bool {
///     a.snapshot() == b.snapshot()
/// }
/// # let a = Shared::new([1u32; 4])?;
/// # assert!(first(&a, &a));
/// # Ok::<(), shared_runtime::CreateError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a shared state",
    label = "this type has no slots in shared memory",
    note = "add `#[derive(SharedState)]` to `{Self}`; if it is a type parameter, bound it with `SharedState`"
)]
pub trait SharedState:
    Field<Inline, Slot<Write> = <Self as SharedState>::Slots> + Field<CachePadded<Inline>>
{
    /// The live fields: what a [`Shared<Self>`](crate::Shared) dereferences to.
    type Slots: Slot<Value = Self>;
}

/// A type with one slot of its own (not an array), which can be padded as a whole.
#[doc(hidden)]
pub trait Single {}

impl<T: Single + Field<Inline>> Field<CachePadded<Inline>> for T {
    type Slot<A: Access> = Padded<<T as Field<Inline>>::Slot<A>>;

    fn put(self, slot: &Self::Slot<Write>) {
        <T as Field<Inline>>::put(self, slot);
    }
}

impl<T: Field<M>, M: Elementwise, const N: usize> Field<M> for [T; N] {
    type Slot<A: Access> = [T::Slot<A>; N];

    fn put(self, slot: &Self::Slot<Write>) {
        for (value, slot) in self.into_iter().zip(slot) {
            value.put(slot);
        }
    }
}

impl<T: SharedState, const N: usize> SharedState for [T; N] {
    type Slots = [T::Slots; N];
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

impl<T: Zeroed, const N: usize> Zeroed for [T; N] {}

/// `For<'a, T>: Zeroed` is `T: Zeroed`, written so that it may be false of a concrete `T`.
#[doc(hidden)]
#[derive(Debug)]
pub struct For<'a, T>(PhantomData<&'a T>);
impl<T: Zeroed> Zeroed for For<'_, T> {}
