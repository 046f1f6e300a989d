//! Code that belongs to one field.
//!
//! Its tokens are located at the field's type, so that what the compiler has to say is said there.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote_spanned};

use crate::model::{Capacities, Field, FieldStore, Most, Probe, Struct, TOO_LARGE};
use crate::tokens::{Ends, moved_to};

pub(super) struct FieldCode<'a> {
    pub(super) field: &'a Field,
    /// Where the type ends.
    pub(super) end: Span,
    /// `::shmstate::__private`.
    pub(super) private: TokenStream,
    mode_prefix: &'a str,
    /// The field cannot be borrowed, because the struct is packed.
    is_packed: bool,
}

impl<'a> FieldCode<'a> {
    pub(super) fn all(state: &'a Struct) -> Vec<Self> {
        let fields = state.fields.iter().map(|field| FieldCode {
            field,
            end: field.ends.end,
            private: moved_to(state.base.private.clone(), field.ends.end),
            mode_prefix: &state.base.generics.mode_prefix,
            is_packed: state.packed,
        });
        fields.collect()
    }

    /// The type depends on a type parameter, so the impls ask for its slot in their bounds.
    pub(super) fn is_bound(&self) -> bool {
        self.field.generic && !self.field.is_refused()
    }

    /// `FieldTy: Field<Mode>`, or another trait.
    pub(super) fn bound(&self, trait_: &str, mode: &TokenStream) -> TokenStream {
        let (p, ty, trait_) = (&self.private, &self.field.ty, self.ident(trait_));
        quote_spanned!(self.end=> #ty: #p::#trait_<#mode>)
    }

    /// `<FieldTy as Field<Mode>>`, or another trait, as the start of a longer path.
    pub(super) fn as_trait(&self, trait_: &str, mode: &TokenStream) -> TokenStream {
        let (p, ty, trait_) = (&self.private, &self.field.ty, self.ident(trait_));
        let open = quote_spanned!(self.field.ends.start=> <);
        quote_spanned!(self.end=> #open #ty as #p::#trait_<#mode>>)
    }

    /// `<FieldTy as Plain<Mode>>`, as the start of a longer path.
    pub(super) fn as_plain(&self) -> TokenStream {
        self.as_trait("Plain", &self.image_mode())
    }

    /// The slot in a mode, with the access `access`.
    pub(super) fn slot(&self, mode: &TokenStream, access: &Ident) -> TokenStream {
        let as_field = self.as_trait("Field", mode);
        let access = self.ident(&access.to_string());
        quote_spanned!(self.end=> #as_field::Slot<#access>)
    }

    /// A function of the runtime for the type of the field in a mode.
    pub(super) fn function(&self, name: &str, mode: &TokenStream) -> TokenStream {
        let (p, ty, name) = (&self.private, &self.field.ty, self.ident(name));
        let open = quote_spanned!(self.field.ends.start=> <);
        quote_spanned!(self.end=> #p::#name::#open #ty, #mode>)
    }

    /// `&value.field`, or a copy of it.
    pub(super) fn borrowed(&self, value: &TokenStream) -> TokenStream {
        let member = &self.field.member;
        if self.is_packed {
            quote_spanned!(self.end=> &{ #value.#member })
        } else {
            quote_spanned!(self.end=> &#value.#member)
        }
    }

    /// A row of a shape: `place` is the offset and the shape of the field.
    pub(super) fn row(&self, place: &TokenStream) -> TokenStream {
        let (p, name, about) = (&self.private, &self.field.name, &self.field.about);
        let (help, counter) = (&about.help, about.counter);
        if help.is_empty() && !counter {
            return quote_spanned!(self.end=> #p::FieldShape::new(#name, #place));
        }
        quote_spanned!(self.end=> #p::FieldShape::described(#name, #place, #help, #counter))
    }

    fn ident(&self, name: &str) -> Ident {
        Ident::new(name, self.end)
    }

    /// `type __Mode0 = …`: a name for the mode in the image, if the compiler must be asked about the type.
    /// With a name it is asked once, and not at each use.
    pub(super) fn mode_alias(&self) -> Option<TokenStream> {
        let probe = self.field.probe.as_ref()?;
        let (name, mode) = (self.mode_name(), self.if_proven(probe, &self.stored()));
        Some(quote_spanned!(self.end=> type #name = #mode;))
    }

    fn mode_name(&self) -> Ident {
        format_ident!("{}{}", self.mode_prefix, self.field.index, span = self.end)
    }

    /// How the field is a slot, where the names of modes are in scope.
    pub(super) fn mode(&self) -> TokenStream {
        let mode = &self.field.mode;
        match mode.store {
            FieldStore::Inline | FieldStore::Capacity(_) if !mode.padded => self.image_mode(),
            _ => self.full_mode(),
        }
    }

    /// How the field lies in the image of its struct, where the names of modes are in scope.
    pub(super) fn image_mode(&self) -> TokenStream {
        match self.field.probe {
            Some(_) => self.mode_name().into_token_stream(),
            None => self.stored(),
        }
    }

    /// How the field is a slot, in full.
    pub(super) fn full_mode(&self) -> TokenStream {
        let (p, mut mode) = (&self.private, self.element_mode());
        if let FieldStore::Pod { depth } = self.field.mode.store {
            let each = |mode, _| quote_spanned!(self.end=> #p::Each<#mode>);
            mode = (0..depth).fold(mode, each);
        }
        match &self.field.probe {
            Some(probe) => self.if_proven(probe, &mode),
            None => mode,
        }
    }

    /// A mode that refuses a type without a slot; an assertion is then the error.
    fn if_proven(&self, probe: &Probe, mode: &TokenStream) -> TokenStream {
        let (p, has_slot) = (&self.private, self.has_slot(probe));
        quote_spanned!(self.end=> #p::If<{ #has_slot }, #mode>)
    }

    /// How the field is a slot, or, if it is an array, each of its elements.
    fn element_mode(&self) -> TokenStream {
        let (p, mut mode) = (&self.private, self.stored());
        if matches!(self.field.mode.store, FieldStore::Lock) {
            mode = quote_spanned!(self.end=> #p::Lock<#mode>);
        }
        if matches!(self.field.mode.store, FieldStore::Watch) {
            mode = quote_spanned!(self.end=> #p::Watch);
        }
        if self.field.mode.padded {
            mode = quote_spanned!(self.end=> #p::CachePadded<#mode>);
        }
        mode
    }

    fn stored(&self) -> TokenStream {
        let p = &self.private;
        match &self.field.mode.store {
            FieldStore::Inline | FieldStore::Lock | FieldStore::Watch => {
                quote_spanned!(self.end=> #p::Inline)
            }
            FieldStore::Capacity(capacities) => self.capacities(capacities),
            FieldStore::Pod { .. } => quote_spanned!(self.end=> #p::Pod),
            FieldStore::Refused => quote_spanned!(self.end=> #p::Refused),
        }
    }

    /// `Capacity<8, Capacity<64>>`, `(Capacity<8>, Inline)`.
    fn capacities(&self, capacities: &Capacities) -> TokenStream {
        let p = &self.private;
        match capacities {
            Capacities::Inline => quote_spanned!(self.end=> #p::Inline),
            Capacities::Most(most, of) => {
                let value = self.capacity(most);
                let nested = !matches!(**of, Capacities::Inline);
                let of = nested.then(|| self.capacities(of)).into_iter();
                quote_spanned!(self.end=> #p::Capacity<{ #value } #(, #of)*>)
            }
            Capacities::Parts(parts) => {
                let parts = parts.iter().map(|part| self.capacities(part));
                quote_spanned!(self.end=> (#(#parts,)*))
            }
        }
    }

    /// A number of `capacity`. If it is too large, it becomes 0, so that the assertion is the only error.
    fn capacity(&self, most: &Most) -> TokenStream {
        let (p, value) = (&self.private, &most.value);
        if !most.is_checked {
            return value.clone();
        }
        let end = Ends::of(value).end;
        let p = moved_to(p.clone(), end);
        quote_spanned!(end=> #p::capacity(#value))
    }

    /// A constant expression: does the type have a slot?
    fn has_slot(&self, probe: &Probe) -> TokenStream {
        let (ty, end) = (&probe.ty, probe.ends.end);
        let p = moved_to(self.private.clone(), end);
        let mode = moved_to(self.element_mode(), end);
        quote_spanned!(end=> #p::has_slot!(#ty, #mode))
    }

    /// The errors that only the compiler can find: that the type has no slot, and that a capacity is too large.
    pub(super) fn assertions(&self) -> TokenStream {
        let capacities = self.field.mode.store.capacities();
        let checked = capacities.into_iter().filter(|most| most.is_checked);
        let small = checked.map(|most| {
            let (value, cut, ends) = (&most.value, self.capacity(most), Ends::of(&most.value));
            let condition = quote_spanned!(ends.end=> (#value == #cut));
            assertion(ends, &condition, TOO_LARGE)
        });
        let proof = self.field.probe.iter().map(|probe| self.proof(probe));
        proof.chain(small).collect()
    }

    fn proof(&self, probe: &Probe) -> TokenStream {
        let Some(message) = &probe.message else {
            let (ty, end) = (&probe.ty, probe.ends.end);
            let p = moved_to(self.private.clone(), end);
            let mode = moved_to(self.element_mode(), end);
            return quote_spanned!(end=> const _: () = #p::must_have_slot::<#ty, #mode>(););
        };
        assertion(probe.ends, &self.has_slot(probe), message)
    }
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
