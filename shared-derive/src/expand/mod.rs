//! From the model to code. Nothing can go wrong here.
//!
//! The derive's unsafe is one `unsafe impl` in [`slot`] and three in [`image`]. Generated code names `__private` and
//! `::core` by absolute paths and calls functions by theirs, so that nothing in the user's scope comes
//! in between. Locals start with two underscores, because a constant in scope would otherwise turn a
//! binding of its name into a pattern.

mod assertions;
mod enumeration;
mod image;
mod paths;
mod refused;
mod slot;
mod slots;
mod state;

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::DeriveInput;

use crate::check::check;
use crate::errors::Errors;
use crate::model::{Base, Model};
use paths::Paths;

/// The whole derive: errors, if there are any, and code that type-checks in any case, so that one
/// mistake does not become many at every use of the type.
pub(crate) fn derive(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let mut errors = Errors::default();
    let model = check(&input, &mut errors);
    let code = match &model {
        Model::Struct(state) if state.fields.iter().all(|field| !field.is_refused()) => {
            let slots = (!state.locked).then(|| slots::slots(state));
            let impls = in_const(&state.base, &state::impls(state));
            quote!(#slots #impls)
        }
        Model::Struct(state) => refused::structure(state),
        Model::Enum(state) => in_const(&state.base, &enumeration::impls(state)),
        Model::Refused(base) => refused::other(base),
    };
    let errors = errors.into_tokens();
    quote!(#errors #code)
}

/// Impls go into a nameless constant, where helper items disturb nobody.
fn in_const(base: &Base, impls: &TokenStream) -> TokenStream {
    let allows = &base.allows;
    let no_drop = no_drop(base);
    quote! {
        #(#allows)*
        const _: () = {
            #impls
            #no_drop
        };
    }
}

/// A state that implements `Drop` has two impls of this trait: an error that says what is wrong by
/// the trait's name.
fn no_drop(base: &Base) -> TokenStream {
    let params = base.generics.impl_params();
    let this = &base.generics.this;
    let bounds = crate::generics::where_clause(&base.generics.predicates);
    let span = crate::tokens::here(base.name.span());
    let second = quote_spanned! {span=>
        impl #params AStateMustNotImplementDrop for #this #bounds {}
    };
    quote! {
        trait AStateMustNotImplementDrop {}
        impl<T: ::core::ops::Drop> AStateMustNotImplementDrop for T {}
        #second
    }
}

fn paths(base: &Base) -> Paths<'_> {
    Paths::new(&base.facade)
}
