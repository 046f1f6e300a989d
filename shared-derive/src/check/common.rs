//! Rules and pieces that structs and enums have in common.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Attribute, DeriveInput, Ident, Meta};

use crate::attr::Arguments;
use crate::errors::Errors;
use crate::generics::Generics;
use crate::model::Base;

pub(super) fn base(
    input: &DeriveInput,
    arguments: &Arguments,
    mentioned: &TokenStream,
    errors: &mut Errors,
) -> Base {
    let facade = arguments.krate(errors);
    let facade = facade.unwrap_or_else(|| quote!(::shmstate));
    Base {
        name: input.ident.clone(),
        vis: input.vis.clone(),
        generics: Generics::new(&input.ident, &input.generics, mentioned),
        private: quote!(#facade::__private),
        allows: input.attrs.iter().filter_map(allow).collect(),
        non_exhaustive: input
            .attrs
            .iter()
            .find(|attr| attr.path().is_ident("non_exhaustive"))
            .map(ToTokens::to_token_stream),
    }
}

pub(super) fn refuse_lifetimes(generics: &Generics, errors: &mut Errors) {
    for lifetime in &generics.lifetimes {
        errors.at(
            lifetime,
            format!("a shared state has no lifetimes, because references mean nothing in another process; remove `{lifetime}`"),
        );
    }
}

/// An `#[allow]` of the user, or an `#[expect]`, which may find nothing in generated code.
fn allow(attr: &Attribute) -> Option<TokenStream> {
    let list = attr.meta.require_list().ok()?;
    let lints = &list.tokens;
    (list.path.is_ident("allow") || list.path.is_ident("expect")).then(|| quote!(#[allow(#lints)]))
}

/// What carries over from a field to its slot. The compiler has already dealt with `cfg`.
pub(super) fn carried(attrs: &[Attribute]) -> Vec<TokenStream> {
    let carried = attrs.iter().filter_map(|attr| {
        let is_whole = attr.path().is_ident("doc") || is_deprecated(attr);
        is_whole
            .then(|| attr.to_token_stream())
            .or_else(|| allow(attr))
    });
    carried.collect()
}

pub(super) fn is_documented(attrs: &[Attribute]) -> bool {
    attrs
        .iter()
        .any(|attr| attr.path().is_ident("doc") && !matches!(attr.meta, Meta::Path(_)))
}

fn is_deprecated(attr: &Attribute) -> bool {
    attr.path().is_ident("deprecated")
}

/// Generated code names what the user has deprecated, which is not a use of it.
pub(super) fn allow_deprecated<'a>(
    mut attrs: impl Iterator<Item = &'a Attribute>,
    base: &mut Base,
) {
    if attrs.any(is_deprecated) {
        base.allows.push(quote!(#[allow(deprecated)]));
    }
}

/// The words in the `#[repr(...)]`s, each with its tokens: `C`, `u8`, `packed`.
pub(super) fn reprs(attrs: &[Attribute]) -> Vec<Ident> {
    let reprs = attrs.iter().filter(|attr| attr.path().is_ident("repr"));
    let lists = reprs.filter_map(|attr| attr.meta.require_list().ok());
    let words = lists.flat_map(|list| list.tokens.clone());
    words
        .filter_map(|tree| match tree {
            TokenTree::Ident(ident) => Some(ident),
            _ => None,
        })
        .collect()
}
