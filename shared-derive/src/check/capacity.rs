//! Which number of `capacity` belongs to which part of a field's type.
//!
//! This is the one place where the text of a type decides how it is stored: the last segments of its
//! paths say where texts and lists are.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::format_ident;
use syn::{Expr, LitInt, Type};

use super::refusals;
use crate::attr::Arguments;
use crate::errors::Errors;
use crate::generics::Generics;
use crate::model::{Capacities, Most, TOO_LARGE};
use crate::tokens::text;
use crate::types::{type_args_mut, unknown_part};

/// The capacities of a field; `None` after an error.
pub(super) fn capacities(
    ty: &Type,
    arguments: &Arguments,
    generics: &Generics,
    errors: &mut Errors,
) -> Option<Capacities> {
    let (value, given) = arguments.capacities(errors)?;
    let count = count(ty);
    let number_given = given.len();
    if count != number_given && (count, number_given) != (0, 1) {
        if let Some(refusal) = refusals::with_any_capacity(ty) {
            errors.at(refusal.at, refusal.message);
        } else if given.is_empty() {
            errors.at(value, expected(count));
        } else {
            let all: TokenStream = given.into_iter().flatten().collect();
            errors.at(all, wrong_count(ty, count, number_given));
        }
        return None;
    }
    let mut numbers = Vec::new();
    for value in given {
        numbers.push(number(without_braces(value), generics, errors)?);
    }
    let mut numbers = numbers.into_iter();
    if count == 0 {
        // The type may be another name for a `String` or `Vec`.
        let most = numbers.next()?;
        return Some(Capacities::Most(most, Box::new(Capacities::Inline)));
    }
    Some(walk(&mut ty.clone(), &mut |_, _| numbers.next()))
}

/// What is in `{ A * 2 }`: the compiler warns of braces that stand in a call.
fn without_braces(value: TokenStream) -> TokenStream {
    let mut trees = value.clone().into_iter();
    match (trees.next(), trees.next()) {
        (Some(TokenTree::Group(group)), None)
            if group.delimiter() == Delimiter::Brace
                && syn::parse2::<Expr>(group.stream()).is_ok() =>
        {
            group.stream()
        }
        _ => value,
    }
}

fn number(value: TokenStream, generics: &Generics, errors: &mut Errors) -> Option<Most> {
    let literal = syn::parse2::<LitInt>(value.clone());
    if let Ok(number) = &literal {
        if number.base10_parse::<u32>().is_err() {
            let is_negative = number.base10_digits().starts_with('-');
            let below = "a capacity is a number from 0";
            errors.at(value, if is_negative { below } else { TOO_LARGE });
            return None;
        }
    }
    let value = generics.outside(value);
    Some(Most {
        is_checked: literal.is_err() && !generics.has_param(&value),
        value,
    })
}

/// What a part of a type is that takes a capacity.
#[derive(Clone, Copy)]
pub(super) enum Container {
    Text,
    List,
    Map,
}

impl Container {
    fn of(name: &Ident) -> Option<Self> {
        Some(match name.to_string().as_str() {
            "String" => Container::Text,
            "Vec" | "VecDeque" => Container::List,
            "HashMap" => Container::Map,
            _ => return None,
        })
    }

    /// What its capacity counts.
    fn unit(self) -> &'static str {
        match self {
            Container::Text => "bytes of text",
            Container::List => "elements",
            Container::Map => "pairs",
        }
    }
}

/// How many capacities the type takes, as far as its text tells.
pub(super) fn count(ty: &Type) -> usize {
    let mut count = 0;
    walk(&mut ty.clone(), &mut |_, _| {
        count += 1;
        None
    });
    count
}

