//! What people are told of a field: what it is for, and whether it only grows.

use syn::{Attribute, Expr, Lit, Meta, Type};

use crate::attr::Arguments;
use crate::errors::Errors;
use crate::known::{element, is_known_number, is_known_value};
use crate::model::About;
use crate::tokens::text;

pub(super) fn about(field: &syn::Field, arguments: &Arguments, errors: &mut Errors) -> About {
    let help = if arguments.get("help").is_some() {
        arguments.help(errors)
    } else {
        Some(first_paragraph(&field.attrs))
    };
    About {
        help: help.unwrap_or_default(),
        counter: is_counter(&field.ty, arguments, errors),
    }
}

/// What the text does not tell (a type of the user's own may be another name for a number) is found at compile time.
fn is_counter(ty: &Type, arguments: &Arguments, errors: &mut Errors) -> bool {
    let Some(argument) = arguments.get("counter") else {
        return false;
    };
    let element = element(ty);
    let is_none = !is_known_number(element) && (is_known_value(element) || has_arguments(element));
    if is_none {
        errors.at(
            &argument.name,
            format!(
                "`counter` marks a number that only grows, and `{}` is no integer or float; remove `counter`",
                text(element)
            ),
        );
    }
    !is_none
}

/// `String`, `Vec<T>` and such: no other name of a number is written like that.
fn has_arguments(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return true };
    let last = path.path.segments.last();
    path.path.is_ident("String") || last.is_some_and(|last| !last.arguments.is_none())
}

/// Of a doc comment, its lines joined.
fn first_paragraph(attrs: &[Attribute]) -> String {
    let mut paragraph = String::new();
    // An empty line of `///` is an empty text, and one line.
    let docs: Vec<String> = attrs.iter().filter_map(doc).collect();
    let lines = docs.iter().flat_map(|doc| doc.split('\n'));
    let lines = lines.map(|line| line.trim().trim_start_matches("* "));
    let lines = lines.skip_while(|line| line.is_empty());
    for line in lines.take_while(|line| !line.is_empty()) {
        if !paragraph.is_empty() {
            paragraph.push(' ');
        }
        paragraph.push_str(line);
    }
    paragraph
}

/// The text of `///`, which is `#[doc = "…"]`; none for `#[doc(hidden)]` and `include_str!`.
fn doc(attr: &Attribute) -> Option<String> {
    let Meta::NameValue(meta) = &attr.meta else {
        return None;
    };
    match &meta.value {
        Expr::Lit(value) if meta.path.is_ident("doc") => match &value.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}
