//! The impls of a fieldless enum.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, format_ident, quote};

use super::parts::Parts;
use super::state;
use crate::model::{Enum, Variant};

pub(super) fn impls(state: &Enum) -> TokenStream {
    let parts = Parts::of_enum(&state.base);
    let (scalar, atomic) = (scalar(state, &parts), atomic(&parts));
    let zeroed = state.zeroed.then(|| state::zeroed(&parts, &[]));
    quote!(#scalar #atomic #zeroed)
}

/// The slot of a scalar is an atomic, and its image the integer of the atomic.
// SAFETY of the generated impl: (1) that is bytes; (2) `AS_IS` is false.
pub(super) fn atomic(parts: &Parts<'_>) -> TokenStream {
    let (p, this, params, bounds) = (parts.private, parts.this, &parts.params, &parts.bounds);
    let (field, shared_state) = (state::field(parts), state::shared_state(parts));
    quote! {
        #field
        #shared_state
        #[automatically_derived]
        unsafe impl #params #p::Plain<#p::Inline> for #this #bounds {
            type Image = #p::ScalarImage<Self>;
            type Cell = #p::Packed<#p::ScalarImage<Self>>;
            const SHAPE: &'static #p::Shape = <Self as #p::Scalar>::SHAPE;
            #[inline]
            fn encode(
                &self,
                __image: &mut #p::ScalarImage<Self>,
            ) -> ::core::result::Result<(), #p::CapacityExceeded> {
                *__image = #p::to_image(self);
                ::core::result::Result::Ok(())
            }
            #[inline]
            fn decode(
                __image: &#p::ScalarImage<Self>,
            ) -> ::core::result::Result<Self, #p::Corrupt> {
                #p::of_image(__image)
            }
        }
    }
}

/// Which number stands for which variant.
fn scalar(state: &Enum, parts: &Parts<'_>) -> TokenStream {
    let (p, this, params, bounds) = (parts.private, parts.this, &parts.params, &parts.bounds);
    let upper = state.store.int.to_uppercase();
    let (kind, raw) = (format_ident!("{upper}"), format_ident!("Atomic{upper}"));
    let int = format_ident!("{}", state.store.int);
    let int = quote!(::core::primitive::#int);

    let (mut rows, mut encode, mut decode) = (Vec::new(), Vec::new(), Vec::new());
    for (index, Variant { ident, name }) in state.variants.iter().enumerate() {
        let (value, pattern, wide);
        if state.store.by_discriminant {
            // A discriminant may be any constant expression; a cast says what it comes to.
            value = quote!(Self::#ident as #int);
            pattern = quote!(__bits if __bits == #value);
            // Sign-extended to 64 bits.
            wide = quote!(#value as ::core::primitive::u64);
        } else {
            let number = format!("{index}{}", state.store.int).parse();
            let number = number.unwrap_or_else(|_| Literal::usize_unsuffixed(index));
            value = number.into_token_stream();
            pattern = value.clone();
            wide = Literal::u64_suffixed(index as u64).into_token_stream();
        }
        rows.push(quote!(#p::Variant::new(#name, #wide)));
        encode.push(quote!(Self::#ident => #value));
        decode.push(quote!(#pattern => ::core::option::Option::Some(Self::#ident)));
    }
    quote! {
        #[automatically_derived]
        impl #params #p::Scalar for #this #bounds {
            type Raw = #p::#raw;
            const SHAPE: &'static #p::Shape = &#p::Shape::enumeration(
                #p::Kind::#kind,
                &[#(#rows),*],
            );
            #[inline]
            fn to_bits(&self) -> #int {
                match self {
                    #(#encode,)*
                }
            }
            #[inline]
            fn from_bits(__bits: #int) -> ::core::option::Option<Self> {
                match __bits {
                    #(#decode,)*
                    _ => ::core::option::Option::None,
                }
            }
        }
    }
}
