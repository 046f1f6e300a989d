//! The impls of a fieldless enum.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use super::paths::Paths;
use crate::generics::where_clause;
use crate::model::{Base, Enum};

pub(super) fn impls(state: &Enum) -> TokenStream {
    let scalar = scalar(state);
    let field = atomic_field(&state.base);
    let zeroed = state.zeroed.then(|| zeroed(&state.base));
    quote!(#scalar #field #zeroed)
}

pub(super) fn bounds(base: &Base) -> TokenStream {
    let mut predicates = base.generics.predicates.clone();
    predicates.extend(base.generics.types.iter().map(|ty| quote!(#ty: 'static)));
    where_clause(&predicates)
}

/// The slot of a scalar is an atomic.
pub(super) fn atomic_field(base: &Base) -> TokenStream {
    let paths = Paths::of(base);
    let (params, this) = (base.generics.impl_params(), &base.generics.this);
    let (access, bounds) = (&base.generics.access, bounds(base));
    let (trait_, inline) = (paths.private("Field"), paths.private("Inline"));
    let (atomic, rights) = (paths.private("Atomic"), paths.private("Access"));
    let (single, shared_state) = (paths.private("Single"), paths.private("SharedState"));
    let plain = plain(base);
    quote! {
        #[automatically_derived]
        impl #params #trait_<#inline> for #this #bounds {
            type Slot<#access: #rights> = #atomic<Self, #access>;
        }
        #[automatically_derived]
        impl #params #single for #this #bounds {}
        #plain
        #[automatically_derived]
        impl #params #shared_state for #this #bounds {
            type Slots = #atomic<Self>;
        }
    }
}

/// The image of a scalar is the integer of its atomic.
// SAFETY of the generated impl: (1) that is bytes; (2) `AS_IS` is false.
fn plain(base: &Base) -> TokenStream {
    let paths = Paths::of(base);
    let (params, this) = (base.generics.impl_params(), &base.generics.this);
    let bounds = bounds(base);
    let (trait_, inline) = (paths.private("Plain"), paths.private("Inline"));
    let (scalar, shape) = (paths.private("Scalar"), paths.private("Shape"));
    let (image, packed) = (paths.private("ScalarImage"), paths.private("Packed"));
    let (to_image, of_image) = (paths.private("to_image"), paths.private("of_image"));
    let (exceeded, corrupt) = (paths.private("CapacityExceeded"), paths.private("Corrupt"));
    quote! {
        #[automatically_derived]
        unsafe impl #params #trait_<#inline> for #this #bounds {
            type Image = #image<Self>;
            type Cell = #packed<#image<Self>>;
            const SHAPE: &'static #shape = <Self as #scalar>::SHAPE;
            #[inline]
            fn encode(
                &self,
                __image: &mut #image<Self>,
            ) -> ::core::result::Result<(), #exceeded> {
                *__image = #to_image(self);
                ::core::result::Result::Ok(())
            }
            #[inline]
            fn decode(__image: &#image<Self>) -> ::core::result::Result<Self, #corrupt> {
                #of_image(__image)
            }
        }
    }
}

pub(super) fn zeroed(base: &Base) -> TokenStream {
    let (params, this) = (base.generics.impl_params(), &base.generics.this);
    let (trait_, bounds) = (Paths::of(base).private("Zeroed"), bounds(base));
    quote! {
        #[automatically_derived]
        impl #params #trait_ for #this #bounds {}
    }
}

/// Which number stands for which variant.
fn scalar(state: &Enum) -> TokenStream {
    let paths = Paths::of(&state.base);
    let generics = &state.base.generics;
    let (params, this) = (generics.impl_params(), &generics.this);
    let bounds = bounds(&state.base);
    let upper = state.store.int.to_uppercase();
    let int = Ident::new(state.store.int, Span::call_site());
    let int = quote!(::core::primitive::#int);
    let (trait_, raw) = (
        paths.private("Scalar"),
        paths.private(&format!("Atomic{upper}")),
    );
    let (shape, kind, variant) = (
        paths.private("Shape"),
        paths.private("Kind"),
        paths.private("Variant"),
    );
    let kind_name = Ident::new(&upper, Span::call_site());

    let numbers: Vec<Number> = state
        .variants
        .iter()
        .enumerate()
        .map(|(index, variant)| Number::of(state, index, &variant.ident, &int))
        .collect();
    let rows = state.variants.iter().zip(&numbers).map(|(v, number)| {
        let (name, wide) = (&v.name, &number.wide);
        quote!(#variant::new(#name, #wide))
    });
    let encode = state.variants.iter().zip(&numbers).map(|(v, number)| {
        let (ident, value) = (&v.ident, &number.value);
        quote!(Self::#ident => #value)
    });
    let decode = state.variants.iter().zip(&numbers).map(|(v, number)| {
        let (ident, pattern) = (&v.ident, &number.pattern);
        quote!(#pattern => ::core::option::Option::Some(Self::#ident))
    });
    quote! {
        #[automatically_derived]
        impl #params #trait_ for #this #bounds {
            type Raw = #raw;
            const SHAPE: &'static #shape = &#shape::enumeration(
                #kind::#kind_name,
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
