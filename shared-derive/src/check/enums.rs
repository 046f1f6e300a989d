//! Enums and their variants.

use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::{DataEnum, DeriveInput, Expr, Fields, Lit, UnOp};

use super::common::{allow_deprecated, base, refuse_lifetimes, reprs};
use crate::attr::{Arguments, Target};
use crate::errors::Errors;
use crate::model::{Enum, Model, Store, Variant};

pub(crate) fn check(input: &DeriveInput, data: &DataEnum, errors: &mut Errors) -> Model {
    let arguments = Arguments::read(&input.attrs, Target::Enum, errors);
    let mut base = base(input, &arguments, &TokenStream::new(), errors);
    let attrs = data.variants.iter().flat_map(|variant| &variant.attrs);
    allow_deprecated(attrs.chain(&input.attrs), &mut base);
    refuse_lifetimes(&base.generics, errors);

    // Wrong arguments leave the variants as they are; what follows leaves nothing to store.
    let mut sound = true;
    if data.variants.is_empty() {
        errors.at(
            &input.ident,
            "an enum without variants has no value to store; add a variant",
        );
        sound = false;
    }
    for variant in &data.variants {
        Arguments::read(&variant.attrs, Target::Variant, errors);
        sound &= is_fieldless(variant, errors);
    }
    let store = store(input, data, errors);
    match store {
        Some(store) if sound => Model::Enum(Enum {
            base,
            zeroed: stores_zero(data),
            store,
            variants: data
                .variants
                .iter()
                .map(|variant| Variant {
                    name: variant.ident.unraw().to_string(),
                    ident: variant.ident.clone(),
                })
                .collect(),
        }),
        _ => Model::Refused(base),
    }
}

fn is_fieldless(variant: &syn::Variant, errors: &mut Errors) -> bool {
    let (name, fields) = (&variant.ident, &variant.fields);
    let message = match fields {
        Fields::Unit => return true,
        fields if fields.is_empty() => {
            format!("a variant of a shared enum is a plain name; write `{name}`")
        }
        _ => format!(
            "a shared enum has no data in its variants; use `{name}` alone, and a field of the struct for the data"
        ),
    };
    errors.at(fields, message);
    false
}

/// The integer that holds the enum.
fn store(input: &DeriveInput, data: &DataEnum, errors: &mut Errors) -> Option<Store> {
    const INTEGERS: [&str; 8] = ["u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64"];
    const OTHERS: [&str; 4] = ["usize", "isize", "u128", "i128"];
    let reprs = reprs(&input.attrs);
    for repr in &reprs {
        if let Some(int) = INTEGERS.into_iter().find(|int| repr == int) {
            return Some(Store {
                int,
                by_discriminant: true,
            });
        }
        if OTHERS.iter().any(|int| repr == int) {
            errors.at(repr, refuse_repr(repr));
            return None;
        }
    }
    let explicit = data.variants.iter().find_map(|v| v.discriminant.as_ref());
    if let Some((_, value)) = explicit {
        errors.at(
            value,
            format!(
                "explicit discriminants need an integer `repr`, which says how they are stored: add `#[repr(u8)]` (or `u16` to `u64`, `i8` to `i64`) to `{}`",
                input.ident
            ),
        );
        return None;
    }
    Some(Store {
        int: match data.variants.len() {
            0..=0x100 => "u8",
            0x101..=0x1_0000 => "u16",
            _ => "u32",
        },
        by_discriminant: false,
    })
}

fn refuse_repr(repr: &Ident) -> String {
    let (why, sign) = match repr.to_string().as_str() {
        "usize" => ("has a width that depends on the platform", 'u'),
        "isize" => ("has a width that depends on the platform", 'i'),
        "u128" => ("is wider than an atomic", 'u'),
        _ => ("is wider than an atomic", 'i'),
    };
    format!("`repr({repr})` {why}; use `{sign}8`, `{sign}16`, `{sign}32` or `{sign}64`")
}

/// Does some variant have the discriminant 0, as far as the source text tells?
fn stores_zero(data: &DataEnum) -> bool {
    let mut next = Some(0);
    data.variants.iter().any(|variant| {
        let value = match &variant.discriminant {
            Some((_, value)) => literal(value),
            None => next,
        };
        next = value.and_then(|value| value.checked_add(1));
        value == Some(0)
    })
}

fn literal(value: &Expr) -> Option<i128> {
    match value {
        Expr::Group(group) => literal(&group.expr),
        Expr::Paren(paren) => literal(&paren.expr),
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => Some(-literal(&unary.expr)?),
        Expr::Lit(value) => match &value.lit {
            Lit::Int(int) => int.base10_parse().ok(),
            Lit::Byte(byte) => Some(byte.value().into()),
            _ => None,
        },
        _ => None,
    }
}
