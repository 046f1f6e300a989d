//! The impls of a fieldless enum.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::parts::Parts;
use super::state;
use crate::model::Enum;

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

    let variants = || state.variants.iter();
    let numbers = variants().enumerate();
    let numbers: Vec<Number> = numbers
        .map(|(index, variant)| Number::of(state, index, &variant.ident, &int))
        .collect();
    let rows = variants().zip(&numbers).map(|(variant, number)| {
        let (name, wide) = (&variant.name, &number.wide);
        quote!(#p::Variant::new(#name, #wide))
    });
    let encode = variants().zip(&numbers).map(|(variant, number)| {
        let (ident, value) = (&variant.ident, &number.value);
        quote!(Self::#ident => #value)
    });
    let decode = variants().zip(&numbers).map(|(variant, number)| {
        let (ident, pattern) = (&variant.ident, &number.pattern);
        quote!(#pattern => ::core::option::Option::Some(Self::#ident))
    });
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

/// The number of one variant, as three places write it.
struct Number {
    value: TokenStream,
    pattern: TokenStream,
    /// Sign-extended to 64 bits.
    wide: TokenStream,
}

impl Number {
    fn of(state: &Enum, index: usize, ident: &Ident, int: &TokenStream) -> Self {
        if state.store.by_discriminant {
            // A discriminant may be any constant expression; a cast says what it comes to.
            let value = quote!(Self::#ident as #int);
            Number {
                pattern: quote!(__bits if __bits == #value),
                wide: quote!(Self::#ident as #int as ::core::primitive::u64),
                value,
            }
        } else {
            let text = format!("{index}{}", state.store.int);
            let value = text
                .parse()
                .unwrap_or_else(|_| Literal::usize_unsuffixed(index));
            let wide = Literal::u64_suffixed(index as u64);
            Number {
                pattern: quote!(#value),
                wide: quote!(#wide),
                value: quote!(#value),
            }
        }
    }
}
