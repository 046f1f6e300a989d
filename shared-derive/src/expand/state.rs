//! The impls of a struct and of its slots struct.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::image::plain_bounds;
use super::paths;
use super::paths::Paths;
use super::slots::field_bounds;
use crate::generics::{angled, where_clause};
use crate::model::{Field, FieldStore, Struct};
use crate::tokens::moved_to;

pub(crate) fn impls(state: &Struct) -> TokenStream {
    let parts = Parts::of(state);
    let live = if state.locked {
        vec![]
    } else {
        vec![parts.slot(), parts.inherent(), parts.debug()]
    };
    [
        parts.mode_names(),
        parts.field(),
        parts.shared_state(),
        parts.zeroed(),
        parts.image(),
    ]
    .into_iter()
    .chain(live)
    .chain([parts.assertions()])
    .collect()
}

/// What several impls have in common.
pub(super) struct Parts<'a> {
    pub(super) state: &'a Struct,
    /// `Progress`, `Pair<T>`.
    pub(super) this: &'a TokenStream,
    /// `ProgressSlots`, `PairSlots<T>`, `Locked<Account>`: with the default access.
    pub(super) writable: TokenStream,
    /// `ProgressSlots<A>`, `PairSlots<T, A>`, `Locked<Account, A>`.
    pub(super) slots: TokenStream,
    /// `<T: Bound>`.
    pub(super) params: TokenStream,
    /// `<T: Bound, A: Access>`.
    pub(super) slots_params: TokenStream,
    /// Where clause of every impl, as predicates.
    pub(super) predicates: Vec<TokenStream>,
}

