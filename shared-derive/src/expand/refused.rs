//! What is generated beside an error: impls that let the uses of the type type-check, so that the
//! error stands alone. The bodies never run.

use proc_macro2::TokenStream;
use quote::quote;

use super::enumeration::{atomic_field, bounds, zeroed};
use super::{paths, slots};
use crate::generics::{angled, where_clause};
use crate::model::{Base, Struct};

/// A struct with a refused field: the sound fields keep their slots, the others have none.
pub(crate) fn structure(state: &Struct) -> TokenStream {
    let paths = paths(&state.base);
    let generics = &state.base.generics;
    let (trait_, refused) = (paths.private("Field"), paths.private("Refused"));
    let access = &generics.access;
    let slots: Vec<TokenStream> = state
        .fields
        .iter()
        .map(|field| {
            if field.is_refused() {
                quote!(<() as #trait_<#refused>>::Slot<#access>)
            } else {
                paths.slot(field, access)
            }
        })
        .collect();
    let (types, args) = (&generics.types, &generics.args);
    let phantom = quote!(::core::marker::PhantomData);
    let unused = quote!(#phantom<fn() -> (#access, #(#phantom<#types>,)*)>);
    let declaration = slots::declare(state, &slots, Some(&unused));
    if state.is_unsized {
        return declaration;
    }

    let (name, this, rights) = (&state.slots, &generics.this, paths.private("Access"));
    let (inline, slot) = (paths.private("Inline"), paths.private("Slot"));
    let (shape, corrupt) = (paths.private("Shape"), paths.private("Corrupt"));
    let (params, bare, writable) = (generics.impl_params(), &generics.params, angled(args));
    let (single, shared_state) = (paths.private("Single"), paths.private("SharedState"));
    let mut predicates = generics.predicates.clone();
    predicates.extend(types.iter().map(|ty| quote!(#ty: 'static)));
    predicates.extend(slots::field_bounds(state));
    let bounds = where_clause(&predicates);
    let zeroed_trait = paths.private("Zeroed");
    let on_slots = quote!(<#(#bare,)* #access: #rights>);
    quote! {
        #declaration
        const _: () = {
            impl #params #trait_<#inline> for #this #bounds {
                type Slot<#access: #rights> = #name<#(#args,)* #access>;
                fn put(self, _: &#name #writable) {
                    loop {}
                }
            }
            impl #params #single for #this #bounds {}
            impl #params #shared_state for #this #bounds {
                type Slots = #name #writable;
            }
            impl #params #zeroed_trait for #this #bounds {}
            unsafe impl #on_slots #slot for #name<#(#args,)* #access> #bounds {
                type Value = #this;
                const SHAPE: &'static #shape = &#shape::NOTHING;
                fn try_snapshot(&self) -> ::core::result::Result<#this, #corrupt> {
                    loop {}
                }
            }
            impl #on_slots #name<#(#args,)* #access> #bounds {
                pub fn snapshot(&self) -> #this {
                    loop {}
                }
                pub fn try_snapshot(&self) -> ::core::result::Result<#this, #corrupt> {
                    loop {}
                }
            }
            impl #on_slots ::core::fmt::Debug for #name<#(#args,)* #access> #bounds {
                fn fmt(&self, _: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    loop {}
                }
            }
        };
    }
}

/// A union, or an enum that is refused: to its users it is one atomic.
pub(crate) fn other(base: &Base) -> TokenStream {
    let paths = paths(base);
    let (params, this) = (base.generics.impl_params(), &base.generics.this);
    let bounds = bounds(base);
    let (scalar, shape, raw) = (
        paths.private("Scalar"),
        paths.private("Shape"),
        paths.private("AtomicU8"),
    );
    let field = atomic_field(base);
    let zeroed = zeroed(base);
    quote! {
        const _: () = {
            impl #params #scalar for #this #bounds {
                type Raw = #raw;
                const SHAPE: &'static #shape = &#shape::NOTHING;
                fn into_bits(self) -> ::core::primitive::u8 {
                    loop {}
                }
                fn from_bits(_: ::core::primitive::u8) -> ::core::option::Option<Self> {
                    loop {}
                }
            }
            #field
            #zeroed
        };
    }
}
