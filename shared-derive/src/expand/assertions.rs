//! The errors about fields without a slot.

use proc_macro2::TokenStream;
use quote::quote_spanned;

use super::state::Parts;
use crate::tokens::Ends;

impl Parts<'_> {
    /// One error for each field whose type turns out to have no slot.
    pub(super) fn assertions(&self) -> TokenStream {
        let paths = self.paths();
        self.state
            .fields
            .iter()
            .filter_map(|field| Some((field, field.probe.as_ref()?)))
            .map(|(field, probe)| {
                let Ends { start, end } = probe.ends;
                if let Some(message) = &probe.message {
                    let message = message.replace('{', "{{").replace('}', "}}");
                    let has_slot = paths.has_slot(field, probe);
                    let panic = quote_spanned!(start=> ::core::panic!);
                    return quote_spanned! {end=>
                        const _: () = if !#has_slot {
                            #panic(#message)
                        };
                    };
                }
                let question = paths.must_have_slot(field, probe);
                quote_spanned!(end=> const _: () = #question;)
            })
            .collect()
    }
}
