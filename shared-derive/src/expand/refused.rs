//! What is generated beside an error: impls that let the uses of the type compile, so that the error
//! stands alone. The bodies never run.

use proc_macro2::TokenStream;
use quote::quote;

use super::enumeration::{atomic_field, bounds, zeroed};
use super::parts::Parts;
use super::paths::Paths;
use super::{slots, state};
use crate::model::{Base, Struct};

/// A struct with a refused field: the sound fields keep their slots, the others have none.
pub(super) fn structure(state: &Struct) -> TokenStream {
    let declaration = (!state.locked).then(|| slots_struct(state));
    if state.is_unsized {
        return quote!(#declaration);
    }
    let parts = Parts::of(state);
    let (field, plain) = (field(&parts), plain(&parts));
    let shared_state = state::shared_state(&parts);
    let live = (!state.locked).then(|| {
        let impls = [slot(&parts), slots::inherent(&parts), slots::debug(&parts)];
        impls.into_iter().collect::<TokenStream>()
    });
    quote! {
        #declaration
        const _: () = {
            #field
            #shared_state
            #plain
            #live
        };
    }
}

fn slots_struct(state: &Struct) -> TokenStream {
    let (paths, generics) = (Paths::of(&state.base), &state.base.generics);
    let (trait_, refused) = (paths.private("Field"), paths.private("Refused"));
    let access = &generics.access;
    let slots: Vec<TokenStream> = state
        .fields
        .iter()
        .map(|field| {
            if field.is_refused() {
                quote!(<() as #trait_<#refused>>::Slot<#access>)
            } else {
                paths.slot(field, &paths.full_mode(field), access)
            }
        })
        .collect();
    let types = &generics.types;
    let phantom = quote!(::core::marker::PhantomData);
    let unused = quote!(#phantom<fn() -> (#access, #(#phantom<#types>,)*)>);
    slots::declare(state, &slots, Some(&unused))
}

fn field(parts: &Parts<'_>) -> TokenStream {
    let Parts {
        this,
        slots,
        params,
        ..
    } = parts;
    let (trait_, inline) = (parts.private("Field"), parts.private("Inline"));
    let (zeroed, rights) = (parts.private("Zeroed"), parts.private("Access"));
    let (access, bounds) = (&parts.state.base.generics.access, parts.bounds());
    quote! {
        impl #params #trait_<#inline> for #this #bounds {
            type Slot<#access: #rights> = #slots;
        }
        impl #params #zeroed for #this #bounds {}
    }
}

/// An image without bytes.
fn plain(parts: &Parts<'_>) -> TokenStream {
    let Parts { this, params, .. } = parts;
    let bounds = parts.bounds();
    let (trait_, inline) = (parts.private("Plain"), parts.private("Inline"));
    let (shape, packed) = (parts.private("Shape"), parts.private("Packed"));
    let (corrupt, exceeded) = (parts.private("Corrupt"), parts.private("CapacityExceeded"));
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

fn slot(parts: &Parts<'_>) -> TokenStream {
    let Parts {
        this,
        slots,
        slots_params,
        ..
    } = parts;
    let (access, bounds) = (&parts.state.base.generics.access, parts.bounds());
    let (trait_, shape) = (parts.private("Slot"), parts.private("Shape"));
    let (corrupt, exceeded) = (parts.private("Corrupt"), parts.private("CapacityExceeded"));
    let writing = parts.private("Writing");
    quote! {
        unsafe impl #slots_params #trait_ for #slots #bounds {
            type Value = #this;
            type Access = #access;
            const SHAPE: &'static #shape = &#shape::NOTHING;
            fn try_snapshot(&self) -> ::core::result::Result<#this, #corrupt> {
                loop {}
            }
            fn fits(_: &#this) -> ::core::result::Result<(), #exceeded> {
                loop {}
            }
            fn put(&self, _: #this, _: #writing) {
                loop {}
            }
        }
    }
}

/// A union, or an enum that is refused: to its users it is one atomic.
pub(super) fn other(base: &Base) -> TokenStream {
    let paths = Paths::of(base);
    let (params, this) = (base.generics.impl_params(), &base.generics.this);
    let bounds = bounds(base);
    let (scalar, raw) = (paths.private("Scalar"), paths.private("AtomicU8"));
    let (shape, kind) = (paths.private("Shape"), paths.private("Kind"));
    let variant = paths.private("Variant");
    let field = atomic_field(base);
    let zeroed = zeroed(base);
    quote! {
        const _: () = {
            impl #params #scalar for #this #bounds {
                type Raw = #raw;
                const SHAPE: &'static #shape = &#shape::enumeration(
                    #kind::U8,
                    &[#variant::new("refused", 0)],
                );
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
