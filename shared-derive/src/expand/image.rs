//! The image of a struct: how it lies in a lock-guarded slot.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::parts::Parts;
use super::paths::plain_bounds;
use crate::generics::{angled, where_clause};
use crate::model::{Field, Style};

/// The image and `Plain`.
pub(super) fn image(parts: &Parts<'_>) -> TokenStream {
    [image_struct(parts), image_impls(parts), plain(parts)]
        .into_iter()
        .collect()
}

/// `ProgressImage`, `PairImage<T>`.
fn image_name(parts: &Parts<'_>) -> TokenStream {
    let generics = &parts.state.base.generics;
    let (name, args) = (&generics.image, angled(&generics.args));
    quote!(#name #args)
}

fn image_bounds(parts: &Parts<'_>) -> TokenStream {
    let generics = &parts.state.base.generics;
    let mut predicates = generics.predicates.clone();
    predicates.extend(generics.types.iter().map(|ty| quote!(#ty: 'static)));
    predicates.extend(plain_bounds(parts.state));
    where_clause(&predicates)
}

fn image_struct(parts: &Parts<'_>) -> TokenStream {
    let paths = parts.paths();
    let (vis, name) = (&parts.state.base.vis, &parts.state.base.generics.image);
    let (params, bounds) = (&parts.params, image_bounds(parts));
    let fields = parts.state.fields.iter().map(|field| {
        let as_plain = paths.as_plain(field);
        let image = quote_spanned!(field.ends.end=> #as_plain::Image);
        match &field.member {
            syn::Member::Named(name) => quote!(#name: #image),
            syn::Member::Unnamed(_) => image,
        }
    });
    let body = match parts.state.style {
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
fn image_impls(parts: &Parts<'_>) -> TokenStream {
    let (image, params, bounds) = (image_name(parts), &parts.params, image_bounds(parts));
    let bytemuck = parts.private("bytemuck");
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
        unsafe impl #params #bytemuck::Zeroable for #image #bounds {}
        #[automatically_derived]
        unsafe impl #params #bytemuck::Pod for #image #bounds {}
    }
}

// SAFETY of the generated impl: (1) as above; (2) `AS_IS` compares the places of all fields, and asks
// each; a state is not dropped.
fn plain(parts: &Parts<'_>) -> TokenStream {
    let Parts { this, params, .. } = parts;
    let (image, bounds) = (image_name(parts), image_bounds(parts));
    let (trait_, inline) = (parts.private("Plain"), parts.private("Inline"));
    let (shape, exceeded) = (parts.private("Shape"), parts.private("CapacityExceeded"));
    let corrupt = parts.private("Corrupt");
    let name = syn::ext::IdentExt::unraw(&parts.state.base.name).to_string();
    let fields = &parts.state.fields;
    let rows = fields.iter().map(|field| image_row(parts, field));
    let encodes = fields.iter().map(|field| {
        let member = &field.member;
        let (encode, name) = image_call(parts, field, "encode");
        let value = parts.borrowed(field, &quote!(self));
        quote_spanned!(field.ends.end=> #encode(#name, #value, &mut __image.#member)?;)
    });
    let decodes = fields.iter().map(|field| {
        let member = &field.member;
        let (decode, name) = image_call(parts, field, "decode");
        quote_spanned!(field.ends.end=> #member: #decode(#name, &__image.#member)?)
    });
    let constructor = &parts.state.base.name;
    let (cell, decode_into) = (cell(parts), decode_into(parts));
    let parameter = if fields.is_empty() {
        quote!(_)
    } else {
        quote!(__image)
    };
    let (as_is, checked) = (as_is(parts), checked_shape(parts));
    quote! {
        #[automatically_derived]
        unsafe impl #params #trait_<#inline> for #this #bounds {
            type Image = #image;
            type Cell = #cell;
            #as_is
            const SHAPE: &'static #shape = &#shape::image(
                #name,
                ::core::mem::size_of::<#image>(),
                ::core::mem::align_of::<#image>(),
                &[#(#rows),*],
            );
            fn encode(
                &self,
                #parameter: &mut #image,
            ) -> ::core::result::Result<(), #exceeded> {
                #(#encodes)*
                ::core::result::Result::Ok(())
            }
            fn decode(#parameter: &#image) -> ::core::result::Result<Self, #corrupt> {
                ::core::result::Result::Ok(#constructor { #(#decodes),* })
            }
            #decode_into
        }
        #checked
    }
}

/// Whether the compiler has laid the value out as the image: each field at the same place.
fn as_is(parts: &Parts<'_>) -> TokenStream {
    if parts.state.fields.is_empty() {
        return TokenStream::new();
    }
    let (this, image) = (parts.this, image_name(parts));
    let fields = parts.state.fields.iter().map(|field| {
        let as_plain = parts.paths().as_plain(field);
        let member = &field.member;
        quote_spanned! {field.ends.end=>
            #as_plain::AS_IS
                && ::core::mem::offset_of!(#this, #member)
                    == ::core::mem::offset_of!(#image, #member)
        }
    });
    quote!(const AS_IS: ::core::primitive::bool = #(#fields)&&*;)
}

/// The shape of a concrete type is checked where it stands, that of a generic one where it is used.
fn checked_shape(parts: &Parts<'_>) -> TokenStream {
    if !parts.state.base.generics.args.is_empty() {
        return TokenStream::new();
    }
    let (trait_, inline) = (parts.private("Plain"), parts.private("Inline"));
    let (this, shape) = (parts.this, parts.private("Shape"));
    quote!(const _: &#shape = <#this as #trait_<#inline>>::SHAPE;)
}

/// Small images share cache lines; the size of a generic one is not known here.
fn cell(parts: &Parts<'_>) -> TokenStream {
    let image = image_name(parts);
    if !parts.state.base.generics.args.is_empty() {
        let line = parts.private("Line");
        return quote!(#line<#image>);
    }
    let (fit, choose) = (parts.private("Fit"), parts.private("Choose"));
    let is_small = parts.private("is_small");
    quote!(<#fit<{ #is_small::<#image>() }> as #choose>::Cell<#image>)
}

fn image_call(parts: &Parts<'_>, field: &Field, function: &str) -> (TokenStream, TokenStream) {
    let paths = parts.paths();
    paths.call(field, function, &paths.image_mode(field))
}

/// One row of the shape.
fn image_row(parts: &Parts<'_>, field: &Field) -> TokenStream {
    let paths = parts.paths();
    let (as_plain, image) = (paths.as_plain(field), image_name(parts));
    let (name, member) = (&field.name, &field.member);
    let offset = quote_spanned!(field.ends.end=> ::core::mem::offset_of!(#image, #member));
    let place = quote_spanned!(field.ends.end=> #name, #offset, #as_plain::SHAPE);
    parts.row(field, &place)
}

fn decode_into(parts: &Parts<'_>) -> TokenStream {
    if parts.state.packed || parts.state.fields.is_empty() {
        return TokenStream::new(); // the default decodes a whole value and moves it
    }
    let (this, image, corrupt) = (parts.this, image_name(parts), parts.private("Corrupt"));
    let decodes = parts.state.fields.iter().map(|field| {
        let member = &field.member;
        let (decode_into, name) = image_call(parts, field, "decode_into");
        quote_spanned! {field.ends.end=>
            #decode_into(#name, &__image.#member, &mut __out.#member)?;
        }
    });
    quote! {
        fn decode_into(
            __image: &#image,
            __out: &mut #this,
        ) -> ::core::result::Result<(), #corrupt> {
            #(#decodes)*
            ::core::result::Result::Ok(())
        }
    }
}
