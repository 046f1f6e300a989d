//! The whole expansion of one input.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::DeriveInput;

use super::field::FieldCode;
use super::parts::Parts;
use super::{enumeration, image, refused, slots, state};
use crate::check::check;
use crate::errors::Errors;
use crate::generics::{angled, where_clause};
use crate::lengths::Lengths;
use crate::model::{Base, Model, Struct};
use crate::tokens::here;

/// The whole derive: errors, if there are any, and code that type-checks in any case, so that one
/// mistake does not become many at every use of the type.
pub(crate) fn derive(input: TokenStream) -> TokenStream {
    let (input, lengths) = Lengths::take(input);
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let mut errors = Errors::default();
    let model = check(&input, &mut errors);
    let code = match &model {
        Model::Struct(state) if state.fields.iter().all(|field| !field.is_refused()) => {
            let parts = Parts::of_struct(state);
            let slots = (!state.locked).then(|| slots::declaration(state, &parts, None));
            let impls = in_const(&state.base, &struct_impls(state, &parts));
            quote!(#slots #impls)
        }
        Model::Struct(state) => refused::structure(state),
        Model::Enum(state) => in_const(&state.base, &enumeration::impls(state)),
        Model::Refused(base) => refused::other(base),
    };
    let code = lengths.put_back(code, |length| model.base().generics.outside(length));
    let errors = errors.into_tokens();
    quote!(#errors #code)
}

fn struct_impls(state: &Struct, parts: &Parts<'_>) -> TokenStream {
    let modes = parts.fields.iter().filter_map(FieldCode::mode_alias);
    let (field, shared_state) = (state::field(parts), state::shared_state(parts));
    let zeroed = state::zeroed(parts, &parts.fields);
    let image = image::image(state, parts);
    let live = (!state.locked).then(|| {
        let (slot, methods) = (slots::slot(state, parts), slots::methods(parts));
        quote!(#slot #methods)
    });
    let assertions = parts.fields.iter().map(FieldCode::assertions);
    quote!(#(#modes)* #field #shared_state #zeroed #image #live #(#assertions)*)
}

/// Impls go into a nameless constant, where helper items disturb nobody.
fn in_const(base: &Base, impls: &TokenStream) -> TokenStream {
    let (allows, no_drop) = (&base.allows, no_drop(base));
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
    let params = angled(&base.generics.params);
    let this = &base.generics.this;
    let bounds = where_clause(&base.generics.predicates);
    let span = here(base.name.span());
    let second = quote_spanned! {span=>
        impl #params AStateMustNotImplementDrop for #this #bounds {}
    };
    quote! {
        trait AStateMustNotImplementDrop {}
        impl<T: ::core::ops::Drop> AStateMustNotImplementDrop for T {}
        #second
    }
}
