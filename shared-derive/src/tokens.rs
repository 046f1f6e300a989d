//! Walks over tokens: which names occur in them, where they start and end.

use std::collections::HashSet;

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;

/// Where the tokens of a piece of input start and end.
///
/// Generated code that belongs to a field carries the span of the field's type on every token, so
/// that whatever the compiler has to say about it is said once, at the type. The spans resolve names
/// as the derive itself does; only their location is the input's.
#[derive(Clone, Copy)]
pub(crate) struct Ends {
    pub(crate) start: Span,
    pub(crate) end: Span,
}

impl Ends {
    pub(crate) fn of(tokens: &TokenStream) -> Self {
        let mut trees = tokens.clone().into_iter();
        let start = trees.next().map_or_else(Span::call_site, |t| t.span());
        let end = trees.last().map_or(start, |t| t.span());
        Ends {
            start: here(start),
            end: here(end),
        }
    }
}

/// The location of `span` with the name resolution of the derive.
pub(crate) fn here(span: Span) -> Span {
    span.resolved_at(Span::call_site())
}

/// Every identifier and lifetime (without its tick) in `tokens`.
pub(crate) fn names(tokens: TokenStream) -> HashSet<String> {
    let names = tokens.into_iter().flat_map(|tree| match tree {
        TokenTree::Ident(ident) => HashSet::from([ident.to_string()]),
        TokenTree::Group(group) => names(group.stream()),
        TokenTree::Punct(_) | TokenTree::Literal(_) => HashSet::new(),
    });
    names.collect()
}

/// A start for new names that none of the `used` ones has.
pub(crate) fn free_prefix(wish: &str, used: &HashSet<String>) -> String {
    let mut prefix = wish.to_owned();
    while used.iter().any(|name| name.starts_with(&prefix)) {
        prefix.push('_');
    }
    prefix
}

/// Replaces each identifier for which `with` has something, at any depth.
pub(crate) fn replace_idents(
    tokens: TokenStream,
    with: &impl Fn(&Ident) -> Option<TokenStream>,
) -> TokenStream {
    tokens
        .into_iter()
        .flat_map(|tree| match tree {
            TokenTree::Ident(ident) => with(&ident).unwrap_or_else(|| ident.into_token_stream()),
            TokenTree::Group(group) => {
                TokenTree::from(regroup(&group, replace_idents(group.stream(), with))).into()
            }
            other => other.into(),
        })
        .collect()
}

/// Makes every lifetime `'static`: what is left of a type that may have none.
pub(crate) fn without_lifetimes(tokens: TokenStream) -> TokenStream {
    let mut out = TokenStream::new();
    let mut tick = false;
    for tree in tokens {
        let tree = match tree {
            TokenTree::Ident(ident) if tick => TokenTree::Ident(Ident::new("static", ident.span())),
            TokenTree::Group(group) => regroup(&group, without_lifetimes(group.stream())).into(),
            other => other,
        };
        tick = matches!(&tree, TokenTree::Punct(p) if p.as_char() == '\'');
        out.extend([tree]);
    }
    out
}

/// Moves every token to `span`, but lets it resolve names as before (`$crate` must).
pub(crate) fn moved_to(tokens: TokenStream, span: Span) -> TokenStream {
    tokens
        .into_iter()
        .map(|mut tree| {
            if let TokenTree::Group(group) = &tree {
                tree = Group::new(group.delimiter(), moved_to(group.stream(), span)).into();
            }
            tree.set_span(span.resolved_at(tree.span()));
            tree
        })
        .collect()
}

pub(crate) fn regroup(old: &Group, stream: TokenStream) -> Group {
    let mut new = Group::new(old.delimiter(), stream);
    new.set_span(old.span());
    new
}

/// The text of a type for a message, spaced as one would write it.
pub(crate) fn text(tokens: impl ToTokens) -> String {
    let printed = tokens.into_token_stream().to_string();
    // Long lines are printed broken.
    let mut text = printed.split_whitespace().collect::<Vec<_>>().join(" ");
    for (spaced, tight) in [
        (" :: ", "::"),
        (":: ", "::"),
        (" <", "<"),
        ("< ", "<"),
        (" >", ">"),
        (" ,", ","),
        (" ;", ";"),
        ("& ", "&"),
        ("[ ", "["),
        (" ]", "]"),
        ("( ", "("),
        (" )", ")"),
        ("* ", "*"),
    ] {
        text = text.replace(spaced, tight);
    }
    text
}
