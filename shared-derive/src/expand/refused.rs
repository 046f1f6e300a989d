//! What is generated beside an error: impls that let the uses of the type compile, so that the error
//! stands alone. The bodies never run.

use proc_macro2::TokenStream;
use quote::quote;

use super::parts::Parts;
use super::{enumeration, slots, state};
use crate::model::{Base, Struct};

/// A struct with a refused field: the sound fields keep their slots, the others have none.
pub(super) fn structure(state: &Struct) -> TokenStream {
    let parts = Parts::of_struct(state);
    let (access, types) = (&state.base.generics.access, &state.base.generics.types);
    let phantom = quote!(::core::marker::PhantomData);
    let unused = quote!(#phantom<fn() -> (#access, #(#phantom<#types>,)*)>);
    let declaration = (!state.locked).then(|| slots::declaration(state, &parts, Some(&unused)));
    if state.is_unsized {
        return quote!(#declaration);
    }
    let (field, shared_state) = (state::field(&parts), state::shared_state(&parts));
    let (zeroed, plain) = (state::zeroed(&parts, &[]), plain(&parts));
    let live = (!state.locked).then(|| {
        let (slot, methods) = (slot(&parts), slots::methods(&parts));
        quote!(#slot #methods)
    });
    quote! {
        #declaration
        const _: () = {
            #field
            #shared_state
            #zeroed
            #plain
            #live
        };
    }
}

/// An image without bytes.
fn plain(parts: &Parts<'_>) -> TokenStream {
    let (p, this, params, bounds) = (parts.private, parts.this, &parts.params, &parts.bounds);
    let empty = quote!([::core::primitive::u8; 0]);
    quote! {
        unsafe impl #params #p::Plain<#p::Inline> for #this #bounds {
            type Image = #empty;
            type Cell = #p::Packed<#empty>;
            const SHAPE: &'static #p::Shape = &#p::Shape::NOTHING;
            fn encode(&self, _: &mut #empty) -> ::core::result::Result<(), #p::CapacityExceeded> {
                loop {}
            }
            fn decode(_: &#empty) -> ::core::result::Result<Self, #p::Corrupt> {
                loop {}
            }
        }
    }
}

fn slot(parts: &Parts<'_>) -> TokenStream {
    let (p, this, access) = (parts.private, parts.this, &parts.base.generics.access);
    let (slots, params, bounds) = (&parts.slots, &parts.slots_params, &parts.bounds);
    quote! {
        unsafe impl #params #p::Slot for #slots #bounds {
            type Value = #this;
            type Access = #access;
            const SHAPE: &'static #p::Shape = &#p::Shape::NOTHING;
            fn try_snapshot(&self) -> ::core::result::Result<#this, #p::Corrupt> {
                loop {}
            }
            fn fits(_: &#this) -> ::core::result::Result<(), #p::CapacityExceeded> {
                loop {}
            }
            fn put(&self, _: #this, _: #p::Writing) {
                loop {}
            }
        }
    }
}

/// A union, or an enum that is refused: to its users it is one atomic.
pub(super) fn other(base: &Base) -> TokenStream {
    let parts = Parts::of_enum(base);
    let (p, this, params, bounds) = (parts.private, parts.this, &parts.params, &parts.bounds);
    let (atomic, zeroed) = (enumeration::atomic(&parts), state::zeroed(&parts, &[]));
    quote! {
        const _: () = {
            impl #params #p::Scalar for #this #bounds {
                type Raw = #p::AtomicU8;
                const SHAPE: &'static #p::Shape = &#p::Shape::enumeration(
                    #p::Kind::U8,
                    &[#p::Variant::new("refused", 0)],
                );
                fn to_bits(&self) -> ::core::primitive::u8 {
                    loop {}
                }
                fn from_bits(_: ::core::primitive::u8) -> ::core::option::Option<Self> {
                    loop {}
                }
            }
            #atomic
            #zeroed
        };
    }
}
