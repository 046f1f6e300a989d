//! The input as the rest of the derive sees it.

use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::{Member, Visibility};

use crate::generics::Generics;
use crate::tokens::Ends;

/// What structs and enums have in common.
pub(crate) struct Base {
    pub(crate) name: Ident,
    pub(crate) vis: Visibility,
    pub(crate) generics: Generics,
    /// The path of what generated code uses: `::shmstate::__private`, or `__private` behind the value of
    /// `crate = path`.
    pub(crate) private: TokenStream,
    /// `#[allow]`s of the user, and one for `deprecated` if a part of the input is deprecated.
    pub(crate) allows: Vec<TokenStream>,
    /// `#[non_exhaustive]`, if the input has it.
    pub(crate) non_exhaustive: Option<TokenStream>,
}

impl Base {
    /// The name without `r#`.
    pub(crate) fn shown_name(&self) -> String {
        self.name.unraw().to_string()
    }
}

/// A struct: it gets a slots struct, unless it is locked as a whole.
pub(crate) struct Struct {
    pub(crate) base: Base,
    /// By `#[shared(lock)]`: it is one slot.
    pub(crate) locked: bool,
    pub(crate) slots: Ident,
    pub(crate) style: Style,
    pub(crate) fields: Vec<Field>,
    /// `#[repr(packed)]`: fields cannot be borrowed.
    pub(crate) packed: bool,
    /// A field without a size: there can be no impls.
    pub(crate) is_unsized: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Named,
    Tuple,
    /// No fields, in whatever brackets.
    Unit,
}

pub(crate) struct Field {
    pub(crate) index: usize,
    pub(crate) member: Member,
    /// The name in the field table: without `r#`, or a number.
    pub(crate) name: String,
    pub(crate) vis: Visibility,
    /// The attributes that carry over to the slot: docs, `deprecated`, `allow`.
    pub(crate) attrs: Vec<TokenStream>,
    pub(crate) ty: TokenStream,
    pub(crate) ends: Ends,
    pub(crate) mode: Mode,
    pub(crate) about: About,
    /// Asks the compiler whether the type has a slot, if neither its text nor a bound says so.
    pub(crate) probe: Option<Probe>,
    /// The type depends on a parameter, so that whether it has a slot is a bound.
    pub(crate) generic: bool,
    /// A value always fits: the text of the type shows that there is no text or list in it.
    pub(crate) always_fits: bool,
}

impl Field {
    pub(crate) fn is_refused(&self) -> bool {
        matches!(self.mode.store, FieldStore::Refused)
    }
}

/// What people are told of a field.
pub(crate) struct About {
    /// Empty for none.
    pub(crate) help: String,
    /// It is a number that only grows.
    pub(crate) counter: bool,
}

/// A question to the compiler.
pub(crate) struct Probe {
    /// The type of the field; of an array, that of its elements.
    pub(crate) ty: TokenStream,
    pub(crate) ends: Ends,
    /// What to say if it has no slot, instead of what the traits would say.
    pub(crate) message: Option<String>,
}

/// How a field is stored.
pub(crate) struct Mode {
    pub(crate) store: FieldStore,
    /// On cache lines of its own.
    pub(crate) padded: bool,
}

pub(crate) enum FieldStore {
    Inline,
    Lock,
    /// An atomic that can be waited for.
    Watch,
    Capacity(Capacities),
    /// Arrays are nested `depth` deep in the type, and each innermost element is a slot of its own.
    Pod {
        depth: usize,
    },
    /// There is an error about the field: it takes part in nothing.
    Refused,
}

impl FieldStore {
    /// The numbers of `capacity`, from left to right.
    pub(crate) fn capacities(&self) -> Vec<&Most> {
        match self {
            FieldStore::Capacity(capacities) => capacities.all(),
            _ => Vec::new(),
        }
    }
}

/// The capacities of the texts and lists in a type, in the shape of the type.
pub(crate) enum Capacities {
    /// A part without text and lists.
    Inline,
    /// The most bytes of a text, or elements of a list, and what the elements are made of.
    Most(Most, Box<Capacities>),
    /// The parts of a tuple, or the key and the value of a map.
    Parts(Vec<Capacities>),
}

/// One number of `capacity`: an expression.
pub(crate) struct Most {
    pub(crate) value: TokenStream,
    /// The compiler checks that it is not too large: it is not a literal, and depends on no parameter.
    pub(crate) is_checked: bool,
}

/// What is said of a number that is too large, by the derive or by the compiler.
pub(crate) const TOO_LARGE: &str =
    "a capacity is at most 4294967295, because the length of a text or list has 32 bits";

impl Capacities {
    pub(crate) fn of_parts(parts: Vec<Capacities>) -> Self {
        if parts.iter().all(|part| matches!(part, Capacities::Inline)) {
            Capacities::Inline
        } else {
            Capacities::Parts(parts)
        }
    }

    fn all(&self) -> Vec<&Most> {
        match self {
            Capacities::Inline => Vec::new(),
            Capacities::Most(most, of) => [most].into_iter().chain(of.all()).collect(),
            Capacities::Parts(parts) => parts.iter().flat_map(Capacities::all).collect(),
        }
    }
}

/// A fieldless enum.
pub(crate) struct Enum {
    pub(crate) base: Base,
    pub(crate) store: Store,
    pub(crate) variants: Vec<Variant>,
    /// Some variant is stored as 0.
    pub(crate) zeroed: bool,
}

/// The integer in which an enum is stored.
pub(crate) struct Store {
    /// `u8`, as the language spells it.
    pub(crate) int: &'static str,
    /// By `#[repr(int)]`: the discriminant; else the index.
    pub(crate) by_discriminant: bool,
}

pub(crate) struct Variant {
    pub(crate) ident: Ident,
    /// Without `r#`.
    pub(crate) name: String,
}

/// The input, checked.
pub(crate) enum Model {
    Struct(Struct),
    Enum(Enum),
    /// A union, or an enum with mistakes. It gets impls that keep its uses from adding errors.
    Refused(Base),
}

impl Model {
    pub(crate) fn base(&self) -> &Base {
        match self {
            Model::Struct(state) => &state.base,
            Model::Enum(state) => &state.base,
            Model::Refused(base) => base,
        }
    }
}
