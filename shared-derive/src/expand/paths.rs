//! The paths in generated code.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use crate::model::{Field, FieldStore};
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

    /// `<FieldTy as Plain<Mode>>`, as the start of a longer path.
    pub(crate) fn as_plain(self, field: &Field) -> TokenStream {
        let Ends { start, end } = field.ends;
        let ty = &field.ty;
        let trait_ = self.private_at(end, "Plain");
        let mode = self.image_mode(field);
        let open = quote_spanned!(start=> <);
        quote_spanned!(end=> #open #ty as #trait_<#mode>>)
    }

    /// The bound that a field of a generic type needs to lie in an image.
    pub(crate) fn plain_bound(self, field: &Field) -> TokenStream {
        let ty = &field.ty;
        let trait_ = self.private_at(field.ends.end, "Plain");
        let mode = self.image_mode(field);
        quote_spanned!(field.ends.end=> #ty: #trait_<#mode>)
    }

    /// A path to a function of the runtime, for the type of the field and a mode, then the field's name.
    pub(crate) fn call(
        self,
        field: &Field,
        function: &str,
        mode: &TokenStream,
    ) -> (TokenStream, TokenStream) {
        let Ends { start, end } = field.ends;
        let function = self.private_at(end, function);
        let (ty, name) = (&field.ty, &field.name);
        let open = quote_spanned!(start=> <);
        (
            quote_spanned!(end=> #function::#open #ty, #mode>),
            quote_spanned!(end=> #name),
        )
    }

    /// How the field is a slot.
    pub(crate) fn mode(self, field: &Field) -> TokenStream {
        let mode = self.plain_mode(field);
        self.if_proven(field, mode)
    }

    /// How the field lies in the image of its struct.
    pub(crate) fn image_mode(self, field: &Field) -> TokenStream {
        let end = field.ends.end;
        let mode = match &field.mode.store {
            FieldStore::Inline | FieldStore::Lock => self.private_at(end, "Inline"),
            FieldStore::Capacity(most) => self.capacity(field, most),
            FieldStore::Pod { .. } => self.private_at(end, "Pod"),
            FieldStore::Refused => self.private_at(end, "Refused"),
        };
        self.if_proven(field, mode)
    }

    fn plain_mode(self, field: &Field) -> TokenStream {
        let end = field.ends.end;
        let inline = self.private_at(end, "Inline");
        let mode = match &field.mode.store {
            FieldStore::Inline => inline,
            FieldStore::Lock => {
                let lock = self.private_at(end, "Lock");
                quote_spanned!(end=> #lock<#inline>)
            }
            FieldStore::Capacity(most) => self.capacity(field, most),
            FieldStore::Pod { .. } => self.private_at(end, "Pod"),
            FieldStore::Refused => self.private_at(end, "Refused"),
        };
        let mode = if field.mode.padded {
            let padded = self.private_at(end, "CachePadded");
            quote_spanned!(end=> #padded<#mode>)
        } else {
            mode
        };
        let FieldStore::Pod { depth } = field.mode.store else {
            return mode;
        };
        let each = self.private_at(end, "Each");
        (0..depth).fold(mode, |mode, _| quote_spanned!(end=> #each<#mode>))
    }

    fn capacity(self, field: &Field, most: &TokenStream) -> TokenStream {
        let end = field.ends.end;
        let capacity = self.private_at(end, "Capacity");
        quote_spanned!(end=> #capacity<{ #most }>)
    }

    /// A type without a slot is refused here, and an error by one of `assertions`.
    fn if_proven(self, field: &Field, mode: TokenStream) -> TokenStream {
        if !field.unproven {
            return mode;
        }
        let end = field.ends.end;
        let (condition, has_slot) = (self.private_at(end, "If"), self.has_slot(field));
        quote_spanned!(end=> #condition<{ #has_slot }, #mode>)
    }

    /// A constant expression: does the type have a slot?
    pub(crate) fn has_slot(self, field: &Field) -> TokenStream {
        let ty = &field.ty;
        let mode = self.plain_mode(field);
        let has_slot = self.private_at(field.ends.end, "has_slot");
        quote_spanned!(field.ends.end=> #has_slot!(#ty, #mode))
    }

    /// `<FieldTy as Field<Mode>>::Slot<Write>`, whether or not there is one.
    pub(crate) fn wished_slot(self, field: &Field) -> TokenStream {
        let Ends { start, end } = field.ends;
        let (trait_, mode) = (self.private_at(end, "Field"), self.plain_mode(field));
        let (ty, write) = (&field.ty, self.private_at(end, "Write"));
        let open = quote_spanned!(start=> <);
        quote_spanned!(end=> #open #ty as #trait_<#mode>>::Slot<#write>)
    }
}
