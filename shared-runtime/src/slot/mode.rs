//! How a field asks to be stored: the parameter by which the trait behind `SharedState` picks a slot.
//!
//! The derive writes one of these types for each field, from the field's attributes.

use core::marker::PhantomData;

/// The slot that the type has by itself: a field without attributes.
#[derive(Debug)]
pub struct Inline(());

/// `#[shared(cache_padded)]`: the slot of `M`, on a cache line of its own.
#[derive(Debug)]
pub struct CachePadded<M>(PhantomData<M>);

/// `#[shared(lock)]`: the whole value, stored as in `M`, changes as one.
#[derive(Debug)]
pub struct Lock<M>(PhantomData<M>);

/// `#[shared(watch)]`: an atomic that can be waited for.
#[derive(Debug)]
pub struct Watch(());

/// `#[shared(capacity = N)]`: text of up to `N` bytes, or a list of up to `N` elements, each in the mode `M`.
///
/// The mode of a tuple is a tuple of modes (see `tuple.rs`).
#[derive(Debug)]
pub struct Capacity<const N: usize, M = Inline>(PhantomData<M>);

/// The number of a `capacity` as it stands, and 0 for one that is too large, about which the derive
/// makes an error of its own.
#[doc(hidden)]
#[must_use]
pub const fn capacity(most: usize) -> usize {
    if most <= u32::MAX as usize { most } else { 0 }
}

/// `#[shared(pod)]`: a [`bytemuck::Pod`] type of another crate, locked and read as a whole.
#[derive(Debug)]
pub struct Pod(());

/// The elements of an array each in the mode `M`, where the array as a whole could be in it too.
#[doc(hidden)]
pub struct Each<M>(PhantomData<M>);

/// A field that the derive has refused, with an error of its own; it keeps one mistake from becoming many.
#[doc(hidden)]
pub struct Refused(());

/// The modes that reach through an array of slots to its elements.
#[doc(hidden)]
pub trait Elementwise: 'static {}
impl Elementwise for Inline {}
impl<const N: usize, M: 'static> Elementwise for Capacity<N, M> {}
impl<M: 'static> Elementwise for Lock<M> {}
impl Elementwise for Watch {}
impl<M: Elementwise> Elementwise for CachePadded<M> {}

/// The modes that reach through an array or `Option` in an image to what is in it.
#[doc(hidden)]
pub trait Nested: Elementwise {}
impl Nested for Inline {}
impl<const N: usize, M: 'static> Nested for Capacity<N, M> {}
