//! Structs and their fields.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident};
use syn::{DataStruct, DeriveInput, Fields};

use super::common::{allow_deprecated, base, refuse_lifetimes, reprs};
use super::fields;
use crate::attr::{Arguments, Target};
use crate::errors::Errors;
use crate::model::{Struct, Style};
use crate::tokens::here;

pub(crate) fn check(input: &DeriveInput, data: &DataStruct, errors: &mut Errors) -> Struct {
    let arguments = Arguments::read(&input.attrs, Target::Struct, errors);
    let locked = arguments.get("lock").is_some();
    if let (true, Some(slots)) = (locked, arguments.get("slots")) {
        errors.at(
            &slots.name,
            "a locked struct is one slot, `Locked<Self>`, and has no slots struct to name; remove `slots` or `lock`",
        );
    }
    let mut mentioned = TokenStream::new();
    for field in &data.fields {
        field.ty.to_tokens(&mut mentioned);
        let attrs = field.attrs.iter();
        mentioned.extend(attrs.map(ToTokens::to_token_stream));
    }
    let mut base = base(input, &arguments, &mentioned, errors);
    let attrs = data.fields.iter().flat_map(|field| &field.attrs);
    allow_deprecated(attrs.chain(&input.attrs), &mut base);

    let (mut fields, mut refusals) = (Vec::new(), Vec::new());
    let members = data.fields.iter().zip(data.fields.members());
    for (index, (field, member)) in members.enumerate() {
        let of_struct = (&base.generics, locked);
        let (field, refusal) = fields::check(field, (index, member), of_struct, errors);
        fields.push(field);
        refusals.extend(refusal);
    }
    // The lifetime of a reference goes when the reference goes.
    if !refusals.iter().any(|refusal| refusal.is_reference) {
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
        is_unsized: refusals.iter().any(|refusal| refusal.is_unsized),
        base,
    }
}
