//! The paths in generated code.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};

use crate::model::{Field, FieldStore, Probe};
use crate::tokens::{Ends, moved_to};

/// Paths to what generated code uses of the runtime.
#[derive(Clone, Copy)]
pub(crate) struct Paths<'a> {
    facade: &'a TokenStream,
    /// In the nameless constant, where long modes have a name: see [`Paths::mode_name`].
    inside: bool,
}

impl<'a> Paths<'a> {
    pub(crate) fn new(facade: &'a TokenStream) -> Self {
        Paths {
            facade,
            inside: false,
        }
    }

    /// The same in the nameless constant.
    pub(crate) fn inside(self) -> Self {
        Paths {
            inside: true,
            ..self
        }
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

    /// `type __Mode0 = …`: the mode in the image, of a field of which it is long to say. It is named so
    /// that the compiler is asked about the field's type once, and not at each use.
    pub(crate) fn mode_name(self, field: &Field) -> Option<TokenStream> {
        field.probe.as_ref()?;
        let name = format_ident!("__Mode{}", field.index, span = field.ends.end);
        let mode = Paths::new(self.facade).image_mode(field);
        Some(quote_spanned!(field.ends.end=> type #name = #mode;))
    }

    /// How the field is a slot.
    pub(crate) fn mode(self, field: &Field) -> TokenStream {
        let mut mode = self.element_mode(field);
        if let FieldStore::Pod { depth } = field.mode.store {
            let end = field.ends.end;
            let each = self.private_at(end, "Each");
            mode = (0..depth).fold(mode, |mode, _| quote_spanned!(end=> #each<#mode>));
        }
        self.if_proven(field, mode, false)
    }

    /// How the field lies in the image of its struct.
    pub(crate) fn image_mode(self, field: &Field) -> TokenStream {
        let mode = self.store(field);
        self.if_proven(field, mode, true)
    }

    /// How the field is a slot, or, if it is an array, each of its elements.
    fn element_mode(self, field: &Field) -> TokenStream {
        let end = field.ends.end;
        let mut mode = self.store(field);
        if matches!(field.mode.store, FieldStore::Lock) {
            let lock = self.private_at(end, "Lock");
            mode = quote_spanned!(end=> #lock<#mode>);
        }
        if matches!(field.mode.store, FieldStore::Watch) {
            mode = self.private_at(end, "Watch");
        }
        if field.mode.padded {
            let padded = self.private_at(end, "CachePadded");
            mode = quote_spanned!(end=> #padded<#mode>);
        }
        mode
    }

    fn store(self, field: &Field) -> TokenStream {
        let end = field.ends.end;
        match &field.mode.store {
            FieldStore::Inline | FieldStore::Lock | FieldStore::Watch => {
                self.private_at(end, "Inline")
            }
            FieldStore::Capacity(most) => {
                let capacity = self.private_at(end, "Capacity");
                quote_spanned!(end=> #capacity<{ #most }>)
            }
            FieldStore::Pod { .. } => self.private_at(end, "Pod"),
            FieldStore::Refused => self.private_at(end, "Refused"),
        }
    }

    /// A type without a slot is refused here, and an error by one of `assertions`.
    fn if_proven(self, field: &Field, mode: TokenStream, in_image: bool) -> TokenStream {
        let Some(probe) = &field.probe else {
            return mode;
        };
        let end = field.ends.end;
        let as_in_image = matches!(
            field.mode.store,
            FieldStore::Inline | FieldStore::Capacity(_)
        ) && !field.mode.padded;
        if self.inside && (in_image || as_in_image) {
            return format_ident!("__Mode{}", field.index, span = end).into_token_stream();
        }
        let (condition, has_slot) = (self.private_at(end, "If"), self.has_slot(field, probe));
        quote_spanned!(end=> #condition<{ #has_slot }, #mode>)
    }

    /// A constant expression: does the type have a slot?
    pub(crate) fn has_slot(self, field: &Field, probe: &Probe) -> TokenStream {
        let (ty, end) = (&probe.ty, probe.ends.end);
        let has_slot = self.private_at(end, "has_slot");
        let mode = moved_to(self.element_mode(field), end);
        quote_spanned!(end=> #has_slot!(#ty, #mode))
    }

    /// An expression that does not compile if the type has none.
    pub(crate) fn must_have_slot(self, field: &Field, probe: &Probe) -> TokenStream {
        let (ty, end) = (&probe.ty, probe.ends.end);
        let function = self.private_at(end, "must_have_slot");
        let mode = moved_to(self.element_mode(field), end);
        quote_spanned!(end=> #function::<#ty, #mode>())
    }
}
