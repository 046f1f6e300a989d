//! The errors that only the compiler can find: fields without a slot, and capacities that are too large.

use proc_macro2::TokenStream;
use quote::quote_spanned;

use super::paths::Paths;
use crate::model::{Field, FieldStore, Most, Probe, Struct, TOO_LARGE};
use crate::tokens::Ends;

pub(super) fn assertions(state: &Struct) -> TokenStream {
    let paths = Paths::of(&state.base);
    let fields = state.fields.iter();
    fields
        .flat_map(|field| {
            let slot = field
                .probe
                .iter()
                .map(|probe| has_slot(paths, field, probe));
            let capacities = match &field.mode.store {
                FieldStore::Capacity(capacities) => capacities.all(),
                _ => Vec::new(),
            };
            let checked = capacities.into_iter().filter(|most| most.is_checked);
            slot.chain(checked.map(|most| is_small_enough(paths, most)))
                .collect::<TokenStream>()
        })
        .collect()
}

/// An error at the type if it turns out to have no slot.
fn has_slot(paths: Paths<'_>, field: &Field, probe: &Probe) -> TokenStream {
    if let Some(message) = &probe.message {
        let has_slot = paths.has_slot(field, probe);
        assertion(probe.ends, &has_slot, message)
    } else {
        let question = paths.must_have_slot(field, probe);
        quote_spanned!(probe.ends.end=> const _: () = #question;)
    }
}

/// An error at a number of `capacity` if it turns out to be too large.
fn is_small_enough(paths: Paths<'_>, most: &Most) -> TokenStream {
    let (value, cut) = (&most.value, paths.capacity(most));
    let ends = Ends::of(value);
    let condition = quote_spanned!(ends.end=> (#value == #cut));
    assertion(ends, &condition, TOO_LARGE)
}

fn assertion(ends: Ends, condition: &TokenStream, message: &str) -> TokenStream {
    let message = message.replace('{', "{{").replace('}', "}}");
    let panic = quote_spanned!(ends.start=> ::core::panic!);
    quote_spanned! {ends.end=>
        const _: () = if !#condition {
            #panic(#message)
        };
    }
}
