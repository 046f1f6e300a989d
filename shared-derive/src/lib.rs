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
/// # Attributes of a field
///
/// - `#[shared(lock)]`: the value changes as one. Its slot is `Locked<T>`; of an array each element is a
///   slot. For any type.
/// - `#[shared(capacity = N)]`: of a `String`, text of up to `N` bytes; of a `Vec<T>`, a list of up to `N`
///   elements; also in an `Option`, an array or a tuple. `N` is any constant expression, or a const
///   parameter; it is at most 4294967295.
/// - `#[shared(capacity = [8, 64])]`: one number for each `String` and `Vec` in the type, from left to
///   right: a `Vec<String>` of up to 8 texts of up to 64 bytes. The names are looked for in the text of
///   the type. If it has none, as with `type Names = Vec<u64>`, one number goes to the type as a whole.
/// - `#[shared(pod)]`: a `bytemuck::Pod` type of another crate. Its slot is `Locked<T>`.
/// - `#[shared(watch)]`: an atomic that can be waited for, `Watched<T>`; for what fits an atomic. All
///   lock-guarded slots can be waited for without it.
/// - `#[shared(cache_padded)]`: the field, or each element of an array, has cache lines of its own, so
///   that writers of its neighbours do not slow it down. Not in a struct with `lock`.
/// - `#[shared(counter)]`: the number only grows. Tools show it so; it changes nothing else.
/// - `#[shared(help = "what it is for")]`: what tools say of the field. Without it, they say the first
///   paragraph of its docs.
///
/// Of `lock`, `capacity`, `pod` and `watch`, a field has one at most.
///
/// ```text
/// #[derive(SharedState)]
/// struct Jobs {
///     #[shared(capacity = [MOST, 64])]
///     names: Vec<String>,
///     #[shared(capacity = 32)]
///     last: Option<(String, u32)>,
///     #[shared(watch, counter)]
///     done: u64,
///     #[shared(lock)]
///     window: (u32, u32),
/// }
/// ```
///
/// # Attributes of a struct or an enum
///
/// - `#[shared(lock)]`: a struct changes as one; its fields have no slots of their own.
/// - `#[shared(slots = Name)]`: the name of the slots struct.
/// - `#[shared(crate = path)]`: where `shmstate` is. Generated code looks for `::shmstate`; if the
///   dependency has another name, or a library re-exports it, the compiler says "cannot find `shmstate`
///   in the crate root", and `#[shared(crate = ::its::name)]` helps.
///
/// # Errors
///
/// A state is a plain value: it must not implement `Drop` (the error names
/// `AStateMustNotImplementDrop`), and has no references, pointers or heap types. All mistakes of one
/// type are reported at once, each at its token, with what to write instead.
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
