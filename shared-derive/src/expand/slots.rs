//! The slots struct and its impls.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Member;

use super::parts::Parts;
use crate::generics::where_clause;
use crate::model::{Struct, Style};

/// The slots struct. If it has refused fields, `extra` is a type without bytes that uses every parameter.
pub(super) fn declaration(
    state: &Struct,
    parts: &Parts<'_>,
    extra: Option<&TokenStream>,
) -> TokenStream {
    let (p, generics) = (parts.private, &state.base.generics);
    let (vis, name, allows) = (&state.base.vis, &state.slots, &state.base.allows);
    let (access, declared) = (&generics.access, &generics.declared);
    let mut predicates = generics.predicates.clone();
    let bound = parts.fields.iter().filter(|field| field.is_bound());
    predicates.extend(bound.map(|field| field.bound("Field", &field.mode())));
    let bounds = where_clause(&predicates);

    let fields = parts.fields.iter().map(|code| {
        let (attrs, vis) = (&code.field.attrs, &code.field.vis);
        let slot = if code.field.is_refused() {
            quote!(<() as #p::Field<#p::Refused>>::Slot<#access>)
        } else {
            code.slot(&code.full_mode(), access)
        };
        match &code.field.member {
            Member::Named(name) => quote!(#(#attrs)* #vis #name: #slot),
            Member::Unnamed(_) => quote!(#(#attrs)* #vis #slot),
        }
    });
    let extra = extra.into_iter();
    let body = match state.style {
        Style::Named => quote!(#bounds { #(#fields,)* #(__parameters: #extra,)* }),
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
        #vis struct #name<#(#declared,)* #access: #p::Access = #p::Write> #body
    }
}

// SAFETY of the generated impl: the slots struct is `repr(C)` and all its fields are slots, so (1)
// any bytes are a value of it, (2) it is accessed through its fields only, (3) its shape names
// the offsets that the compiler chose, which `Shape::structure` checks against its size, and (4) the
// right to write goes to its fields only.
pub(super) fn slot(state: &Struct, parts: &Parts<'_>) -> TokenStream {
    let (p, this, access) = (parts.private, parts.this, &state.base.generics.access);
    let (slots, params, bounds) = (&parts.slots, &parts.slots_params, &parts.bounds);
    let (name, constructor) = (state.base.shown_name(), &state.base.name);
    let rows = parts.fields.iter().map(|code| {
        let (p, member) = (&code.private, &code.field.member);
        let slot = code.slot(&code.mode(), access);
        let open = quote_spanned!(code.field.ends.start=> <);
        let offset = quote_spanned!(code.end=> ::core::mem::offset_of!(Self, #member));
        code.row(&quote_spanned!(code.end=> #offset, #open #slot as #p::Slot>::SHAPE))
    });
    let reads = parts.fields.iter().map(|code| {
        let (p, name, member) = (&code.private, &code.field.name, &code.field.member);
        quote_spanned!(code.end=> #member: #p::read(#name, &self.#member)?)
    });
    let (read_into, fits, put) = (try_snapshot_into(state, parts), fits(parts), put(parts));
    quote! {
        #[automatically_derived]
        unsafe impl #params #p::Slot for #slots #bounds {
            type Value = #this;
            type Access = #access;
            const SHAPE: &'static #p::Shape = &#p::Shape::structure(
                #name,
                ::core::mem::size_of::<Self>(),
                ::core::mem::align_of::<Self>(),
                &[#(#rows),*],
            );
            fn try_snapshot(&self) -> ::core::result::Result<#this, #p::Corrupt> {
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
    let (p, this) = (parts.private, parts.this);
    let fields = parts.fields.iter();
    let mut doubtful = fields.filter(|code| !code.field.always_fits).peekable();
    let value = if doubtful.peek().is_some() {
        quote!(__value)
    } else {
        quote!(_)
    };
    let checks = doubtful.map(|code| {
        let (fits, name) = (code.function("fits", &code.mode()), &code.field.name);
        let borrowed = code.borrowed(&value);
        quote_spanned!(code.end=> #fits(#name, #borrowed)?;)
    });
    quote! {
        fn fits(#value: &#this) -> ::core::result::Result<(), #p::CapacityExceeded> {
            #(#checks)*
            ::core::result::Result::Ok(())
        }
    }
}

/// Stores each field in its slot.
fn put(parts: &Parts<'_>) -> TokenStream {
    let (p, this) = (parts.private, parts.this);
    let parameters = if parts.fields.is_empty() {
        quote!(_: #this, _: #p::Writing)
    } else {
        quote!(__value: #this, __writing: #p::Writing)
    };
    let puts = parts.fields.iter().map(|code| {
        let (p, member) = (&code.private, &code.field.member);
        quote_spanned!(code.end=> #p::Slot::put(&self.#member, __value.#member, __writing);)
    });
    quote! {
        #[track_caller]
        fn put(&self, #parameters) {
            #(#puts)*
        }
    }
}

fn try_snapshot_into(state: &Struct, parts: &Parts<'_>) -> TokenStream {
    let (p, this) = (parts.private, parts.this);
    if state.packed || state.fields.is_empty() {
        return TokenStream::new(); // the default reads a whole value and moves it
    }
    let reads = parts.fields.iter().map(|code| {
        let (p, name, member) = (&code.private, &code.field.name, &code.field.member);
        quote_spanned!(code.end=> #p::read_into(#name, &self.#member, &mut __out.#member)?;)
    });
    quote! {
        fn try_snapshot_into(
            &self,
            __out: &mut #this,
        ) -> ::core::result::Result<(), #p::Corrupt> {
            #(#reads)*
            ::core::result::Result::Ok(())
        }
    }
}

/// The methods of the slots struct, and its `Debug`.
pub(super) fn methods(parts: &Parts<'_>) -> TokenStream {
    let (p, this) = (parts.private, parts.this);
    let (slots, params, bounds) = (&parts.slots, &parts.slots_params, &parts.bounds);
    quote! {
        #[automatically_derived]
        impl #params #slots #bounds {
            /// Reads every field, each leaf whole, one after the other.
            ///
            /// # Panics
            ///
            /// If a field holds bytes that are not a value of its type.
            #[track_caller]
            pub fn snapshot(&self) -> #this {
                #p::Slot::snapshot(self)
            }
            /// Reads every field, each leaf whole, one after the other.
            ///
            /// # Errors
            ///
            /// If a field holds bytes that are not a value of its type; the error names the field.
            pub fn try_snapshot(&self) -> ::core::result::Result<#this, #p::Corrupt> {
                #p::Slot::try_snapshot(self)
            }
        }
        #[automatically_derived]
        impl #params ::core::fmt::Debug for #slots #bounds {
            fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                #p::debug(self, __f)
            }
        }
    }
}
