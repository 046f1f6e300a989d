//! What the impls of one state have in common.

use proc_macro2::TokenStream;
use quote::quote;

use super::field::FieldCode;
use crate::generics::{angled, where_clause};
use crate::model::{Base, Struct};

pub(super) struct Parts<'a> {
    pub(super) base: &'a Base,
    /// None of an enum.
    pub(super) fields: Vec<FieldCode<'a>>,
    /// `::shmstate::__private`.
    pub(super) private: &'a TokenStream,
    /// `Progress`, `Pair<T>`.
    pub(super) this: &'a TokenStream,
    /// `ProgressSlots<A>`, `PairSlots<T, A>`, `Locked<Account, A>`, `Atomic<Phase, A>`.
    pub(super) slots: TokenStream,
    /// The same with the default access.
    pub(super) writable: TokenStream,
    /// `<T: Bound>`.
    pub(super) params: TokenStream,
    /// `<T: Bound, A: Access>`.
    pub(super) slots_params: TokenStream,
    /// The where clause of what needs a slot for each field, as predicates.
    pub(super) predicates: Vec<TokenStream>,
    /// The same, as a clause.
    pub(super) bounds: TokenStream,
    /// The where clause of what needs a place in an image for each field.
    pub(super) image_bounds: TokenStream,
    /// The where clause of what needs both.
    pub(super) all_bounds: TokenStream,
}

impl<'a> Parts<'a> {
    pub(super) fn of_struct(state: &'a Struct) -> Self {
        let fields = FieldCode::all(state);
        let bound = || fields.iter().filter(|field| field.is_bound());
        let image: Vec<TokenStream> = bound()
            .map(|field| field.bound("Plain", &field.image_mode()))
            .collect();
        if state.locked {
            let parts = Parts::new(&state.base, &quote!(Locked), &image, &image);
            let all_bounds = parts.bounds.clone();
            return Parts {
                fields,
                all_bounds,
                ..parts
            };
        }
        let slots: Vec<TokenStream> = bound()
            .map(|field| field.bound("Field", &field.mode()))
            .collect();
        let (name, generics) = (&state.slots, &state.base.generics);
        let (args, access, writable) = (&generics.args, &generics.access, angled(&generics.args));
        Parts {
            fields,
            slots: quote!(#name<#(#args,)* #access>),
            writable: quote!(#name #writable),
            ..Parts::new(&state.base, &quote!(Locked), &slots, &image)
        }
    }

    pub(super) fn of_enum(base: &'a Base) -> Self {
        Parts::new(base, &quote!(Atomic), &[], &[])
    }

    /// `slot` is the slot that the whole state has.
    fn new(
        base: &'a Base,
        slot: &TokenStream,
        slots: &[TokenStream],
        image: &[TokenStream],
    ) -> Self {
        let (generics, private) = (&base.generics, &base.private);
        let (this, access, params) = (&generics.this, &generics.access, &generics.params);
        let mut always = generics.predicates.clone();
        always.extend(generics.types.iter().map(|ty| quote!(#ty: 'static)));
        let slots = [&always, slots].concat();
        Parts {
            base,
            fields: Vec::new(),
            private,
            this,
            slots: quote!(#private::#slot<#this, #access>),
            writable: quote!(#private::#slot<#this>),
            params: angled(&generics.params),
            slots_params: quote!(<#(#params,)* #access: #private::Access>),
            bounds: where_clause(&slots),
            all_bounds: where_clause(&[&slots, image].concat()),
            image_bounds: where_clause(&[&always, image].concat()),
            predicates: slots,
        }
    }
}
