//! Structs and their fields.

use quote::{ToTokens, format_ident};
use syn::ext::IdentExt;
use syn::{DataStruct, DeriveInput, Fields, Member, Type};

use super::{
    about, allow_deprecated, base, carried, is_documented, modes, refuse_lifetimes, reprs,
};
use crate::attr::{Arguments, Place};
use crate::errors::Errors;
use crate::generics::Generics;
use crate::known;
use crate::model::{About, Field, FieldStore, Mode, Probe, Struct, Style};
use crate::tokens::{Ends, here};
use crate::types::{self, Certainty, Refusal};

pub(crate) fn check(input: &DeriveInput, data: &DataStruct, errors: &mut Errors) -> Struct {
    let arguments = Arguments::read(&input.attrs, Place::Struct, errors);
    let locked = arguments.get("lock").is_some();
    if let (true, Some(slots)) = (locked, arguments.get("slots")) {
        errors.at(
            &slots.name,
            "a locked struct is one slot, `Locked<Self>`, and has no slots struct to name; remove `slots` or `lock`",
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
        .enumerate()
        .map(|(index, (field, member))| {
            let arguments = Arguments::read(&field.attrs, Place::Field, errors);
            let mode = modes::mode(field, &arguments, locked, errors);
            let about = about::about(field, &arguments, errors);
            let refusal = match &mode.store {
                FieldStore::Refused => None, // one error for one field
                store => types::judge(&field.ty, store),
            };
            let checked = checked(field, (index, member), mode, about, &base.generics);
            match refusal {
                None => checked,
                Some(refusal) if is_certain(&refusal, &checked) => {
                    references |= refusal.is_reference;
                    is_unsized |= refusal.is_unsized;
                    errors.at(refusal.at, refusal.message);
                    Field {
                        mode: modes::REFUSED,
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
        locked,
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

/// What depends on a type parameter cannot be asked of the compiler.
fn is_certain(refusal: &Refusal, field: &Field) -> bool {
    match refusal.certainty {
        Certainty::Sure => true,
        Certainty::Known => field.generic,
        Certainty::Unknown => false,
    }
}

fn checked(
    field: &syn::Field,
    (index, member): (usize, Member),
    mode: Mode,
    about: About,
    generics: &Generics,
) -> Field {
    let tokens = field.ty.to_token_stream();
    let ends = Ends::of(&tokens);
    let ty = generics.outside(tokens);
    let element = known::element(&field.ty);
    let is_known = known::is_known(element, &mode.store);
    let always_fits = match &mode.store {
        FieldStore::Inline | FieldStore::Lock => is_known,
        FieldStore::Capacity(_) => false,
        FieldStore::Watch | FieldStore::Pod { .. } | FieldStore::Refused => true,
    };
    let element = element.to_token_stream();
    let element_ends = Ends::of(&element);
    let element = generics.outside(element);
    let params_in_capacity = match &mode.store {
        FieldStore::Capacity(most) => generics.has_param(most),
        _ => false,
    };
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

fn slot_doc(field: &syn::Field) -> proc_macro2::TokenStream {
    let doc = match &field.ident {
        Some(name) => format!(" The slot of the field `{}`.", name.unraw()),
        None => " The slot of the field at this place.".to_owned(),
    };
    quote::quote!(#[doc = #doc])
}
