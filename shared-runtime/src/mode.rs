//! How a field asks to be stored: the parameter by which [`Field`](crate::Field) picks a slot.
//!
//! The derive writes one of these types for each field, from the field's attributes.

use core::marker::PhantomData;

/// The slot that the type has by itself: a field without attributes.
#[derive(Debug)]
pub struct Inline(());

/// `#[shared(cache_padded)]`: the slot of `M`, on a cache line of its own.
#[derive(Debug)]
pub struct CachePadded<M>(PhantomData<M>);

/// A field that the derive has refused, with an error of its own; it keeps one mistake from
/// becoming many.
#[doc(hidden)]
#[derive(Debug)]
pub struct Refused(());

/// The modes that reach through an array to its elements.
#[doc(hidden)]
pub trait Elementwise {}
impl Elementwise for Inline {}
impl<M: Elementwise> Elementwise for CachePadded<M> {}
