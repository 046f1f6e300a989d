//! The image of a struct: how it lies in a lock-guarded slot.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::paths;
use super::state::Parts;
use crate::generics::{angled, where_clause};
use crate::model::{Field, Struct, Style};

impl Parts<'_> {
    /// The image and `Plain`.
    pub(super) fn image(&self) -> TokenStream {
        [self.image_struct(), self.image_impls(), self.plain()]
            .into_iter()
            .collect()
    }

    /// `ProgressImage`, `PairImage<T>`.
    fn image_name(&self) -> TokenStream {
        let generics = &self.state.base.generics;
        let (name, args) = (&generics.image, angled(&generics.args));
        quote!(#name #args)
    }

    fn image_bounds(&self) -> TokenStream {
        let generics = &self.state.base.generics;
        let mut predicates = generics.predicates.clone();
        predicates.extend(generics.types.iter().map(|ty| quote!(#ty: 'static)));
        predicates.extend(plain_bounds(self.state));
        where_clause(&predicates)
    }

    fn image_struct(&self) -> TokenStream {
        let paths = self.paths();
        let (vis, name) = (&self.state.base.vis, &self.state.base.generics.image);
        let (params, bounds) = (&self.params, self.image_bounds());
        let fields = self.state.fields.iter().map(|field| {
            let as_plain = paths.as_plain(field);
            let image = quote_spanned!(field.ends.end=> #as_plain::Image);
            match &field.member {
                syn::Member::Named(name) => quote!(#name: #image),
                syn::Member::Unnamed(_) => image,
            }
        });
        let body = match self.state.style {
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
    fn image_impls(&self) -> TokenStream {
        let (image, params, bounds) = (self.image_name(), &self.params, self.image_bounds());
        let bytemuck = self.private("bytemuck");
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
    fn plain(&self) -> TokenStream {
        let Parts { this, params, .. } = self;
        let (image, bounds) = (self.image_name(), self.image_bounds());
        let (trait_, inline) = (self.private("Plain"), self.private("Inline"));
        let (shape, exceeded) = (self.private("Shape"), self.private("CapacityExceeded"));
        let corrupt = self.private("Corrupt");
        let name = syn::ext::IdentExt::unraw(&self.state.base.name).to_string();
        let fields = &self.state.fields;
        let rows = fields.iter().map(|field| self.image_row(field));
        let encodes = fields.iter().map(|field| {
            let member = &field.member;
            let (encode, name) = self.image_call(field, "encode");
            let value = self.borrowed(field);
            quote_spanned!(field.ends.end=> #encode(#name, #value, &mut __image.#member)?;)
        });
        let decodes = fields.iter().map(|field| {
            let member = &field.member;
            let (decode, name) = self.image_call(field, "decode");
            quote_spanned!(field.ends.end=> #member: #decode(#name, &__image.#member)?)
        });
        let constructor = &self.state.base.name;
        let (cell, decode_into) = (self.cell(), self.decode_into());
        let parameter = if fields.is_empty() {
            quote!(_)
        } else {
            quote!(__image)
        };
        let (as_is, checked) = (self.as_is(), self.checked_shape());
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
    fn as_is(&self) -> TokenStream {
        if self.state.fields.is_empty() {
            return TokenStream::new();
        }
        let (this, image) = (self.this, self.image_name());
        let fields = self.state.fields.iter().map(|field| {
            let as_plain = self.paths().as_plain(field);
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
    fn checked_shape(&self) -> TokenStream {
        if !self.state.base.generics.args.is_empty() {
            return TokenStream::new();
        }
        let (trait_, inline) = (self.private("Plain"), self.private("Inline"));
        let (this, shape) = (self.this, self.private("Shape"));
        quote!(const _: &#shape = <#this as #trait_<#inline>>::SHAPE;)
    }

    /// Small images share cache lines; the size of a generic one is not known here.
    fn cell(&self) -> TokenStream {
        let image = self.image_name();
        if !self.state.base.generics.args.is_empty() {
            let line = self.private("Line");
            return quote!(#line<#image>);
        }
        let (fit, choose) = (self.private("Fit"), self.private("Choose"));
        let is_small = self.private("is_small");
        quote!(<#fit<{ #is_small::<#image>() }> as #choose>::Cell<#image>)
    }

    fn image_call(&self, field: &Field, function: &str) -> (TokenStream, TokenStream) {
        let paths = self.paths();
        paths.call(field, function, &paths.image_mode(field))
    }

    /// One row of the shape.
    fn image_row(&self, field: &Field) -> TokenStream {
        let paths = self.paths();
        let (as_plain, image) = (paths.as_plain(field), self.image_name());
        let (name, member) = (&field.name, &field.member);
        let offset = quote_spanned!(field.ends.end=> ::core::mem::offset_of!(#image, #member));
        let place = quote_spanned!(field.ends.end=> #name, #offset, #as_plain::SHAPE);
        self.field_shape(field, &place)
    }

    fn decode_into(&self) -> TokenStream {
        if self.state.packed || self.state.fields.is_empty() {
            return TokenStream::new(); // the default decodes a whole value and moves it
        }
        let (this, image, corrupt) = (self.this, self.image_name(), self.private("Corrupt"));
        let decodes = self.state.fields.iter().map(|field| {
            let member = &field.member;
            let (decode_into, name) = self.image_call(field, "decode_into");
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
}

/// `FieldTy: Plain<Mode>` for each sound field whose type depends on a type parameter.
pub(super) fn plain_bounds(state: &Struct) -> impl Iterator<Item = TokenStream> {
    let paths = paths(&state.base);
    state
        .fields
        .iter()
        .filter(|field| field.generic && !field.is_refused())
        .map(move |field| paths.plain_bound(field))
}
