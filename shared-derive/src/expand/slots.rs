//! The slots struct and its impls.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::parts::Parts;
use super::paths::{Paths, field_bounds};
use crate::generics::where_clause;
use crate::model::{Field, Struct, Style};

/// The slots struct of a sound state.
pub(super) fn declaration(state: &Struct) -> TokenStream {
    let (paths, access) = (Paths::of(&state.base), &state.base.generics.access);
    let fields = state.fields.iter();
    let slots: Vec<TokenStream> = fields
        .map(|field| paths.slot(field, &paths.full_mode(field), access))
        .collect();
    declare(state, &slots, None)
}

/// Declares the slots struct with a slot for each field, and `extra`, a type without bytes.
pub(super) fn declare(
    state: &Struct,
    slots: &[TokenStream],
    extra: Option<&TokenStream>,
) -> TokenStream {
    let paths = Paths::of(&state.base);
    let generics = &state.base.generics;
    let (vis, name, allows) = (&state.base.vis, &state.slots, &state.base.allows);
    let (access, rights, write) = (
        &generics.access,
        paths.private("Access"),
        paths.private("Write"),
    );
    let declared = &generics.declared;
    let mut predicates = generics.predicates.clone();
    predicates.extend(field_bounds(state));
    let bounds = where_clause(&predicates);

    let fields = state.fields.iter().zip(slots).map(|(field, slot)| {
        let Field {
            attrs, vis, member, ..
        } = field;
        match member {
            syn::Member::Named(name) => quote!(#(#attrs)* #vis #name: #slot),
            syn::Member::Unnamed(_) => quote!(#(#attrs)* #vis #slot),
        }
    });
    let extra = extra.into_iter();
    let body = match state.style {
        Style::Named => {
            quote!(#bounds { #(#fields,)* #(__parameters: #extra,)* })
        }
        Style::Tuple => quote!((#(#fields,)* #(#extra,)*) #bounds;),
        Style::Unit => quote!((::core::marker::PhantomData<#access>) #bounds;),
    };
    let non_exhaustive = &state.base.non_exhaustive;
    let doc = format!(
        " The live fields of a [`{}`] in shared memory.",
        state.base.name
    );
    quote! {
        #[doc = #doc]
        #(#allows)*
        #[repr(C)]
        #non_exhaustive
        #vis struct #name<#(#declared,)* #access: #rights = #write> #body
    }
}

// SAFETY of the generated impl: the slots struct is `repr(C)` and all its fields are slots, so (1)
// any bytes are a value of it, (2) it is accessed through its fields only, (3) its shape names
// the offsets that the compiler chose, which `Shape::structure` checks against its size, and (4) the right to write
// goes to its fields only.
pub(super) fn slot(parts: &Parts<'_>) -> TokenStream {
    let Parts {
        this,
        slots,
        slots_params,
        ..
    } = parts;
    let (trait_, shape) = (parts.private("Slot"), parts.private("Shape"));
    let (corrupt, bounds) = (parts.private("Corrupt"), parts.bounds());
    let name = syn::ext::IdentExt::unraw(&parts.state.base.name).to_string();
    let rows = parts.state.fields.iter().map(|field| row(parts, field));
    let reads = parts.state.fields.iter().map(|field| {
        let (read, name) = read(parts, field, "read");
        let member = &field.member;
        quote_spanned!(field.ends.end=> #member: #read(#name, &self.#member)?)
    });
    let access = &parts.state.base.generics.access;
    let constructor = &parts.state.base.name;
    let read_into = try_snapshot_into(parts);
    let (fits, put) = (fits(parts), put(parts));
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
            #fits
            #put
        }
    }
}

/// Checks each field that might not fit.
fn fits(parts: &Parts<'_>) -> TokenStream {
    let (this, exceeded) = (parts.this, parts.private("CapacityExceeded"));
    let paths = parts.paths();
    let fields = parts.state.fields.iter();
    let doubtful: Vec<&Field> = fields.filter(|field| !field.always_fits).collect();
    let value = if doubtful.is_empty() {
        quote!(_)
    } else {
        quote!(__value)
    };
    let checks = doubtful.into_iter().map(|field| {
        let (fits, name) = paths.call(field, "fits", &paths.mode(field));
        let borrowed = parts.borrowed(field, &value);
        quote_spanned!(field.ends.end=> #fits(#name, #borrowed)?;)
    });
    quote! {
        fn fits(#value: &#this) -> ::core::result::Result<(), #exceeded> {
            #(#checks)*
            ::core::result::Result::Ok(())
        }
    }
}

/// Stores each field in its slot.
fn put(parts: &Parts<'_>) -> TokenStream {
    let (this, writing) = (parts.this, parts.private("Writing"));
    let parameters = if parts.state.fields.is_empty() {
        quote!(_: #this, _: #writing)
    } else {
        quote!(__value: #this, __writing: #writing)
    };
    let puts = parts.state.fields.iter().map(|field| {
        let (end, member) = (field.ends.end, &field.member);
        let slot = parts.paths().private_at(end, "Slot");
        quote_spanned!(end=> #slot::put(&self.#member, __value.#member, __writing);)
    });
    quote! {
        #[track_caller]
        fn put(&self, #parameters) {
            #(#puts)*
        }
    }
}

/// One row of the shape.
fn row(parts: &Parts<'_>, field: &Field) -> TokenStream {
    let end = field.ends.end;
    let paths = parts.paths();
    let trait_ = paths.private_at(end, "Slot");
    let access = &parts.state.base.generics.access;
    let slot = paths.slot(field, &paths.mode(field), access);
    let (name, member) = (&field.name, &field.member);
    let open = quote_spanned!(field.ends.start=> <);
    let place = quote_spanned!(end=> #name, ::core::mem::offset_of!(Self, #member));
    parts.row(
        field,
        &quote_spanned!(end=> #place, #open #slot as #trait_>::SHAPE),
    )
}

/// A path to a function of the runtime, then the name of the field.
fn read(parts: &Parts<'_>, field: &Field, function: &str) -> (TokenStream, TokenStream) {
    let function = parts.paths().private_at(field.ends.end, function);
    let name = &field.name;
    (function, quote_spanned!(field.ends.end=> #name))
}

fn try_snapshot_into(parts: &Parts<'_>) -> TokenStream {
    let this = parts.this;
    if parts.state.packed || parts.state.fields.is_empty() {
        return TokenStream::new(); // the default reads a whole value and moves it
    }
    let corrupt = parts.private("Corrupt");
    let reads = parts.state.fields.iter().map(|field| {
        let (read_into, name) = read(parts, field, "read_into");
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

pub(super) fn inherent(parts: &Parts<'_>) -> TokenStream {
    let Parts {
        this,
        slots,
        slots_params,
        ..
    } = parts;
    let (trait_, corrupt) = (parts.private("Slot"), parts.private("Corrupt"));
    let bounds = parts.bounds();
    quote! {
        #[automatically_derived]
        impl #slots_params #slots #bounds {
            /// Reads every field, each leaf whole, one after the other.
            ///
            /// # Panics
            ///
            /// If a field holds bytes that are not a value of its type.
            #[track_caller]
            pub fn snapshot(&self) -> #this {
                #trait_::snapshot(self)
            }
            /// Reads every field, each leaf whole, one after the other.
            ///
            /// # Errors
            ///
            /// If a field holds bytes that are not a value of its type; the error names the field.
            pub fn try_snapshot(&self) -> ::core::result::Result<#this, #corrupt> {
                #trait_::try_snapshot(self)
            }
        }
    }
}

pub(super) fn debug(parts: &Parts<'_>) -> TokenStream {
    let Parts {
        slots,
        slots_params,
        ..
    } = parts;
    let debug = parts.private("debug");
    let bounds = parts.bounds();
    quote! {
        #[automatically_derived]
        impl #slots_params ::core::fmt::Debug for #slots #bounds {
            fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                #debug(self, __f)
            }
        }
    }
}
