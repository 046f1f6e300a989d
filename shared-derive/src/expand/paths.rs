//! The paths in generated code.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};

use crate::model::{Base, Capacities, Field, FieldStore, Most, Probe, Struct};
use crate::tokens::{Ends, moved_to};

/// Paths to what generated code uses of the runtime.
#[derive(Clone, Copy)]
pub(super) struct Paths<'a> {
    facade: &'a TokenStream,
    mode_prefix: &'a str,
}

impl<'a> Paths<'a> {
    pub(super) fn of(base: &'a Base) -> Self {
        Paths {
            facade: &base.facade,
            mode_prefix: &base.generics.mode_prefix,
        }
    }

    /// `::shmstate::__private::name`.
    pub(super) fn private(self, name: &str) -> TokenStream {
        let name = Ident::new(name, Span::call_site());
        let facade = self.facade;
        quote!(#facade::__private::#name)
    }

    /// The same, located at `span`.
    pub(super) fn private_at(self, span: Span, name: &str) -> TokenStream {
        moved_to(self.private(name), span)
    }

    /// `<FieldTy as Field<Mode>>`, as the start of a longer path.
    pub(super) fn as_field(self, field: &Field, mode: &TokenStream) -> TokenStream {
        let Ends { start, end } = field.ends;
        let ty = &field.ty;
        let trait_ = self.private_at(end, "Field");
        let open = quote_spanned!(start=> <);
        quote_spanned!(end=> #open #ty as #trait_<#mode>>)
    }

    /// The slot of a field in a mode, with the access `access`.
    pub(super) fn slot(self, field: &Field, mode: &TokenStream, access: &Ident) -> TokenStream {
        let as_field = self.as_field(field, mode);
        let access = Ident::new(&access.to_string(), field.ends.end);
        quote_spanned!(field.ends.end=> #as_field::Slot<#access>)
    }

    /// The bound that a field of a generic type needs.
    fn field_bound(self, field: &Field) -> TokenStream {
        let ty = &field.ty;
        let trait_ = self.private_at(field.ends.end, "Field");
        let mode = self.mode(field);
        quote_spanned!(field.ends.end=> #ty: #trait_<#mode>)
    }

    /// `<FieldTy as Plain<Mode>>`, as the start of a longer path.
    pub(super) fn as_plain(self, field: &Field) -> TokenStream {
        let Ends { start, end } = field.ends;
        let ty = &field.ty;
        let trait_ = self.private_at(end, "Plain");
        let mode = self.image_mode(field);
        let open = quote_spanned!(start=> <);
        quote_spanned!(end=> #open #ty as #trait_<#mode>>)
    }

    /// The bound that a field of a generic type needs to lie in an image.
    fn plain_bound(self, field: &Field) -> TokenStream {
        let ty = &field.ty;
        let trait_ = self.private_at(field.ends.end, "Plain");
        let mode = self.image_mode(field);
        quote_spanned!(field.ends.end=> #ty: #trait_<#mode>)
    }

    /// A path to a function of the runtime, for the type of the field and a mode, then the field's name.
    pub(super) fn call(
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

    /// `type __Mode0 = …`: the mode in the image, of a field of which it is long to say. It has a name so
    /// that the compiler is asked about the field's type once, and not at each use.
    pub(super) fn mode_alias(self, field: &Field) -> Option<TokenStream> {
        let probe = field.probe.as_ref()?;
        let name = self.mode_name(field);
        let mode = self.if_proven(field, probe, &self.store(field));
        Some(quote_spanned!(field.ends.end=> type #name = #mode;))
    }

    fn mode_name(self, field: &Field) -> Ident {
        format_ident!("{}{}", self.mode_prefix, field.index, span = field.ends.end)
    }

    /// How the field is a slot, where the names of modes are in scope.
    pub(super) fn mode(self, field: &Field) -> TokenStream {
        let is_in_image = match field.mode.store {
            FieldStore::Inline | FieldStore::Capacity(_) => !field.mode.padded,
            _ => false,
        };
        if is_in_image {
            self.image_mode(field)
        } else {
            self.full_mode(field)
        }
    }

    /// How the field lies in the image of its struct, where the names of modes are in scope.
    pub(super) fn image_mode(self, field: &Field) -> TokenStream {
        match field.probe {
            Some(_) => self.mode_name(field).into_token_stream(),
            None => self.store(field),
        }
    }

    /// How the field is a slot, in full.
    pub(super) fn full_mode(self, field: &Field) -> TokenStream {
        let mut mode = self.element_mode(field);
        if let FieldStore::Pod { depth } = field.mode.store {
            let end = field.ends.end;
            let each = self.private_at(end, "Each");
            mode = (0..depth).fold(mode, |mode, _| quote_spanned!(end=> #each<#mode>));
        }
        match &field.probe {
            Some(probe) => self.if_proven(field, probe, &mode),
            None => mode,
        }
    }

    /// A mode that refuses a type without a slot; one of `assertions` is then the error.
    fn if_proven(self, field: &Field, probe: &Probe, mode: &TokenStream) -> TokenStream {
        let end = field.ends.end;
        let (condition, has_slot) = (self.private_at(end, "If"), self.has_slot(field, probe));
        quote_spanned!(end=> #condition<{ #has_slot }, #mode>)
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
            FieldStore::Capacity(capacities) => self.capacities(capacities, end),
            FieldStore::Pod { .. } => self.private_at(end, "Pod"),
            FieldStore::Refused => self.private_at(end, "Refused"),
        }
    }

    /// `Capacity<8, Capacity<64>>`, `(Capacity<8>, Inline)`.
    fn capacities(self, capacities: &Capacities, end: Span) -> TokenStream {
        match capacities {
            Capacities::Inline => self.private_at(end, "Inline"),
            Capacities::Most(most, of) => {
                let capacity = self.private_at(end, "Capacity");
                let value = self.capacity(most);
                match **of {
                    Capacities::Inline => quote_spanned!(end=> #capacity<{ #value }>),
                    ref of => {
                        let of = self.capacities(of, end);
                        quote_spanned!(end=> #capacity<{ #value }, #of>)
                    }
                }
            }
            Capacities::Parts(parts) => {
                let parts = parts.iter().map(|part| self.capacities(part, end));
                quote_spanned!(end=> (#(#parts,)*))
            }
        }
    }

    /// A number of `capacity`. One that is too large is cut, so that the assertion about it is the only error.
    pub(super) fn capacity(self, most: &Most) -> TokenStream {
        let value = &most.value;
        if !most.is_checked {
            return value.clone();
        }
        let end = Ends::of(value).end;
        let cut = self.private_at(end, "capacity");
        quote_spanned!(end=> #cut(#value))
    }

    /// A constant expression: does the type have a slot?
    pub(super) fn has_slot(self, field: &Field, probe: &Probe) -> TokenStream {
        let (ty, end) = (&probe.ty, probe.ends.end);
        let has_slot = self.private_at(end, "has_slot");
        let mode = moved_to(self.element_mode(field), end);
        quote_spanned!(end=> #has_slot!(#ty, #mode))
    }

    /// An expression that does not compile if the type has none.
    pub(super) fn must_have_slot(self, field: &Field, probe: &Probe) -> TokenStream {
        let (ty, end) = (&probe.ty, probe.ends.end);
        let function = self.private_at(end, "must_have_slot");
        let mode = moved_to(self.element_mode(field), end);
        quote_spanned!(end=> #function::<#ty, #mode>())
    }
}

/// `FieldTy: Field<Mode>` for each sound field whose type depends on a type parameter.
pub(super) fn field_bounds(state: &Struct) -> impl Iterator<Item = TokenStream> {
    let paths = Paths::of(&state.base);
    generic_fields(state).map(move |field| paths.field_bound(field))
}

/// `FieldTy: Plain<Mode>` for each of them: what it needs to lie in an image.
pub(super) fn plain_bounds(state: &Struct) -> impl Iterator<Item = TokenStream> {
    let paths = Paths::of(&state.base);
    generic_fields(state).map(move |field| paths.plain_bound(field))
}

fn generic_fields(state: &Struct) -> impl Iterator<Item = &Field> {
    let fields = state.fields.iter();
    fields.filter(|field| field.generic && !field.is_refused())
}
