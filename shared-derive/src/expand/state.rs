//! The impls of a struct and of its slots struct.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::paths;
use super::slots::field_bounds;
use crate::generics::{angled, where_clause};
use crate::model::{Field, Struct};
use crate::tokens::{Ends, moved_to};

pub(crate) fn impls(state: &Struct) -> TokenStream {
    let parts = Parts::of(state);
    [
        parts.field(),
        parts.shared_state(),
        parts.zeroed(),
        parts.slot(),
        parts.inherent(),
        parts.debug(),
        parts.assertions(),
    ]
    .into_iter()
    .collect()
}

/// What several impls have in common.
struct Parts<'a> {
    state: &'a Struct,
    /// `Progress`, `Pair<T>`.
    this: &'a TokenStream,
    /// `ProgressSlots`, `PairSlots<T>`: with the default access.
    writable: TokenStream,
    /// `ProgressSlots<A>`, `PairSlots<T, A>`.
    slots: TokenStream,
    /// `<T: Bound>`.
    params: TokenStream,
    /// `<T: Bound, A: Access>`.
    slots_params: TokenStream,
    /// Where clause of every impl, as predicates.
    predicates: Vec<TokenStream>,
}

impl<'a> Parts<'a> {
    fn of(state: &'a Struct) -> Self {
        let generics = &state.base.generics;
        let (name, access) = (&state.slots, &generics.access);
        let (args, params) = (&generics.args, &generics.params);
        let rights = paths(&state.base).private("Access");
        let writable = angled(args);
        let mut predicates = generics.predicates.clone();
        predicates.extend(generics.types.iter().map(|ty| quote!(#ty: 'static)));
        predicates.extend(field_bounds(state));
        Parts {
            state,
            this: &generics.this,
            writable: quote!(#name #writable),
            slots: quote!(#name<#(#args,)* #access>),
            params: generics.impl_params(),
            slots_params: quote!(<#(#params,)* #access: #rights>),
            predicates,
        }
    }

    fn private(&self, name: &str) -> TokenStream {
        paths(&self.state.base).private(name)
    }

    fn bounds(&self) -> TokenStream {
        where_clause(&self.predicates)
    }

    /// A path to a function of the runtime, then the name of the field.
    fn read(&self, field: &Field, function: &str) -> (TokenStream, TokenStream) {
        let function = paths(&self.state.base).private_at(field.ends.end, function);
        let name = &field.name;
        (function, quote_spanned!(field.ends.end=> #name))
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
        let fields = &self.state.fields;
        let puts = fields.iter().map(|field| {
            let as_field = paths(&self.state.base).as_field(field);
            let member = &field.member;
            quote_spanned!(field.ends.end=> #as_field::put(self.#member, &__slot.#member);)
        });
        let parameter = if fields.is_empty() {
            quote!(_)
        } else {
            quote!(__slot)
        };
        quote! {
            #[automatically_derived]
            impl #params #trait_<#inline> for #this #bounds {
                type Slot<#access: #rights> = #slots;
                fn put(self, #parameter: &#writable) {
                    #(#puts)*
                }
            }
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
        let bounds = self.bounds();
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

    // SAFETY of the generated impl: the slots struct is `repr(C)` and all its fields are slots, so (1)
    // any bytes are a value of it, (2) it is accessed through its fields only, and (3) its shape names
    // the offsets that the compiler chose, which `Shape::structure` checks against its size.
    fn slot(&self) -> TokenStream {
        let Parts {
            this,
            slots,
            slots_params,
            ..
        } = self;
        let (trait_, shape) = (self.private("Slot"), self.private("Shape"));
        let (corrupt, bounds) = (self.private("Corrupt"), self.bounds());
        let name = syn::ext::IdentExt::unraw(&self.state.base.name).to_string();
        let rows = self.state.fields.iter().map(|field| self.row(field));
        let reads = self.state.fields.iter().map(|field| {
            let (read, name) = self.read(field, "read");
            let member = &field.member;
            quote_spanned!(field.ends.end=> #member: #read(#name, &self.#member)?)
        });
        let constructor = &self.state.base.name;
        let read_into = self.try_snapshot_into();
        quote! {
            #[automatically_derived]
            unsafe impl #slots_params #trait_ for #slots #bounds {
                type Value = #this;
                const SHAPE: &'static #shape = &#shape::structure(
                    #name,
                    ::core::mem::size_of::<Self>(),
                    ::core::mem::align_of::<Self>(),
                    &[#(#rows),*],
                );
                fn try_snapshot(&self) -> ::core::result::Result<#this, #corrupt> {
                    ::core::result::Result::Ok(#constructor { #(#reads),* })
                }
                #read_into
            }
        }
    }

    /// One row of the shape.
    fn row(&self, field: &Field) -> TokenStream {
        let end = field.ends.end;
        let paths = paths(&self.state.base);
        let (row, trait_) = (
            paths.private_at(end, "FieldShape"),
            paths.private_at(end, "Slot"),
        );
        let slot = paths.slot(field, &self.state.base.generics.access);
        let (name, member) = (&field.name, &field.member);
        let open = quote_spanned!(field.ends.start=> <);
        quote_spanned! {end=>
            #row::new(#name, ::core::mem::offset_of!(Self, #member), #open #slot as #trait_>::SHAPE)
        }
    }

    fn try_snapshot_into(&self) -> TokenStream {
        let this = self.this;
        if self.state.packed || self.state.fields.is_empty() {
            return TokenStream::new(); // the default reads a whole value and moves it
        }
        let corrupt = self.private("Corrupt");
        let reads = self.state.fields.iter().map(|field| {
            let (read_into, name) = self.read(field, "read_into");
            let member = &field.member;
            quote_spanned!(field.ends.end=> #read_into(#name, &self.#member, &mut __out.#member)?;)
        });
        quote! {
            fn try_snapshot_into(
                &self,
                __out: &mut #this,
            ) -> ::core::result::Result<(), #corrupt> {
                #(#reads)*
                ::core::result::Result::Ok(())
            }
        }
    }

    fn inherent(&self) -> TokenStream {
        let Parts {
            this,
            slots,
            slots_params,
            ..
        } = self;
        let (trait_, corrupt) = (self.private("Slot"), self.private("Corrupt"));
        let bounds = self.bounds();
        quote! {
            #[automatically_derived]
            impl #slots_params #slots #bounds {
                /// Reads every field, each leaf whole, one after the other.
                ///
                /// # Panics
                ///
                /// If a field holds bytes that are no value of its type.
                pub fn snapshot(&self) -> #this {
                    #trait_::snapshot(self)
                }
                /// Reads every field, each leaf whole, one after the other.
                ///
                /// # Errors
                ///
                /// If a field holds bytes that are no value of its type; the error names the field.
                pub fn try_snapshot(&self) -> ::core::result::Result<#this, #corrupt> {
                    #trait_::try_snapshot(self)
                }
            }
        }
    }

    fn debug(&self) -> TokenStream {
        let Parts {
            slots,
            slots_params,
            ..
        } = self;
        let debug = self.private("debug");
        let bounds = self.bounds();
        quote! {
            #[automatically_derived]
            impl #slots_params ::core::fmt::Debug for #slots #bounds {
                fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    #debug(self, __f)
                }
            }
        }
    }

    /// One error for each field whose type turns out to have no slot.
    fn assertions(&self) -> TokenStream {
        let paths = paths(&self.state.base);
        self.state
            .fields
            .iter()
            .filter_map(|field| field.probe.as_ref())
            .map(|probe| {
                let Ends { start, end } = probe.ends;
                if let Some(message) = &probe.message {
                    let message = message.replace('{', "{{").replace('}', "}}");
                    let has_slot = paths.has_slot(probe);
                    let panic = quote_spanned!(start=> ::core::panic!);
                    return quote_spanned! {end=>
                        const _: () = if !#has_slot {
                            #panic(#message)
                        };
                    };
                }
                let ty = &probe.ty;
                let (trait_, inline) = (
                    paths.private_at(end, "Field"),
                    paths.private_at(end, "Inline"),
                );
                let write = paths.private_at(end, "Write");
                let open = quote_spanned!(start=> <);
                quote_spanned! {end=>
                    const _: () = {
                        struct HasSlot(#open #ty as #trait_<#inline>>::Slot<#write>);
                    };
                }
            })
            .collect()
    }
}
