//! What the impls of a struct and of its slots struct have in common.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::paths::{Paths, field_bounds, plain_bounds};
use crate::generics::{angled, where_clause};
use crate::model::{About, Field, Struct};

/// What several impls have in common.
pub(super) struct Parts<'a> {
    pub(super) state: &'a Struct,
    /// `Progress`, `Pair<T>`.
    pub(super) this: &'a TokenStream,
    /// `ProgressSlots`, `PairSlots<T>`, `Locked<Account>`: with the default access.
    pub(super) writable: TokenStream,
    /// `ProgressSlots<A>`, `PairSlots<T, A>`, `Locked<Account, A>`.
    pub(super) slots: TokenStream,
    /// `<T: Bound>`.
    pub(super) params: TokenStream,
    /// `<T: Bound, A: Access>`.
    pub(super) slots_params: TokenStream,
    /// Where clause of every impl, as predicates.
    pub(super) predicates: Vec<TokenStream>,
}

impl<'a> Parts<'a> {
    pub(super) fn of(state: &'a Struct) -> Self {
        let (generics, paths) = (&state.base.generics, Paths::of(&state.base));
        let (name, access) = (&state.slots, &generics.access);
        let (args, params) = (&generics.args, &generics.params);
        let rights = paths.private("Access");
        let (writable, slots) = if state.locked {
            let (locked, this) = (paths.private("Locked"), &generics.this);
            (quote!(#locked<#this>), quote!(#locked<#this, #access>))
        } else {
            let writable = angled(args);
            (quote!(#name #writable), quote!(#name<#(#args,)* #access>))
        };
        let mut predicates = generics.predicates.clone();
        predicates.extend(generics.types.iter().map(|ty| quote!(#ty: 'static)));
        if state.locked {
            predicates.extend(plain_bounds(state));
        } else {
            predicates.extend(field_bounds(state));
        }
        Parts {
            state,
            this: &generics.this,
            writable,
            slots,
            params: generics.impl_params(),
            slots_params: quote!(<#(#params,)* #access: #rights>),
            predicates,
        }
    }

    pub(super) fn paths(&self) -> Paths<'a> {
        Paths::of(&self.state.base)
    }

    pub(super) fn private(&self, name: &str) -> TokenStream {
        self.paths().private(name)
    }

    /// The bounds of the state, all of whose fields have slots.
    pub(super) fn bounds(&self) -> TokenStream {
        where_clause(&self.predicates)
    }

    /// The bounds of the state, all of whose fields have slots and lie in an image.
    pub(super) fn all_bounds(&self) -> TokenStream {
        let mut predicates = self.predicates.clone();
        if !self.state.locked {
            predicates.extend(plain_bounds(self.state));
        }
        where_clause(&predicates)
    }

    /// `&value.field`; fields of a packed struct are copied, because they cannot be borrowed.
    pub(super) fn borrowed(&self, field: &Field, value: &TokenStream) -> TokenStream {
        let member = &field.member;
        if self.state.packed {
            quote_spanned!(field.ends.end=> &{ #value.#member })
        } else {
            quote_spanned!(field.ends.end=> &#value.#member)
        }
    }

    /// A row of a shape: `place` is the name, the offset and the shape of the field.
    pub(super) fn row(&self, field: &Field, place: &TokenStream) -> TokenStream {
        let end = field.ends.end;
        let row = self.paths().private_at(end, "FieldShape");
        let About { help, counter } = &field.about;
        if help.is_empty() && !counter {
            return quote_spanned!(end=> #row::new(#place));
        }
        quote_spanned!(end=> #row::described(#place, #help, #counter))
    }
}
