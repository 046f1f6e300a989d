//! The impls of a struct: `Field`, `SharedState` and `Zeroed`.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::parts::Parts;
use crate::generics::where_clause;
use crate::model::FieldStore;
use crate::tokens::moved_to;

pub(super) fn field(parts: &Parts<'_>) -> TokenStream {
    let Parts {
        this,
        slots,
        params,
        ..
    } = parts;
    let (trait_, inline) = (parts.private("Field"), parts.private("Inline"));
    let rights = parts.private("Access");
    let (access, bounds) = (&parts.state.base.generics.access, parts.bounds());
    quote! {
        #[automatically_derived]
        impl #params #trait_<#inline> for #this #bounds {
            type Slot<#access: #rights> = #slots;
        }
    }
}

pub(super) fn shared_state(parts: &Parts<'_>) -> TokenStream {
    let Parts {
        this,
        writable,
        params,
        ..
    } = parts;
    let (single, trait_) = (parts.private("Single"), parts.private("SharedState"));
    let bounds = parts.all_bounds();
    quote! {
        #[automatically_derived]
        impl #params #single for #this #bounds {}
        #[automatically_derived]
        impl #params #trait_ for #this #bounds {
            type Slots = #writable;
        }
    }
}

/// The bound of a field is about `For<'a, FieldTy>`, because a bound that is about a concrete type
/// alone must hold where it is written.
pub(super) fn zeroed(parts: &Parts<'_>) -> TokenStream {
    let Parts { this, params, .. } = parts;
    let (trait_, for_) = (parts.private("Zeroed"), parts.private("For"));
    let lifetime = &parts.state.base.generics.free_lifetime;
    let mut seen = HashSet::new();
    let mut predicates = parts.predicates.clone();
    for field in &parts.state.fields {
        // Of a `Pod` type zero bytes are a value, and it has no impl of this trait.
        if matches!(field.mode.store, FieldStore::Pod { .. }) {
            continue;
        }
        if seen.insert(field.ty.to_string()) {
            let (ty, end) = (&field.ty, field.ends.end);
            let (trait_, for_) = (moved_to(trait_.clone(), end), moved_to(for_.clone(), end));
            predicates.push(quote_spanned!(end=> for<#lifetime> #for_<#lifetime, #ty>: #trait_));
        }
    }
    let bounds = where_clause(&predicates);
    quote! {
        #[automatically_derived]
        impl #params #trait_ for #this #bounds {}
    }
}
