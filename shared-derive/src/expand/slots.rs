//! The slots struct.

use proc_macro2::TokenStream;
use quote::quote;

use super::paths;
use crate::generics::where_clause;
use crate::model::{Field, Struct, Style};

/// The slots struct of a sound state.
pub(crate) fn slots(state: &Struct) -> TokenStream {
    let slots: Vec<TokenStream> = state
        .fields
        .iter()
        .map(|field| paths(&state.base).slot(field, &state.base.generics.access))
        .collect();
    declare(state, &slots, None)
}

/// Declares the slots struct with a slot for each field, and `extra`, a type without bytes.
pub(crate) fn declare(
    state: &Struct,
    slots: &[TokenStream],
    extra: Option<&TokenStream>,
) -> TokenStream {
    let paths = paths(&state.base);
    let generics = &state.base.generics;
    let (vis, name, allows) = (&state.base.vis, &state.slots, &state.base.allows);
    let (access, rights, write) = (
        &generics.access,
        paths.private("Access"),
        paths.private("Write"),
    );
    let declared = &generics.declared;
    let mut predicates = generics.predicates.clone();
    predicates.extend(field_bounds(state));
    let bounds = where_clause(&predicates);

    let fields = state.fields.iter().zip(slots).map(|(field, slot)| {
        let Field {
            attrs, vis, member, ..
        } = field;
        match member {
            syn::Member::Named(name) => quote!(#(#attrs)* #vis #name: #slot),
            syn::Member::Unnamed(_) => quote!(#(#attrs)* #vis #slot),
        }
    });
    let extra = extra.into_iter();
    let body = match state.style {
        Style::Named => {
            quote!(#bounds { #(#fields,)* #(__parameters: #extra,)* })
        }
        Style::Tuple => quote!((#(#fields,)* #(#extra,)*) #bounds;),
        Style::Unit => quote!((::core::marker::PhantomData<#access>) #bounds;),
    };
    let non_exhaustive = &state.base.non_exhaustive;
    let doc = format!(
        " The live fields of a [`{}`] in shared memory.",
        state.base.name
    );
    quote! {
        #[doc = #doc]
        #(#allows)*
        #[repr(C)]
        #non_exhaustive
        #vis struct #name<#(#declared,)* #access: #rights = #write> #body
    }
}

/// `FieldTy: Field<Mode>` for each sound field whose type depends on a type parameter.
pub(crate) fn field_bounds(state: &Struct) -> impl Iterator<Item = TokenStream> {
    let paths = paths(&state.base);
    state
        .fields
        .iter()
        .filter(|field| field.generic && !field.is_refused())
        .map(move |field| paths.field_bound(field))
}
