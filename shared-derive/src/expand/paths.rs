//! The paths in generated code.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use crate::model::{Field, Mode, Probe};
use crate::tokens::{Ends, moved_to};

/// Paths to what generated code uses of the runtime.
#[derive(Clone, Copy)]
pub(crate) struct Paths<'a> {
    facade: &'a TokenStream,
}

impl<'a> Paths<'a> {
    pub(crate) fn new(facade: &'a TokenStream) -> Self {
        Paths { facade }
    }

    /// `::shmstate::__private::name`.
    pub(crate) fn private(self, name: &str) -> TokenStream {
        let name = Ident::new(name, Span::call_site());
        let facade = self.facade;
        quote!(#facade::__private::#name)
    }

    /// The same, located at `span`.
    pub(crate) fn private_at(self, span: Span, name: &str) -> TokenStream {
        moved_to(self.private(name), span)
    }

    /// `<FieldTy as Field<Mode>>`, as the start of a longer path.
    pub(crate) fn as_field(self, field: &Field) -> TokenStream {
        let Ends { start, end } = field.ends;
        let ty = &field.ty;
        let trait_ = self.private_at(end, "Field");
        let mode = self.mode(field);
        let open = quote_spanned!(start=> <);
        quote_spanned!(end=> #open #ty as #trait_<#mode>>)
    }

    /// The slot of a field, with the access `access`.
    pub(crate) fn slot(self, field: &Field, access: &Ident) -> TokenStream {
        let as_field = self.as_field(field);
        let access = Ident::new(&access.to_string(), field.ends.end);
        quote_spanned!(field.ends.end=> #as_field::Slot<#access>)
    }

    /// The bound that a field of a generic type needs.
    pub(crate) fn field_bound(self, field: &Field) -> TokenStream {
        let ty = &field.ty;
        let trait_ = self.private_at(field.ends.end, "Field");
        let mode = self.mode(field);
        quote_spanned!(field.ends.end=> #ty: #trait_<#mode>)
    }

    fn mode(self, field: &Field) -> TokenStream {
        let end = field.ends.end;
        let inline = self.private_at(end, "Inline");
        let mode = match field.mode {
            Mode::Inline => inline,
            Mode::CachePadded => {
                let padded = self.private_at(end, "CachePadded");
                quote_spanned!(end=> #padded<#inline>)
            }
            Mode::Refused => self.private_at(end, "Refused"),
        };
        let Some(probe) = &field.probe else {
            return mode;
        };
        // A type without a slot is refused here, and an error by one of `assertions`.
        let (condition, has_slot) = (self.private_at(end, "If"), self.has_slot(probe));
        quote_spanned!(end=> #condition<{ #has_slot }, #mode>)
    }

    /// A constant expression: does the type have a slot?
    pub(crate) fn has_slot(self, probe: &Probe) -> TokenStream {
        let (ty, end) = (&probe.ty, probe.ends.end);
        let has_slot = self.private_at(end, "has_slot");
        quote_spanned!(end=> #has_slot!(#ty))
    }
}
