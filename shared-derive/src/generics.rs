//! The generic parameters of the input, taken apart for reuse in the generated items.

use std::collections::HashSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::{GenericParam, Lifetime};

use crate::tokens::{free_prefix, names, replace_idents, without_lifetimes};

/// The parameters of the input and the names that generated code adds to them.
pub(crate) struct Generics {
    /// `T: Bound = Default, const N: usize = 4`: as the slots struct declares them.
    pub(crate) declared: Vec<TokenStream>,
    /// `T: Bound, const N: usize`: as an impl declares them.
    pub(crate) params: Vec<TokenStream>,
    /// `T, N`: as a use of the slots struct names them.
    pub(crate) args: Vec<TokenStream>,
    /// The predicates of the where clause.
    pub(crate) predicates: Vec<TokenStream>,
    pub(crate) types: Vec<Ident>,
    /// Parameters that a state may not have; every use of them has become `'static`.
    pub(crate) lifetimes: Vec<Lifetime>,
    /// `Progress` or `Pair<T>`.
    pub(crate) this: TokenStream,
    /// `Progress` or `Pair::<T>`, for types and expressions alike.
    turbofish: TokenStream,
    /// The access parameter: `A`, unless the input uses that name.
    pub(crate) access: Ident,
    /// A lifetime that the input does not use.
    pub(crate) free_lifetime: Lifetime,
    /// A name for the image that the input does not use.
    pub(crate) image: Ident,
    /// The start of the names of modes; no name in the input starts like that.
    pub(crate) mode_prefix: String,
}

impl Generics {
    /// `mentioned` is what generated code repeats of the fields.
    pub(crate) fn new(name: &Ident, generics: &syn::Generics, mentioned: &TokenStream) -> Self {
        let where_clause = &generics.where_clause;
        let used = names(quote!(#name #generics #where_clause #mentioned));
        let access = free_name(&["A", "Access", "SlotAccess"], &used);
        let lifetime = free_name(&["a", "slot"], &used);

        let name_text = name.unraw().to_string();
        let image = free_name(
            &[&format!("{name_text}Image"), &format!("{name_text}AtRest")],
            &used,
        );

        let all_args = generics.params.iter().map(|param| match param {
            GenericParam::Lifetime(_) => quote!('static),
            GenericParam::Type(param) => param.ident.to_token_stream(),
            GenericParam::Const(param) => param.ident.to_token_stream(),
        });
        let all_args = angled(&all_args.collect::<Vec<_>>());
        let colons = (!all_args.is_empty()).then(|| quote!(::));
        let mut this = Generics {
            declared: Vec::new(),
            params: Vec::new(),
            args: Vec::new(),
            predicates: Vec::new(),
            types: Vec::new(),
            lifetimes: Vec::new(),
            this: quote!(#name #all_args),
            turbofish: quote!(#name #colons #all_args),
            access,
            free_lifetime: Lifetime::new(&format!("'{lifetime}"), Span::call_site()),
            image,
            mode_prefix: free_prefix("__Mode", &used),
        };
        for param in &generics.params {
            let (ident, bare, default) = match param.clone() {
                GenericParam::Lifetime(param) => {
                    this.lifetimes.push(param.lifetime);
                    continue;
                }
                GenericParam::Type(mut param) => {
                    param.attrs.clear();
                    this.types.push(param.ident.clone());
                    let default = param.default.take().map(|(_, ty)| quote!(= #ty));
                    (param.ident.clone(), param.into_token_stream(), default)
                }
                GenericParam::Const(mut param) => {
                    param.attrs.clear();
                    let default = param.default.take().map(|(_, value)| quote!(= #value));
                    (param.ident.clone(), param.into_token_stream(), default)
                }
            };
            let bare = this.outside(bare);
            this.declared.push(quote!(#bare #default));
            this.params.push(bare);
            this.args.push(ident.into_token_stream());
        }
        for predicate in generics.where_clause.iter().flat_map(|w| &w.predicates) {
            let predicate = this.outside(predicate.to_token_stream());
            this.predicates.push(predicate);
        }
        this
    }

    /// Rewrites tokens of the input so that they mean the same in an item where `Self` is another
    /// type and the lifetimes are gone.
    pub(crate) fn outside(&self, tokens: TokenStream) -> TokenStream {
        let tokens = if self.lifetimes.is_empty() {
            tokens
        } else {
            without_lifetimes(tokens)
        };
        replace_idents(tokens, &|ident| {
            (ident == "Self").then(|| self.turbofish.clone())
        })
    }

    /// Does a type of this text depend on a type parameter?
    pub(crate) fn has_type_param(&self, tokens: &TokenStream) -> bool {
        mentions(tokens, &self.types)
    }

    /// Does it depend on any parameter?
    pub(crate) fn has_param(&self, tokens: &TokenStream) -> bool {
        mentions(tokens, &self.args)
    }
}

fn mentions(tokens: &TokenStream, params: &[impl ToString]) -> bool {
    let used = names(tokens.clone());
    params.iter().any(|param| used.contains(&param.to_string()))
}

/// The parameters or arguments in angle brackets, if there are any.
pub(crate) fn angled(list: &[TokenStream]) -> TokenStream {
    let list = (!list.is_empty()).then(|| quote!(<#(#list),*>));
    list.unwrap_or_default()
}

/// A where clause, if there is anything in it.
pub(crate) fn where_clause(predicates: &[TokenStream]) -> TokenStream {
    let clause = (!predicates.is_empty()).then(|| quote!(where #(#predicates,)*));
    clause.unwrap_or_default()
}

/// The first of the wishes that no used name has, or else a longer one.
fn free_name(wishes: &[&str], used: &HashSet<String>) -> Ident {
    let free = wishes.iter().find(|&&wish| !used.contains(wish));
    let longer = || free_prefix(wishes[0], used);
    format_ident!("{}", free.map_or_else(longer, ToString::to_string))
}
