//! From a field's type to its slot.

use core::marker::PhantomData;

use crate::access::{Access, Write};
use crate::format::CapacityExceeded;
use crate::plain::{Optional, Plain};
use crate::slot::mode::{CachePadded, Each, Elementwise, Inline, Lock, Pod, Watch};
use crate::slot::{Scalar, Slot, Watched};

/// A type that a field may have: the mode `M` (see [`mode`](crate::slot::mode)) picks its slot.
///
/// Implemented by `#[derive(SharedState)]` and, in this crate, for the primitive types, `NonZero*`,
/// `Option`, tuples, `Duration`, arrays, `PhantomData` and `()`; for `String` and `Vec` with a capacity;
/// and for `bytemuck::Pod` types in the mode [`Pod`]. Use [`SharedState`] as a bound in your code.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no slot",
    label = "this type has no slot in shared memory",
    note = "a field can be a primitive number, `bool`, `char`, `NonZero*`, `Duration`, `PhantomData`, `()`, a tuple, `Option` or fixed array of those, a struct or fieldless enum with `#[derive(SharedState)]`, or, with `#[shared(capacity = N)]`, a `String` or `Vec`",
    note = "if `{Self}` is your own struct or fieldless enum, add `#[derive(SharedState)]` to it; if it is a `bytemuck::Pod` type of another crate, `#[shared(pod)]` to the field; if it is a type parameter, bound it with `SharedState`"
)]
pub trait Field<M>: Sized + 'static {
    /// The live form of the field in a segment.
    type Slot<A: Access>: Slot<Value = Self, Access = A>;

    /// Stores the value, piece by piece, in `slot`. It must fit.
    fn put(self, slot: &Self::Slot<Write>);

    /// Whether every text and list in the value fits its capacity.
    ///
    /// # Errors
    ///
    /// The first that does not.
    #[doc(hidden)]
    fn fits(&self) -> Result<(), CapacityExceeded> {
        Ok(())
    }
}

/// Whether one field fits; an error names it.
#[doc(hidden)]
pub fn fits<T: Field<M>, M>(name: &str, value: &T) -> Result<(), CapacityExceeded> {
    value.fits().map_err(|exceeded| exceeded.in_field(name))
}

/// A plain value whose live form is a set of slots in shared memory.
///
/// Derive it; the derive macro has the same name and comes with the same import. The trait has no
/// methods. It is implemented for every type that has a slot, so `Shared<[u32; 64]>` and
/// `struct Pair<T: SharedState>` work too.
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
// What a generic struct may do with a field of such a type: any attribute, and any place.
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

/// A type with one slot of its own (not an array), which can be padded, and locked, as a whole. All
/// but `NonZero*`, whose `Option` is a slot unlike others.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no slot",
    label = "this type has no slot in shared memory",
    note = "a field can be a primitive number, `bool`, `char`, `NonZero*`, `Duration`, `PhantomData`, `()`, a tuple, `Option` or fixed array of those, a struct or fieldless enum with `#[derive(SharedState)]`, or, with `#[shared(capacity = N)]`, a `String` or `Vec`",
    note = "if `{Self}` is your own struct or fieldless enum, add `#[derive(SharedState)]` to it; if it is a `bytemuck::Pod` type of another crate, `#[shared(pod)]` to the field; if it is a type parameter, bound it with `SharedState`"
)]
pub trait Single: Field<Inline> + Plain<Inline> {}

/// The slot of a type on cache lines of its own.
macro_rules! padded {
    ([$($params:tt)*] $mode:ty, $ty:ty) => {
        impl<$($params)*> $crate::slot::field::Field<$crate::slot::mode::CachePadded<$mode>> for $ty {
            type Slot<A: $crate::Access> =
                $crate::slot::Padded<<$ty as $crate::slot::field::Field<$mode>>::Slot<A>>;

            fn put(self, slot: &Self::Slot<$crate::access::Write>) {
                <$ty as $crate::slot::field::Field<$mode>>::put(self, slot);
            }

            fn fits(&self) -> Result<(), $crate::CapacityExceeded> {
                <$ty as $crate::slot::field::Field<$mode>>::fits(self)
            }
        }
    };
}

/// The slot of a type that is locked as a whole: in the mode `$field` of a field, `$mode` of an image.
macro_rules! locked {
    ([$($params:tt)*] $field:ty, $mode:ty, $ty:ty) => {
        impl<$($params)*> $crate::slot::field::Field<$field> for $ty {
            type Slot<A: $crate::Access> = $crate::slot::Locked<$ty, A, $mode>;

            fn put(self, slot: &$crate::slot::Locked<$ty, $crate::access::Write, $mode>) {
                slot.set(self);
            }

            fn fits(&self) -> Result<(), $crate::CapacityExceeded> {
                $crate::plain::fits::<$ty, $mode>(self)
            }
        }
    };
}

pub(crate) use {locked, padded};

padded!([T: Single] Inline, T);
locked!([T: Single] Lock<Inline>, Inline, T);
padded!([T: Single] Lock<Inline>, T);

impl<T: Scalar> Field<Watch> for T {
    type Slot<A: Access> = Watched<T, A>;

    fn put(self, slot: &Watched<T>) {
        slot.set(self);
    }
}
padded!([T: Scalar] Watch, T);

locked!([T: bytemuck::Pod] Pod, Pod, T);
padded!([T: bytemuck::Pod] Pod, T);

impl<T: Field<M>, M: Elementwise, const N: usize> Field<M> for [T; N] {
    type Slot<A: Access> = [T::Slot<A>; N];

    fn put(self, slot: &Self::Slot<Write>) {
        for (value, slot) in self.into_iter().zip(slot) {
            value.put(slot);
        }
    }

    fn fits(&self) -> Result<(), CapacityExceeded> {
        each_fits(self)
    }
}

impl<T: Field<M>, M, const N: usize> Field<Each<M>> for [T; N] {
    type Slot<A: Access> = [T::Slot<A>; N];

    fn put(self, slot: &Self::Slot<Write>) {
        for (value, slot) in self.into_iter().zip(slot) {
            value.put(slot);
        }
    }

    fn fits(&self) -> Result<(), CapacityExceeded> {
        each_fits(self)
    }
}

fn each_fits<T: Field<M>, M>(values: &[T]) -> Result<(), CapacityExceeded> {
    for (i, value) in values.iter().enumerate() {
        value.fits().map_err(|exceeded| exceeded.at_index(i))?;
    }
    Ok(())
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
