//! Structs and their fields.

use quote::{ToTokens, format_ident};
use syn::ext::IdentExt;
use syn::{DataStruct, DeriveInput, Fields, Member, Type};

use super::{allow_deprecated, base, carried, is_documented, refuse_lifetimes, reprs};
use crate::attr::{Arguments, Place};
use crate::errors::Errors;
use crate::generics::Generics;
use crate::model::{Field, Mode, Probe, Struct, Style};
use crate::tokens::{Ends, here};
use crate::types;

pub(crate) fn check(input: &DeriveInput, data: &DataStruct, errors: &mut Errors) -> Struct {
    let arguments = Arguments::read(&input.attrs, Place::Struct, errors);
    if let Some(lock) = arguments.get("lock") {
        errors.at(
            &lock.name,
            "this version has no lock-guarded slot yet, so a struct cannot be locked as a whole; without `lock`, each field is a slot of its own",
        );
    }
    let types: Vec<&Type> = data.fields.iter().map(|field| &field.ty).collect();
    let mut base = base(input, &arguments, &types, errors);
    let attrs = data.fields.iter().flat_map(|field| &field.attrs);
    allow_deprecated(attrs.chain(&input.attrs), &mut base);

    let mut references = false;
    let mut is_unsized = false;
    let fields: Vec<Field> = data
        .fields
        .iter()
        .zip(data.fields.members())
        .map(|(field, member)| {
            let mode = mode(field, errors);
            let refusal = match mode {
                Mode::Refused => None, // one error for one field
                _ => types::judge(&field.ty),
            };
            let checked = checked(field, member, mode, &base.generics);
            match refusal {
                None => checked,
                Some(refusal) if refusal.sure || checked.generic => {
                    references |= refusal.is_reference;
                    is_unsized |= refusal.is_unsized;
                    errors.at(refusal.at, refusal.message);
                    Field {
                        mode: Mode::Refused,
                        ..checked
                    }
                }
                Some(refusal) => Field {
                    probe: checked.probe.map(|probe| Probe {
                        message: Some(refusal.message),
                        ..probe
                    }),
                    ..checked
                },
            }
        })
        .collect();
    if !references {
        refuse_lifetimes(&base.generics, errors);
    }

    let slots = arguments
        .slots(errors)
        .unwrap_or_else(|| format_ident!("{}Slots", base.name, span = here(base.name.span())));
    Struct {
        slots,
        style: match &data.fields {
            fields if fields.is_empty() => Style::Unit,
            Fields::Named(_) => Style::Named,
            Fields::Unnamed(_) | Fields::Unit => Style::Tuple,
        },
        fields,
        packed: reprs(&input.attrs).iter().any(|repr| repr == "packed"),
        is_unsized,
        base,
    }
}

fn checked(field: &syn::Field, member: Member, mode: Mode, generics: &Generics) -> Field {
    let tokens = field.ty.to_token_stream();
    let ends = Ends::of(&tokens);
    let ty = generics.outside(tokens);
    let element = types::element(&field.ty);
    let known = types::is_known(element);
    let element = element.to_token_stream();
    let element_ends = Ends::of(&element);
    let element = generics.outside(element);
    // A constant parameter alone decides nothing, but cannot stand in a question either.
    let generic = generics.has_type_param(&element) || !known && generics.has_param(&element);
    Field {
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
        probe: (!generic && !known).then_some(Probe {
            ty: element,
            ends: element_ends,
            message: None,
        }),
        generic,
        ty,
        mode,
    }
}

fn slot_doc(field: &syn::Field) -> proc_macro2::TokenStream {
    let doc = match &field.ident {
        Some(name) => format!(" The slot of the field `{}`.", name.unraw()),
        None => " The slot of the field at this place.".to_owned(),
    };
    quote::quote!(#[doc = #doc])
}

/// How the attributes ask for the field to be stored.
fn mode(field: &syn::Field, errors: &mut Errors) -> Mode {
    let arguments = Arguments::read(&field.attrs, Place::Field, errors);
    // Which of these may stand together is a question for the version that has them.
    if let Some(missing) = arguments.first_of(&["lock", "capacity", "watch", "pod"]) {
        let name = missing.name.to_string();
        let why = match name.as_str() {
            "lock" => {
                "no lock-guarded slot yet; make the parts that you change fields of their own"
            }
            "capacity" => {
                "no slots for text and lists yet; use a fixed array, such as `[u8; N]`, and a field for the length"
            }
            "watch" => "no slot that can be waited for yet; read the field again until it changes",
            _ => "no lock-guarded slot yet, which `pod` needs; make the parts fields of their own",
        };
        errors.at(
            &missing.name,
            format!("`{name}` is not available: this version has {why}"),
        );
        Mode::Refused
    } else if arguments.get("cache_padded").is_some() {
        Mode::CachePadded
    } else {
        Mode::Inline
    }
}
