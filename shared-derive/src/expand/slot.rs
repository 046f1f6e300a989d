//! The impls of a slots struct.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::state::Parts;
use crate::model::{About, Field};

impl Parts<'_> {
    // SAFETY of the generated impl: the slots struct is `repr(C)` and all its fields are slots, so (1)
    // any bytes are a value of it, (2) it is accessed through its fields only, and (3) its shape names
    // the offsets that the compiler chose, which `Shape::structure` checks against its size.
    pub(super) fn slot(&self) -> TokenStream {
        let Parts {
            this,
            slots,
            slots_params,
            ..
        } = self;
        let (trait_, shape) = (self.private("Slot"), self.private("Shape"));
        let (corrupt, bounds) = (self.private("Corrupt"), self.bounds());
        let name = syn::ext::IdentExt::unraw(&self.state.base.name).to_string();
        let rows = self.state.fields.iter().map(|field| self.row(field));
        let reads = self.state.fields.iter().map(|field| {
            let (read, name) = self.read(field, "read");
            let member = &field.member;
            quote_spanned!(field.ends.end=> #member: #read(#name, &self.#member)?)
        });
        let access = &self.state.base.generics.access;
        let constructor = &self.state.base.name;
        let read_into = self.try_snapshot_into();
        quote! {
            #[automatically_derived]
            unsafe impl #slots_params #trait_ for #slots #bounds {
                type Value = #this;
                type Access = #access;
                const SHAPE: &'static #shape = &#shape::structure(
                    #name,
                    ::core::mem::size_of::<Self>(),
                    ::core::mem::align_of::<Self>(),
                    &[#(#rows),*],
                );
                fn try_snapshot(&self) -> ::core::result::Result<#this, #corrupt> {
                    ::core::result::Result::Ok(#constructor { #(#reads),* })
                }
                #read_into
            }
        }
    }

    /// One row of the shape.
    fn row(&self, field: &Field) -> TokenStream {
        let end = field.ends.end;
        let paths = self.paths();
        let trait_ = paths.private_at(end, "Slot");
        let slot = paths.slot(field, &self.state.base.generics.access);
        let (name, member) = (&field.name, &field.member);
        let open = quote_spanned!(field.ends.start=> <);
        let place = quote_spanned!(end=> #name, ::core::mem::offset_of!(Self, #member));
        self.field_shape(
            field,
            &quote_spanned!(end=> #place, #open #slot as #trait_>::SHAPE),
        )
    }

    /// A row of a shape: `place` is the name, the offset and the shape of the field.
    pub(super) fn field_shape(&self, field: &Field, place: &TokenStream) -> TokenStream {
        let end = field.ends.end;
        let row = self.paths().private_at(end, "FieldShape");
        let About { help, counter } = &field.about;
        if help.is_empty() && !counter {
            return quote_spanned!(end=> #row::new(#place));
        }
        quote_spanned!(end=> #row::described(#place, #help, #counter))
    }

    fn try_snapshot_into(&self) -> TokenStream {
        let this = self.this;
        if self.state.packed || self.state.fields.is_empty() {
            return TokenStream::new(); // the default reads a whole value and moves it
        }
        let corrupt = self.private("Corrupt");
        let reads = self.state.fields.iter().map(|field| {
            let (read_into, name) = self.read(field, "read_into");
            let member = &field.member;
            quote_spanned!(field.ends.end=> #read_into(#name, &self.#member, &mut __out.#member)?;)
        });
        quote! {
            fn try_snapshot_into(
                &self,
                __out: &mut #this,
            ) -> ::core::result::Result<(), #corrupt> {
                #(#reads)*
                ::core::result::Result::Ok(())
            }
        }
    }

    pub(super) fn inherent(&self) -> TokenStream {
        let Parts {
            this,
            slots,
            slots_params,
            ..
        } = self;
        let (trait_, corrupt) = (self.private("Slot"), self.private("Corrupt"));
        let bounds = self.bounds();
        quote! {
            #[automatically_derived]
            impl #slots_params #slots #bounds {
                /// Reads every field, each leaf whole, one after the other.
                ///
                /// # Panics
                ///
                /// If a field holds bytes that are no value of its type.
                pub fn snapshot(&self) -> #this {
                    #trait_::snapshot(self)
                }
                /// Reads every field, each leaf whole, one after the other.
                ///
                /// # Errors
                ///
                /// If a field holds bytes that are no value of its type; the error names the field.
                pub fn try_snapshot(&self) -> ::core::result::Result<#this, #corrupt> {
                    #trait_::try_snapshot(self)
                }
            }
        }
    }

    pub(super) fn debug(&self) -> TokenStream {
        let Parts {
            slots,
            slots_params,
            ..
        } = self;
        let debug = self.private("debug");
        let bounds = self.bounds();
        quote! {
            #[automatically_derived]
            impl #slots_params ::core::fmt::Debug for #slots #bounds {
                fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    #debug(self, __f)
                }
            }
        }
    }
}
