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
    let declaration = (!state.locked).then(|| slots_struct(state));
    if state.is_unsized {
        return quote!(#declaration);
    }
    let paths = paths(&state.base);
    let generics = &state.base.generics;
    let (args, access, this) = (&generics.args, &generics.access, &generics.this);
    let (trait_, inline) = (paths.private("Field"), paths.private("Inline"));
    let (single, shared_state) = (paths.private("Single"), paths.private("SharedState"));
    let (zeroed, rights) = (paths.private("Zeroed"), paths.private("Access"));
    let params = generics.impl_params();
    let bounds = bounds_of(state);
    let (slots, writable) = if state.locked {
        let locked = paths.private("Locked");
        (quote!(#locked<#this, #access>), quote!(#locked<#this>))
    } else {
        let (name, writable) = (&state.slots, angled(args));
        (quote!(#name<#(#args,)* #access>), quote!(#name #writable))
    };
    let plain = plain(state, &bounds);
    let live = (!state.locked).then(|| live(state, &slots, &bounds));
    quote! {
        #declaration
        const _: () = {
            impl #params #trait_<#inline> for #this #bounds {
                type Slot<#access: #rights> = #slots;
                fn put(self, _: &#writable) {
                    loop {}
                }
            }
            impl #params #single for #this #bounds {}
            impl #params #shared_state for #this #bounds {
                type Slots = #writable;
            }
            impl #params #zeroed for #this #bounds {}
            #plain
            #live
        };
    }
}

fn bounds_of(state: &Struct) -> TokenStream {
    let generics = &state.base.generics;
    let mut predicates = generics.predicates.clone();
    predicates.extend(generics.types.iter().map(|ty| quote!(#ty: 'static)));
    predicates.extend(slots::field_bounds(state));
    where_clause(&predicates)
}

fn slots_struct(state: &Struct) -> TokenStream {
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
    let types = &generics.types;
    let phantom = quote!(::core::marker::PhantomData);
    let unused = quote!(#phantom<fn() -> (#access, #(#phantom<#types>,)*)>);
    slots::declare(state, &slots, Some(&unused))
}

/// An image without bytes.
fn plain(state: &Struct, bounds: &TokenStream) -> TokenStream {
    let paths = paths(&state.base);
    let (params, this) = (state.base.generics.impl_params(), &state.base.generics.this);
    let (trait_, inline) = (paths.private("Plain"), paths.private("Inline"));
    let (shape, packed) = (paths.private("Shape"), paths.private("Packed"));
    let (corrupt, exceeded) = (paths.private("Corrupt"), paths.private("CapacityExceeded"));
    let empty = quote!([::core::primitive::u8; 0]);
    quote! {
        unsafe impl #params #trait_<#inline> for #this #bounds {
            type Image = #empty;
            type Cell = #packed<#empty>;
            const SHAPE: &'static #shape = &#shape::NOTHING;
            fn encode(&self, _: &mut #empty) -> ::core::result::Result<(), #exceeded> {
                loop {}
            }
            fn decode(_: &#empty) -> ::core::result::Result<Self, #corrupt> {
                loop {}
            }
        }
    }
}

/// The impls of the slots struct.
fn live(state: &Struct, slots: &TokenStream, bounds: &TokenStream) -> TokenStream {
    let paths = paths(&state.base);
    let generics = &state.base.generics;
    let (bare, access, this) = (&generics.params, &generics.access, &generics.this);
    let (slot, shape) = (paths.private("Slot"), paths.private("Shape"));
    let (corrupt, rights) = (paths.private("Corrupt"), paths.private("Access"));
    let on_slots = quote!(<#(#bare,)* #access: #rights>);
    quote! {
        unsafe impl #on_slots #slot for #slots #bounds {
            type Value = #this;
            type Access = #access;
            const SHAPE: &'static #shape = &#shape::NOTHING;
            fn try_snapshot(&self) -> ::core::result::Result<#this, #corrupt> {
                loop {}
            }
        }
        impl #on_slots #slots #bounds {
            pub fn snapshot(&self) -> #this {
                loop {}
            }
            pub fn try_snapshot(&self) -> ::core::result::Result<#this, #corrupt> {
                loop {}
            }
        }
        impl #on_slots ::core::fmt::Debug for #slots #bounds {
            fn fmt(&self, _: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                loop {}
            }
        }
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
                fn to_bits(&self) -> ::core::primitive::u8 {
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
