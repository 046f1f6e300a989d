//! The impls of every state: `Field`, `SharedState` and `Zeroed`.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::field::FieldCode;
use super::parts::Parts;
use crate::generics::where_clause;
use crate::model::FieldStore;

pub(super) fn field(parts: &Parts<'_>) -> TokenStream {
    let (p, access, bounds) = (parts.private, &parts.base.generics.access, &parts.bounds);
    let (this, slots, params) = (parts.this, &parts.slots, &parts.params);
    quote! {
        #[automatically_derived]
        impl #params #p::Field<#p::Inline> for #this #bounds {
            type Slot<#access: #p::Access> = #slots;
        }
    }
}

pub(super) fn shared_state(parts: &Parts<'_>) -> TokenStream {
    let (p, this, params) = (parts.private, parts.this, &parts.params);
    let (writable, bounds) = (&parts.writable, &parts.all_bounds);
    quote! {
        #[automatically_derived]
        impl #params #p::Single for #this #bounds {}
        #[automatically_derived]
        impl #params #p::SharedState for #this #bounds {
            type Slots = #writable;
        }
    }
}

/// `Zeroed` where all of `fields` have it.
///
/// The bound of a field is about `For<'a, FieldTy>`, because a bound that is about a concrete type
/// alone must hold where it is written.
pub(super) fn zeroed(parts: &Parts<'_>, fields: &[FieldCode<'_>]) -> TokenStream {
    let (p, this, params) = (parts.private, parts.this, &parts.params);
    let lifetime = &parts.base.generics.free_lifetime;
    let mut seen = HashSet::new();
    let mut predicates = parts.predicates.clone();
    for code in fields {
        let (p, ty) = (&code.private, &code.field.ty);
        // Of a `Pod` type zero bytes are a value, and it has no impl of this trait.
        let is_pod = matches!(code.field.mode.store, FieldStore::Pod { .. });
        if !is_pod && seen.insert(ty.to_string()) {
            let bound =
                quote_spanned!(code.end=> for<#lifetime> #p::For<#lifetime, #ty>: #p::Zeroed);
            predicates.push(bound);
        }
    }
    let bounds = where_clause(&predicates);
    quote! {
        #[automatically_derived]
        impl #params #p::Zeroed for #this #bounds {}
    }
}
