//! The image of a struct: how it lies in a lock-guarded slot.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Member;

use super::parts::Parts;
use crate::generics::angled;
use crate::model::{Struct, Style};

/// The image and `Plain`.
pub(super) fn image(state: &Struct, parts: &Parts<'_>) -> TokenStream {
    let generics = &state.base.generics;
    let (name, args) = (&generics.image, angled(&generics.args));
    let image = quote!(#name #args);
    let (declaration, impls) = (declaration(state, parts), impls(parts, &image));
    let (plain, checked) = (plain(state, parts, &image), checked_shape(parts));
    quote!(#declaration #impls #plain #checked)
}

fn declaration(state: &Struct, parts: &Parts<'_>) -> TokenStream {
    let (vis, name) = (&state.base.vis, &state.base.generics.image);
    let (params, bounds) = (&parts.params, &parts.image_bounds);
    let fields = parts.fields.iter().map(|code| {
        let as_plain = code.as_plain();
        let image = quote_spanned!(code.end=> #as_plain::Image);
        match &code.field.member {
            Member::Named(name) => quote!(#name: #image),
            Member::Unnamed(_) => image,
        }
    });
    let body = match state.style {
        Style::Named => quote!(#bounds { #(#fields),* }),
        Style::Tuple => quote!((#(#fields),*) #bounds;),
        Style::Unit => quote!(#bounds {}),
    };
    quote! {
        #[doc(hidden)]
        #[allow(missing_debug_implementations, unnameable_types)]
        #[repr(C)]
        #vis struct #name #params #body
    }
}

// SAFETY of the generated impls: the image is `repr(C)` and all its fields are images, plain bytes of
// alignment 1 (by `Plain`), so there is no padding. `Shape::image` checks both.
fn impls(parts: &Parts<'_>, image: &TokenStream) -> TokenStream {
    let (p, params, bounds) = (parts.private, &parts.params, &parts.image_bounds);
    quote! {
        #[automatically_derived]
        impl #params ::core::clone::Clone for #image #bounds {
            #[inline]
            fn clone(&self) -> Self {
                *self
            }
        }
        #[automatically_derived]
        impl #params ::core::marker::Copy for #image #bounds {}
        #[automatically_derived]
        unsafe impl #params #p::bytemuck::Zeroable for #image #bounds {}
        #[automatically_derived]
        unsafe impl #params #p::bytemuck::Pod for #image #bounds {}
    }
}

// SAFETY of the generated impl: (1) as above; (2) `AS_IS` compares the places of all fields, and asks
// each; a state is not dropped.
fn plain(state: &Struct, parts: &Parts<'_>, image: &TokenStream) -> TokenStream {
    let (p, this, fields) = (parts.private, parts.this, &parts.fields);
    let (params, bounds) = (&parts.params, &parts.image_bounds);
    let rows = fields.iter().map(|code| {
        let (as_plain, member) = (code.as_plain(), &code.field.member);
        let offset = quote_spanned!(code.end=> ::core::mem::offset_of!(#image, #member));
        code.row(&quote_spanned!(code.end=> #offset, #as_plain::SHAPE))
    });
    let encodes = fields.iter().map(|code| {
        let encode = code.function("encode", &code.image_mode());
        let (name, member) = (&code.field.name, &code.field.member);
        let value = code.borrowed(&quote!(self));
        quote_spanned!(code.end=> #encode(#name, #value, &mut __image.#member)?;)
    });
    let decodes = fields.iter().map(|code| {
        let decode = code.function("decode", &code.image_mode());
        let (name, member) = (&code.field.name, &code.field.member);
        quote_spanned!(code.end=> #member: #decode(#name, &__image.#member)?)
    });
    let parameter = if fields.is_empty() {
        quote!(_)
    } else {
        quote!(__image)
    };
    let (name, constructor) = (state.base.shown_name(), &state.base.name);
    let (cell, as_is) = (cell(parts, image), as_is(parts, image));
    let decode_into = decode_into(state, parts, image);
    quote! {
        #[automatically_derived]
        unsafe impl #params #p::Plain<#p::Inline> for #this #bounds {
            type Image = #image;
            type Cell = #cell;
            #as_is
            const SHAPE: &'static #p::Shape = &#p::Shape::image(
                #name,
                ::core::mem::size_of::<#image>(),
                ::core::mem::align_of::<#image>(),
                &[#(#rows),*],
            );
            fn encode(
                &self,
                #parameter: &mut #image,
            ) -> ::core::result::Result<(), #p::CapacityExceeded> {
                #(#encodes)*
                ::core::result::Result::Ok(())
            }
            fn decode(#parameter: &#image) -> ::core::result::Result<Self, #p::Corrupt> {
                ::core::result::Result::Ok(#constructor { #(#decodes),* })
            }
            #decode_into
        }
    }
}

/// Whether the compiler has laid the value out as the image: each field at the same place.
fn as_is(parts: &Parts<'_>, image: &TokenStream) -> Option<TokenStream> {
    let this = parts.this;
    let fields = parts.fields.iter().map(|code| {
        let (as_plain, member) = (code.as_plain(), &code.field.member);
        quote_spanned! {code.end=>
            #as_plain::AS_IS
                && ::core::mem::offset_of!(#this, #member)
                    == ::core::mem::offset_of!(#image, #member)
        }
    });
    let is_empty = parts.fields.is_empty();
    (!is_empty).then(|| quote!(const AS_IS: ::core::primitive::bool = #(#fields)&&*;))
}

/// The shape of a concrete type is checked where it stands, that of a generic one where it is used.
fn checked_shape(parts: &Parts<'_>) -> Option<TokenStream> {
    let (p, this, is_generic) = (parts.private, parts.this, !parts.params.is_empty());
    (!is_generic).then(|| quote!(const _: &#p::Shape = <#this as #p::Plain<#p::Inline>>::SHAPE;))
}

/// Small images share cache lines; the size of a generic one is not known here.
fn cell(parts: &Parts<'_>, image: &TokenStream) -> TokenStream {
    let p = parts.private;
    if parts.params.is_empty() {
        quote!(<#p::Fit<{ #p::is_small::<#image>() }> as #p::CellOf>::Cell<#image>)
    } else {
        quote!(#p::Line<#image>)
    }
}

fn decode_into(state: &Struct, parts: &Parts<'_>, image: &TokenStream) -> TokenStream {
    let (p, this) = (parts.private, parts.this);
    if state.packed || state.fields.is_empty() {
        return TokenStream::new(); // the default decodes a whole value and moves it
    }
    let decodes = parts.fields.iter().map(|code| {
        let decode_into = code.function("decode_into", &code.image_mode());
        let (name, member) = (&code.field.name, &code.field.member);
        quote_spanned! {code.end=>
            #decode_into(#name, &__image.#member, &mut __out.#member)?;
        }
    });
    quote! {
        fn decode_into(
            __image: &#image,
            __out: &mut #this,
        ) -> ::core::result::Result<(), #p::Corrupt> {
            #(#decodes)*
            ::core::result::Result::Ok(())
        }
    }
}