impl<'a> Parts<'a> {
    fn of(state: &'a Struct) -> Self {
        let generics = &state.base.generics;
        let (name, access) = (&state.slots, &generics.access);
        let (args, params) = (&generics.args, &generics.params);
        let rights = paths(&state.base).private("Access");
        let (writable, slots) = if state.locked {
            let (locked, this) = (paths(&state.base).private("Locked"), &generics.this);
            (quote!(#locked<#this>), quote!(#locked<#this, #access>))
        } else {
            let writable = angled(args);
            (quote!(#name #writable), quote!(#name<#(#args,)* #access>))
        };
        let mut predicates = generics.predicates.clone();
        predicates.extend(generics.types.iter().map(|ty| quote!(#ty: 'static)));
        if state.locked {
            predicates.extend(plain_bounds(state));
        } else {
            predicates.extend(field_bounds(state));
        }
        Parts {
            state,
            this: &generics.this,
            writable,
            slots,
            params: generics.impl_params(),
            slots_params: quote!(<#(#params,)* #access: #rights>),
            predicates,
        }
    }

    pub(super) fn paths(&self) -> Paths<'a> {
        paths(&self.state.base).inside()
    }

    pub(super) fn private(&self, name: &str) -> TokenStream {
        self.paths().private(name)
    }

    pub(super) fn bounds(&self) -> TokenStream {
        where_clause(&self.predicates)
    }

    /// A path to a function of the runtime, then the name of the field.
    pub(super) fn read(&self, field: &Field, function: &str) -> (TokenStream, TokenStream) {
        let function = self.paths().private_at(field.ends.end, function);
        let name = &field.name;
        (function, quote_spanned!(field.ends.end=> #name))
    }

    fn mode_names(&self) -> TokenStream {
        let fields = self.state.fields.iter();
        fields
            .filter_map(|field| self.paths().mode_name(field))
            .collect()
    }

    /// The bounds of a state, whose fields have slots and lie in an image.
    fn all_bounds(&self) -> TokenStream {
        let mut predicates = self.predicates.clone();
        if !self.state.locked {
            predicates.extend(plain_bounds(self.state));
        }
        where_clause(&predicates)
    }

    fn field(&self) -> TokenStream {
        let Parts {
            this,
            writable,
            slots,
            params,
            ..
        } = self;
        let (trait_, inline) = (self.private("Field"), self.private("Inline"));
        let rights = self.private("Access");
        let (access, bounds) = (&self.state.base.generics.access, self.bounds());
        let put = if self.state.locked {
            let locked = self.private("Locked");
            quote!(#locked::set(__slot, self);)
        } else {
            self.put()
        };
        let parameter = if self.state.fields.is_empty() && !self.state.locked {
            quote!(_)
        } else {
            quote!(__slot)
        };
        let fits = self.fits();
        quote! {
            #[automatically_derived]
            impl #params #trait_<#inline> for #this #bounds {
                type Slot<#access: #rights> = #slots;
                fn put(self, #parameter: &#writable) {
                    #put
                }
                #fits
            }
        }
    }

    /// Stores each field in its slot.
    fn put(&self) -> TokenStream {
        let fields = self.state.fields.iter();
        let puts = fields.map(|field| {
            let as_field = self.paths().as_field(field);
            let member = &field.member;
            quote_spanned!(field.ends.end=> #as_field::put(self.#member, &__slot.#member);)
        });
        puts.collect()
    }

    /// Checks each field that might not fit, if there are any.
    fn fits(&self) -> TokenStream {
        let paths = self.paths();
        let fields = self.state.fields.iter();
        let mut doubtful = fields.filter(|field| !field.always_fits).peekable();
        if doubtful.peek().is_none() {
            return TokenStream::new();
        }
        let exceeded = self.private("CapacityExceeded");
        let body = if self.state.locked {
            let (fits, inline) = (self.private("image_fits"), self.private("Inline"));
            quote!(#fits::<Self, #inline>(self))
        } else {
            let checks = doubtful.map(|field| {
                let (fits, name) = paths.call(field, "fits", &paths.mode(field));
                let value = self.borrowed(field);
                quote_spanned!(field.ends.end=> #fits(#name, #value)?;)
            });
            quote! {
                #(#checks)*
                ::core::result::Result::Ok(())
            }
        };
        quote! {
            fn fits(&self) -> ::core::result::Result<(), #exceeded> {
                #body
            }
        }
    }

    /// `&self.field`; fields of a packed struct are copied, because they cannot be borrowed.
    pub(super) fn borrowed(&self, field: &Field) -> TokenStream {
        let member = &field.member;
        if self.state.packed {
            quote_spanned!(field.ends.end=> &{ self.#member })
        } else {
            quote_spanned!(field.ends.end=> &self.#member)
        }
    }

    fn shared_state(&self) -> TokenStream {
        let Parts {
            this,
            writable,
            params,
            ..
        } = self;
        let (single, trait_) = (self.private("Single"), self.private("SharedState"));
        let bounds = self.all_bounds();
        quote! {
            #[automatically_derived]
            impl #params #single for #this #bounds {}
            #[automatically_derived]
            impl #params #trait_ for #this #bounds {
                type Slots = #writable;
            }
        }
    }

    /// The bound of a field is about `For<'a, FieldTy>`, because a bound that is about a concrete type
    /// alone must hold where it is written.
    fn zeroed(&self) -> TokenStream {
        let Parts { this, params, .. } = self;
        let (trait_, for_) = (self.private("Zeroed"), self.private("For"));
        let lifetime = &self.state.base.generics.free_lifetime;
        let mut seen = HashSet::new();
        let mut predicates = self.predicates.clone();
        for field in &self.state.fields {
            // Of a `Pod` type zero bytes are a value, and it has no impl of this trait.
            if matches!(field.mode.store, FieldStore::Pod { .. }) {
                continue;
            }
            if seen.insert(field.ty.to_string()) {
                let (ty, end) = (&field.ty, field.ends.end);
                let (trait_, for_) = (moved_to(trait_.clone(), end), moved_to(for_.clone(), end));
                predicates
                    .push(quote_spanned!(end=> for<#lifetime> #for_<#lifetime, #ty>: #trait_));
            }
        }
        let bounds = where_clause(&predicates);
        quote! {
            #[automatically_derived]
            impl #params #trait_ for #this #bounds {}
        }
    }
}
