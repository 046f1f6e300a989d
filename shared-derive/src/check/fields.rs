//! One field: its attributes, how it is stored, and whether its type has a slot.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{Attribute, Expr, Lit, Member, Meta, Type};

use super::capacity;
use super::common::{carried, is_documented};
use super::refusals::{self, Certainty, Refusal};
use crate::attr::{Arguments, Target};
use crate::errors::Errors;
use crate::generics::Generics;
use crate::model::{About, Field, FieldStore, Mode, Probe};
use crate::tokens::{Ends, text};
use crate::types::{array_depth, element, is_known_number, is_known_scalar, is_known_value};

/// A field of a struct, which may be locked as a whole, and what is wrong with its type.
pub(super) fn check(
    field: &syn::Field,
    place: (usize, Member),
    (generics, locked): (&Generics, bool),
    errors: &mut Errors,
) -> (Field, Option<Refusal>) {
    let arguments = Arguments::read(&field.attrs, Target::Field, errors);
    let mode = mode(field, &arguments, (generics, locked), errors);
    let about = about(field, &arguments, errors);
    let doubt = refusals::judge(&field.ty, &mode.store);
    let mut field = described(field, place, mode, about, generics);
    let Some(refusal) = doubt else {
        return (field, None);
    };
    if is_certain(&refusal, &field) {
        errors.at(&refusal.at, &refusal.message);
        field.mode = REFUSED;
        return (field, Some(refusal));
    }
    // The compiler is asked, and this said if it knows no slot.
    if let Some(probe) = &mut field.probe {
        probe.message = Some(refusal.message);
    }
    (field, None)
}

/// The mode of a field about which there is an error.
const REFUSED: Mode = Mode {
    store: FieldStore::Refused,
    padded: false,
};

/// How the attributes ask for the field to be stored.
fn mode(
    field: &syn::Field,
    arguments: &Arguments,
    (generics, locked): (&Generics, bool),
    errors: &mut Errors,
) -> Mode {
    let has = |name: &str| arguments.get(name).is_some();
    if let Some((name, why)) = contradiction(has, locked) {
        if let Some(argument) = arguments.get(name) {
            errors.at(&argument.name, why);
        }
        return REFUSED;
    }
    let store = if has("capacity") {
        match capacity::capacities(&field.ty, arguments, generics, errors) {
            Some(capacities) => FieldStore::Capacity(capacities),
            None => return REFUSED,
        }
    } else if has("pod") {
        FieldStore::Pod {
            depth: array_depth(&field.ty),
        }
    } else if has("lock") {
        FieldStore::Lock
    } else if has("watch") {
        FieldStore::Watch
    } else {
        FieldStore::Inline
    };
    Mode {
        store,
        padded: has("cache_padded"),
    }
}

/// Attributes that do not go together; the error is at the second.
const CONTRADICTIONS: [([&str; 2], &str); 6] = [
    (
        ["capacity", "pod"],
        "`pod` is for a single value, and `capacity` for text and lists; put the `pod` type in a struct with the derive, and have a list of that",
    ),
    (
        ["capacity", "lock"],
        "`lock` adds nothing to `capacity`: text and lists change as one; remove `lock`",
    ),
    (
        ["pod", "lock"],
        "`lock` adds nothing to `pod`: the value is locked and read as a whole; remove `lock`",
    ),
    (
        ["lock", "watch"],
        "`watch` adds nothing to `lock`: a locked slot can be waited for as it is; remove `watch`",
    ),
    (
        ["capacity", "watch"],
        "`watch` adds nothing to `capacity`: text and lists can be waited for as they are; remove `watch`",
    ),
    (
        ["pod", "watch"],
        "`watch` adds nothing to `pod`: the value is locked and can be waited for as it is; remove `watch`",
    ),
];

/// Attributes that the field of a locked struct cannot have.
const IN_A_LOCKED_STRUCT: [(&str, &str); 3] = [
    (
        "watch",
        "the whole struct is one slot, which can be waited for as it is; remove `watch`",
    ),
    (
        "lock",
        "the whole struct is locked already; remove `lock` here or on the struct",
    ),
    (
        "cache_padded",
        "the fields of a locked struct lie in one image; put `cache_padded` on the field that holds the struct",
    ),
];

/// The first attribute that does not go with the others, and why.
fn contradiction(has: impl Fn(&str) -> bool, locked: bool) -> Option<(&'static str, &'static str)> {
    let mut pairs = CONTRADICTIONS.into_iter();
    let pair = pairs.find(|([one, other], _)| has(one) && has(other));
    let mut alone = IN_A_LOCKED_STRUCT.into_iter();
    pair.map(|([_, name], why)| (name, why))
        .or_else(|| alone.find(|(name, _)| locked && has(name)))
}