/// Calls `visit` with each part of the type that takes a capacity, from left to right, and puts what
/// it returns where the part is.
fn walk(ty: &mut Type, visit: &mut dyn FnMut(Container, &mut Ident) -> Option<Most>) -> Capacities {
    match ty {
        Type::Group(inner) => walk(&mut inner.elem, visit),
        Type::Paren(inner) => walk(&mut inner.elem, visit),
        Type::Array(array) => walk(&mut array.elem, visit),
        Type::Tuple(tuple) => {
            let parts = tuple.elems.iter_mut().map(|part| walk(part, visit));
            Capacities::of_parts(parts.collect())
        }
        Type::Path(path) if path.qself.is_none() => {
            let Some(last) = path.path.segments.last_mut() else {
                return Capacities::Inline;
            };
            let (container, is_option) = (Container::of(&last.ident), last.ident == "Option");
            let most = container.and_then(|container| visit(container, &mut last.ident));
            let mut inner = Capacities::Inline;
            if container.is_some() || is_option {
                let args = type_args_mut(last).into_iter().take(2);
                let mut args: Vec<Capacities> = args.map(|ty| walk(ty, visit)).collect();
                inner = match args.len() {
                    1 => args.remove(0),
                    _ => Capacities::of_parts(args),
                };
            }
            match most {
                Some(most) => Capacities::Most(most, Box::new(inner)),
                None => inner,
            }
        }
        _ => Capacities::Inline,
    }
}

fn wrong_count(ty: &Type, count: usize, given: usize) -> String {
    let shown = text(ty);
    if count == 0 {
        let unknown = text(unknown_part(ty).unwrap_or(ty));
        return format!(
            "{given} capacities are given, and the derive does not know the type `{unknown}`; if it is another name for a type with a `String` or `Vec`, {WRITE_OUT}"
        );
    }
    let alias = match unknown_part(ty).filter(|_| given > count) {
        Some(unknown) => format!(
            "; if `{}` is another name for a type with a `String` or `Vec`, {WRITE_OUT}",
            text(unknown)
        ),
        None => String::new(),
    };
    let given = match given {
        1 => "1 is given".to_owned(),
        given => format!("{given} are given"),
    };
    let capacities = match count {
        1 => "1 capacity".to_owned(),
        count => format!("{count} capacities"),
    };
    format!(
        "`{shown}` takes {capacities}, and {given}; write {}{alias}",
        explained(ty)
    )
}

/// What to do about a name that the derive cannot look behind.
const WRITE_OUT: &str = "write that type out: the derive reads the text of the type";

/// What is said of `capacity = []`.
fn expected(count: usize) -> String {
    let numbers = numbers(count);
    if count <= 1 {
        format!("expected a number: `capacity = {numbers}`")
    } else {
        format!("expected {count} numbers: `capacity = {numbers}`")
    }
}

/// How to write the attribute: `#[shared(capacity = [N1, N2])]`.
pub(super) fn attribute(count: usize) -> String {
    format!("#[shared(capacity = {})]", numbers(count))
}

fn numbers(count: usize) -> String {
    if count <= 1 {
        return "N".to_owned();
    }
    let numbers: Vec<String> = (1..=count).map(|i| format!("N{i}")).collect();
    format!("[{}]", numbers.join(", "))
}

/// The attribute that the type needs, and what each number in it means.
pub(super) fn explained(ty: &Type) -> String {
    let mut numbered = ty.clone();
    let mut units = Vec::new();
    walk(&mut numbered, &mut |container, name| {
        units.push(container.unit());
        *name = format_ident!("{MARK}{}_{name}", units.len());
        None
    });
    let attribute = attribute(units.len());
    if let [unit] = units[..] {
        return format!("`{attribute}`, the most {unit} it may hold");
    }
    let mut shown = text(&numbered);
    let mut meanings = Vec::new();
    for (number, unit) in (1..).zip(units) {
        shown = shown.replace(&format!("{MARK}{number}_"), &format!("(N{number}) "));
        meanings.push(format!("N{number} is the most {unit}"));
    }
    format!("`{attribute}`; in `{shown}`, {}", meanings.join(", "))
}

/// Stands for a number in a type that is to be shown.
const MARK: &str = "__shared_capacity_";
