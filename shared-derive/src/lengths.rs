//! Array lengths that `syn` does not read.
//!
//! Without its feature `full`, which takes long to build, `syn` refuses a length such as
//! `if WIDE { 8 } else { 4 }`. A name takes its place while the input is parsed, and the length comes
//! back into the generated code.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use syn::Expr;

use crate::tokens::{free_prefix, names, regroup, replace_idents};

/// The lengths that were taken out of an input.
pub(crate) struct Lengths {
    prefix: String,
    taken: Vec<TokenStream>,
}

impl Lengths {
    /// The input without the lengths that `syn` does not read, and these.
    pub(crate) fn take(input: TokenStream) -> (TokenStream, Self) {
        let mut lengths = Lengths {
            prefix: free_prefix("LENGTH", &names(input.clone())),
            taken: Vec::new(),
        };
        let without = lengths.take_from(input.clone());
        let unchanged = lengths.taken.is_empty();
        (if unchanged { input } else { without }, lengths)
    }

    fn take_from(&mut self, tokens: TokenStream) -> TokenStream {
        let mut out = Vec::new();
        let mut in_attribute = false;
        for tree in tokens {
            let is_hash = matches!(&tree, TokenTree::Punct(punct) if punct.as_char() == '#');
            out.push(match tree {
                TokenTree::Group(group) if !in_attribute => {
                    let mut inner = self.take_from(group.stream());
                    if group.delimiter() == Delimiter::Bracket {
                        inner = self.without_length(inner);
                    }
                    regroup(&group, inner).into()
                }
                tree => tree,
            });
            in_attribute = is_hash;
        }
        out.into_iter().collect()
    }

    /// `T; 8` as it is, and `T; if WIDE { 8 } else { 4 }` as `T; LENGTH0`.
    fn without_length(&mut self, array: TokenStream) -> TokenStream {
        let mut trees: Vec<TokenTree> = array.into_iter().collect();
        let is_semicolon =
            |tree: &TokenTree| matches!(tree, TokenTree::Punct(punct) if punct.as_char() == ';');
        let Some(start) = trees.iter().position(is_semicolon) else {
            return trees.into_iter().collect();
        };
        let length: TokenStream = trees.drain(start + 1..).collect();
        if length.is_empty() || syn::parse2::<Expr>(length.clone()).is_ok() {
            trees.extend(length);
        } else {
            let name = format!("{}{}", self.prefix, self.taken.len());
            let first = length.clone().into_iter().next();
            trees.extend(first.map(|tree| TokenTree::from(Ident::new(&name, tree.span()))));
            self.taken.push(length);
        }
        trees.into_iter().collect()
    }

    /// Puts the lengths, each as `with` rewrites it, into generated code.
    pub(crate) fn put_back(
        self,
        code: TokenStream,
        with: impl Fn(TokenStream) -> TokenStream,
    ) -> TokenStream {
        if self.taken.is_empty() {
            return code;
        }
        replace_idents(code, &|name| {
            let number = name.to_string().strip_prefix(&self.prefix)?.parse().ok();
            number.and_then(|number: usize| self.taken.get(number).cloned().map(&with))
        })
    }
}
