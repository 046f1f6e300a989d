//! States in a library that knows the facade by another name and denies every lint.
//!
//! It is a library because `missing_docs` says nothing in tests. That it compiles is the test;
//! `cargo clippy` covers the lints of clippy.

#![no_implicit_prelude]
#![forbid(unsafe_code)]
#![deny(missing_docs, unused, warnings, future_incompatible, nonstandard_style)]
#![deny(
    missing_debug_implementations,
    missing_copy_implementations,
    unreachable_pub
)]
#![deny(
    unused_qualifications,
    unused_lifetimes,
    unused_results,
    single_use_lifetimes
)]
#![deny(
    trivial_casts,
    trivial_numeric_casts,
    let_underscore_drop,
    private_bounds
)]
#![deny(
    private_interfaces,
    elided_lifetimes_in_paths,
    explicit_outlives_requirements
)]
#![deny(
    redundant_lifetimes,
    unnameable_types,
    variant_size_differences,
    unit_bindings
)]
#![deny(
    non_ascii_idents,
    keyword_idents,
    absolute_paths_not_starting_with_crate
)]
#![deny(clippy::all, clippy::pedantic, clippy::undocumented_unsafe_blocks)]
#![deny(
    clippy::missing_docs_in_private_items,
    clippy::absolute_paths,
    clippy::infinite_loop
)]
#![deny(clippy::exhaustive_structs, clippy::missing_inline_in_public_items)]
#![deny(
    clippy::min_ident_chars,
    clippy::as_conversions,
    clippy::indexing_slicing
)]
#![deny(
    clippy::implicit_return,
    clippy::question_mark_used,
    clippy::ref_patterns
)]

use ::core::marker::PhantomData;
use ::core::option::Option;
use ::renamed_facade::SharedState;
use ::std::string::String;
use ::std::vec::Vec;

/// How far the work is.
#[derive(SharedState, ::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy)]
#[shared(crate = ::renamed_facade)]
#[non_exhaustive]
pub struct Progress {
    /// Documented.
    pub started: bool,
    /// Private to the crate.
    pub(crate) phase: Phase,
    /// Never read by this crate.
    per_worker: [u32; 8],
    /// Nested.
    #[shared(cache_padded)]
    pub limits: Limits,
    /// Waited for.
    #[shared(watch)]
    pub generation: u32,
    /// Private, and waited for.
    #[shared(watch, cache_padded)]
    levels: [Level; 2],
}

/// Where the work is.
#[derive(SharedState, ::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy)]
#[shared(crate = ::renamed_facade)]
#[non_exhaustive]
pub enum Phase {
    /// Not yet.
    Idle,
    /// Now.
    Busy,
}

/// Stored by its discriminant.
#[derive(SharedState, ::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy)]
#[shared(crate = ::renamed_facade)]
#[repr(i16)]
#[non_exhaustive]
pub enum Level {
    /// Negative.
    Low = -1,
    /// The largest.
    High = i16::MAX,
}

/// A tuple struct.
#[derive(SharedState, ::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy)]
#[shared(crate = ::renamed_facade)]
#[non_exhaustive]
pub struct Limits(
    /// The lower.
    pub u64,
    /// The upper.
    Level,
);

/// A unit struct.
#[derive(SharedState, ::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy)]
#[shared(crate = ::renamed_facade, slots = LiveNothing)]
#[non_exhaustive]
pub struct Nothing;

/// Generic, with a private type in a private field.
#[derive(SharedState, ::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy)]
#[shared(crate = ::renamed_facade)]
#[non_exhaustive]
pub struct Pair<T: SharedState, const N: usize> {
    /// One.
    pub one: T,
    /// The private type.
    hidden: Hidden<T>,
    /// Some more.
    pub more: [T; N],
    /// Waited for.
    #[shared(watch)]
    pub watched: [T; N],
}

/// Private, and nobody reads it.
#[derive(SharedState, ::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy)]
#[shared(crate = ::renamed_facade)]
struct Hidden<T: SharedState> {
    /// The value.
    value: T,
    /// A mark.
    mark: PhantomData<T>,
}

/// A field that its author has deprecated.
#[derive(SharedState, ::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy)]
#[shared(crate = ::renamed_facade)]
#[non_exhaustive]
pub struct Old {
    /// The old one.
    #[deprecated = "use `new`"]
    pub old: u8,
    /// The new one.
    pub new: u8,
}

/// A whole type that its author has deprecated.
#[derive(SharedState)]
#[shared(crate = ::renamed_facade)]
#[deprecated]
#[non_exhaustive]
#[expect(missing_debug_implementations)]
pub struct Older {
    /// A field.
    pub field: u8,
}

impl ProgressSlots {
    /// A method over the live fields.
    #[inline]
    pub fn start(&self) {
        self.started.set(true);
        self.phase.set(Phase::Busy);
    }
}

/// Changes as one.
#[derive(SharedState, ::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy)]
#[shared(crate = ::renamed_facade, lock)]
#[non_exhaustive]
pub struct Account {
    /// A number.
    pub cents: i64,
    /// The private type.
    hidden: Hidden<u8>,
}

/// The most names.
const MOST: usize = 4;

/// Text, a list, and values that change as one.
#[derive(SharedState, ::core::fmt::Debug, ::core::clone::Clone)]
#[shared(crate = ::renamed_facade)]
#[non_exhaustive]
pub struct Wide<T: SharedState> {
    /// Text.
    #[shared(capacity = 16)]
    pub label: String,
    /// A list.
    #[shared(capacity = 4)]
    pub recent: Vec<Account>,
    /// Texts in a list, up to a constant number of them.
    #[shared(capacity = [MOST, { MOST * 4 }])]
    pub names: Vec<(String, u8)>,
    /// A private type, locked.
    #[shared(lock)]
    hidden: Hidden<T>,
    /// Of another crate.
    #[shared(pod)]
    pub point: [f32; 2],
    /// Wide.
    pub total: (u128, Option<Level>),
    /// One slot.
    pub account: Account,
}
