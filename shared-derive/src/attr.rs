//! The `#[shared(...)]` attributes, parsed into values that keep their tokens.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Meta, Path, Token};

use crate::errors::Errors;

/// What an attribute stands on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Struct,
    Enum,
    Variant,
    Field,
}

impl Place {
    fn accepts(self) -> &'static [&'static str] {
        match self {
            Place::Struct => &["lock", "slots", "crate"],
            Place::Enum => &["crate"],
            Place::Variant => &[],
            Place::Field => &[
                "lock",
                "capacity",
                "watch",
                "cache_padded",
                "pod",
                "counter",
                "help",
            ],
        }
    }

    fn takes_value(name: &str) -> Option<&'static str> {
        match name {
            "capacity" => Some("capacity = N"),
            "help" => Some("help = \"what it is for\""),
            "slots" => Some("slots = Name"),
            "crate" => Some("crate = path"),
            _ => None,
        }
    }

    /// Why a name that is valid elsewhere is not valid here, or that there is no such name.
    fn refuse(self, name: &str) -> String {
        let elsewhere = |place: Place| place.accepts().contains(&name);
        match self {
            Place::Variant => "a variant takes no `shared` attributes".to_owned(),
            Place::Enum if name == "slots" => {
                "an enum has no slots struct to name: it fits one atomic".to_owned()
            }
            Place::Enum if name == "lock" => {
                "an enum needs no `lock`: it fits one atomic".to_owned()
            }
            Place::Struct | Place::Enum if elsewhere(Place::Field) => {
                format!("`{name}` belongs on a field")
            }
            Place::Field if elsewhere(Place::Struct) => format!("`{name}` belongs on the struct"),
            _ => format!(
                "unknown attribute `{name}`; expected {}",
                one_of(self.accepts())
            ),
        }
    }
}

fn one_of(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    if quoted.len() == 1 {
        quoted.concat()
    } else {
        format!("one of {}", quoted.join(", "))
    }
}

/// One accepted argument of `#[shared(...)]`.
pub(crate) struct Argument {
    pub(crate) name: Ident,
    value: Option<TokenStream>,
}

/// The arguments at one place; what is wrong with them has been reported.
pub(crate) struct Arguments {
    found: Vec<Argument>,
}

impl Arguments {
    pub(crate) fn read(attrs: &[Attribute], place: Place, errors: &mut Errors) -> Self {
        let mut arguments = Arguments { found: Vec::new() };
        for attr in attrs.iter().filter(|attr| attr.path().is_ident("shared")) {
            match &attr.meta {
                Meta::List(list) => {
                    let parsed = list.parse_args_with(|input: ParseStream<'_>| {
                        while !input.is_empty() {
                            arguments.accept(parse_argument(input)?, place, errors);
                            if !input.is_empty() {
                                input.parse::<Token![,]>()?;
                            }
                        }
                        Ok(())
                    });
                    if let Err(error) = parsed {
                        errors.push(error);
                    }
                }
                Meta::Path(_) | Meta::NameValue(_) => errors.at(
                    &attr.meta,
                    "expected a list of attributes in parentheses: `#[shared(...)]`",
                ),
            }
        }
        arguments
    }

    fn accept(&mut self, argument: Argument, place: Place, errors: &mut Errors) {
        let name = argument.name.to_string();
        if !place.accepts().contains(&name.as_str()) {
            errors.at(&argument.name, place.refuse(&name));
        } else if self.get(&name).is_some() {
            errors.at(
                &argument.name,
                format!("`{name}` is given twice; once is enough"),
            );
        } else {
            match (Place::takes_value(&name), &argument.value) {
                (None, Some(value)) => {
                    errors.at(value, format!("`{name}` takes no value; write `{name}`"));
                }
                (Some(form), None) => {
                    errors.at(&argument.name, format!("`{name}` needs a value: `{form}`"));
                }
                _ => {}
            }
            self.found.push(argument);
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Argument> {
        self.found.iter().find(|argument| argument.name == name)
    }

    /// The value of `slots`.
    pub(crate) fn slots(&self, errors: &mut Errors) -> Option<Ident> {
        let value = self.get("slots")?.value.as_ref()?;
        if let Ok(name) = syn::parse2(value.clone()) {
            return Some(name);
        }
        // With a wrong form the rest of the program may still use the name that was meant.
        let meant = syn::parse2::<syn::LitStr>(value.clone())
            .ok()
            .and_then(|text| text.parse::<Ident>().ok());
        match &meant {
            Some(name) => errors.at(
                value,
                format!("expected a name without quotes: `slots = {name}`"),
            ),
            None => errors.at(
                value,
                "expected the name of the slots struct: `slots = Name`",
            ),
        }
        meant
    }

    /// The value of `capacity`: any expression that is no text.
    pub(crate) fn capacity(&self, errors: &mut Errors) -> Option<TokenStream> {
        let value = self.get("capacity")?.value.as_ref()?;
        if let Ok(text) = syn::parse2::<syn::LitStr>(value.clone()) {
            errors.at(
                value,
                format!(
                    "expected a number without quotes: `capacity = {}`",
                    text.value()
                ),
            );
            return None;
        }
        Some(value.clone())
    }

    /// The value of `help`.
    pub(crate) fn help(&self, errors: &mut Errors) -> Option<String> {
        let value = self.get("help")?.value.as_ref()?;
        if let Ok(text) = syn::parse2::<syn::LitStr>(value.clone()) {
            return Some(text.value());
        }
        errors.at(
            value,
            "expected text in quotes: `help = \"what it is for\"`",
        );
        None
    }

    /// The value of `crate`.
    pub(crate) fn krate(&self, errors: &mut Errors) -> Option<TokenStream> {
        let value = self.get("crate")?.value.as_ref()?;
        let path = Path::parse_mod_style.parse2(value.clone()).ok();
        if path.is_none() {
            errors.at(
                value,
                "expected a path without quotes: `crate = path::to::shmstate`",
            );
        }
        path.map(Path::into_token_stream)
    }
}

/// `name`, `name = tokens` or `name(tokens)`, up to the next comma.
fn parse_argument(input: ParseStream<'_>) -> syn::Result<Argument> {
    if !input.peek(Ident::peek_any) {
        return Err(input.error("expected the name of an attribute"));
    }
    let name = input.call(Ident::parse_any)?;
    if input.is_empty() || input.peek(Token![,]) {
        return Ok(Argument { name, value: None });
    }
    if input.parse::<Option<Token![=]>>()?.is_some() {
        if input.is_empty() || input.peek(Token![,]) {
            return Ok(Argument { name, value: None });
        }
    } else if !input.peek(syn::token::Paren) {
        return Err(input.error("expected a comma between attributes"));
    }
    let mut value = TokenStream::new();
    let mut angles = 0_usize;
    while !input.is_empty() && (angles > 0 || !input.peek(Token![,])) {
        let tree: TokenTree = input.parse()?;
        if let TokenTree::Punct(punct) = &tree {
            match punct.as_char() {
                '<' => angles += 1,
                '>' => angles = angles.saturating_sub(1),
                _ => {}
            }
        }
        value.extend([tree]);
    }
    Ok(Argument {
        name,
        value: Some(value),
    })
}