/// What depends on a type parameter cannot be asked of the compiler.
fn is_certain(refusal: &Refusal, field: &Field) -> bool {
    match refusal.certainty {
        Certainty::Sure => true,
        Certainty::Known => field.generic,
        Certainty::Unknown => false,
    }
}

fn described(
    field: &syn::Field,
    (index, member): (usize, Member),
    mode: Mode,
    about: About,
    generics: &Generics,
) -> Field {
    let tokens = field.ty.to_token_stream();
    let ends = Ends::of(&tokens);
    let ty = generics.outside(tokens);
    let element = element(&field.ty);
    let is_known = is_known(element, &mode.store);
    let always_fits = match &mode.store {
        FieldStore::Inline | FieldStore::Lock => is_known,
        FieldStore::Capacity(_) => false,
        FieldStore::Watch | FieldStore::Pod { .. } | FieldStore::Refused => true,
    };
    let element = element.to_token_stream();
    let element_ends = Ends::of(&element);
    let element = generics.outside(element);
    let mut capacities = mode.store.capacities().into_iter();
    let params_in_capacity = capacities.any(|most| generics.has_param(&most.value));
    // A constant parameter alone decides nothing, but cannot stand in a question either.
    let generic = generics.has_type_param(&element)
        || !is_known && (params_in_capacity || generics.has_param(&element));
    Field {
        index,
        name: match &member {
            Member::Named(ident) => ident.unraw().to_string(),
            Member::Unnamed(index) => index.index.to_string(),
        },
        member,
        vis: field.vis.clone(),
        attrs: {
            let mut attrs = carried(&field.attrs);
            if !is_documented(&field.attrs) {
                attrs.insert(0, slot_doc(field));
            }
            attrs
        },
        ends,
        probe: (!generic && !is_known).then_some(Probe {
            ty: element,
            ends: element_ends,
            message: None,
        }),
        always_fits,
        generic,
        ty,
        mode,
        about,
    }
}

fn slot_doc(field: &syn::Field) -> TokenStream {
    let doc = match &field.ident {
        Some(name) => format!(" The slot of the field `{}`.", name.unraw()),
        None => " The slot of the field at this place.".to_owned(),
    };
    quote!(#[doc = #doc])
}

/// Does the type, which is not an array, surely have a slot, so that no question is needed?
fn is_known(ty: &Type, store: &FieldStore) -> bool {
    match store {
        FieldStore::Inline | FieldStore::Lock => is_known_value(ty, false),
        FieldStore::Capacity(_) => capacity::count(ty) > 0 && is_known_value(ty, true),
        FieldStore::Watch => is_known_scalar(ty),
        FieldStore::Pod { .. } => false,
        FieldStore::Refused => true,
    }
}

/// What people are told of a field: what it is for, and whether it only grows.
fn about(field: &syn::Field, arguments: &Arguments, errors: &mut Errors) -> About {
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

/// The compiler has the last word, because a type of the user's own may be another name for a number.
fn is_counter(ty: &Type, arguments: &Arguments, errors: &mut Errors) -> bool {
    let Some(argument) = arguments.get("counter") else {
        return false;
    };
    let element = element(ty);
    let is_another =
        !is_known_number(element) && (is_known_value(element, false) || has_arguments(element));
    if is_another {
        errors.at(
            &argument.name,
            format!(
                "`counter` marks a number that only grows, and `{}` is not an integer or float; remove `counter`",
                text(element)
            ),
        );
    }
    !is_another
}

/// `String`, `Vec<T>` and such: no other name of a number is written like that.
fn has_arguments(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return true };
    let last = path.path.segments.last();
    path.path.is_ident("String") || last.is_some_and(|last| !last.arguments.is_none())
}

/// Of a doc comment, its lines joined.
fn first_paragraph(attrs: &[Attribute]) -> String {
    // An empty line of `///` is an empty text, and one line.
    let docs: Vec<String> = attrs.iter().filter_map(doc).collect();
    let lines = docs.iter().flat_map(|doc| doc.split('\n'));
    let lines = lines.map(|line| line.trim().trim_start_matches("* "));
    let lines = lines.skip_while(|line| line.is_empty());
    let paragraph: Vec<&str> = lines.take_while(|line| !line.is_empty()).collect();
    paragraph.join(" ")
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
