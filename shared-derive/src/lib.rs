//! The derive macro of [`shmstate`](https://docs.rs/shmstate).
//!
//! Use the `shmstate` crate, which re-exports the macro beside the trait of the same name.

mod attr;
mod check;
mod errors;
mod expand;
mod generics;
mod lengths;
mod model;
#[cfg(test)]
mod snapshots;
mod tokens;
mod types;

/// Makes a plain struct, or a fieldless enum, a state whose fields live in shared memory.
///
/// ```text
/// #[derive(SharedState)]
/// struct Progress {
///     done: u64,
///     #[shared(cache_padded)]
///     per_worker: [u32; 8],
///     #[shared(capacity = 64)]
///     label: String,
/// }
/// ```
///
/// # What it generates
///
/// For a struct `Progress`:
///
/// - `ProgressSlots<A = access::Write>`, a `#[repr(C)]` struct of the same visibility with one slot
///   for each field, under the field's name, visibility and docs. It has `snapshot()`,
///   `try_snapshot()` and `Debug`; its other methods are yours to write, in
///   `impl ProgressSlots { … }` (for writable handles) or
///   `impl<A: Access> ProgressSlots<A> { … }` (for both kinds).
/// - `SharedState` for `Progress`, and `Zeroed` where every field has it.
///
/// Type parameters, const parameters, their bounds and defaults carry over, and the access parameter
/// comes last: `PairSlots<T, A>`. A field whose type is a type parameter needs the bound
/// `T: SharedState`; one with `watch` also asks for `T: slot::Scalar` where such a state is used.
///
/// A struct with `#[shared(lock)]` gets no slots struct: it is one slot, `Locked<Self>`, whose
/// `modify` runs a closure, or your ordinary `&mut self` methods, as one transaction.
///
/// A fieldless enum gets a number for each variant and fits one atomic: its discriminant if it has
/// `#[repr(u8)]` to `#[repr(u64)]` or `#[repr(i8)]` to `#[repr(i64)]`, else the index of the variant
/// in the smallest unsigned integer. It is `Zeroed` if a variant is stored as 0.
///
/// # Attributes
///
/// | where | attribute | meaning |
/// |---|---|---|
/// | field | `#[shared(lock)]` | the value changes as one: `Locked<T>` |
/// | field | `#[shared(capacity = N)]` | of a `String`: text of up to `N` bytes; of a `Vec<T>`: a list of up to `N` elements |
/// | field | `#[shared(pod)]` | a `bytemuck::Pod` type of another crate: `Locked<T>` |
/// | field | `#[shared(watch)]` | an atomic that can be waited for: `Watched<T>` |
/// | field | `#[shared(cache_padded)]` | the field, or each element of an array, on a cache line of its own |
/// | struct | `#[shared(lock)]` | the struct changes as one |
/// | struct | `#[shared(slots = Name)]` | the name of the slots struct |
/// | struct, enum | `#[shared(crate = path)]` | where to find `shmstate`, if not at `::shmstate` |
///
/// # Errors
///
/// A state is a plain value: it must not implement `Drop` (the error names
/// `AStateMustNotImplementDrop`), and has no references, pointers or heap types. All mistakes of one
/// type are reported at once, each at its token.
///
/// # Lints
///
/// The expansion has four `unsafe impl`s: one for the slots, three for the form at rest, whose layout is
/// checked at compile time. It compiles in a crate with `#![forbid(unsafe_code)]`,
/// because that lint is about the code that you write. Nothing generated warns under
/// `missing_docs`, `unused` or clippy's pedantic group.
#[proc_macro_derive(SharedState, attributes(shared))]
pub fn derive_shared_state(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    expand::derive(input.into()).into()
}
