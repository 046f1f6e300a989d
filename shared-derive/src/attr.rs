//! The `#[shared(...)]` attributes, parsed into values that keep their tokens.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, LitStr, Meta, Path, Token};

use crate::errors::Errors;
use crate::tokens::text;

/// What an attribute stands on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    Struct,
    Enum,
    Variant,
    Field,
}

impl Target {
    fn accepts(self) -> &'static [&'static str] {
        match self {
            Target::Struct => &["lock", "slots", "crate"],
            Target::Enum => &["crate"],
            Target::Variant => &[],
            Target::Field => &[
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
            "capacity" => Some("`capacity = N`"),
            "help" => Some("`help = \"what it is for\"`"),
            "slots" => Some("`slots = Name`"),
            "crate" => Some("the path of `shmstate`, such as `crate = ::shmstate`"),
            _ => None,
        }
    }

    /// Why a name that is valid elsewhere is not valid here, or that there is no such name.
    fn refuse(self, name: &str) -> String {
        let elsewhere = |target: Target| target.accepts().contains(&name);
        match self {
            Target::Variant => "a variant takes no `shared` attributes".to_owned(),
            Target::Enum if name == "slots" => {
                "an enum has no slots struct to name: it fits one atomic".to_owned()
            }
            Target::Enum if name == "lock" => {
                "an enum needs no `lock`: it fits one atomic".to_owned()
            }
            Target::Struct | Target::Enum if elsewhere(Target::Field) => {
                format!("`{name}` belongs on a field")
            }
            Target::Field if elsewhere(Target::Struct) => format!("`{name}` belongs on the struct"),
            _ => format!(
                "unknown attribute `{name}`; expected {}",
                one_of(self.accepts())
            ),
        }
    }
}

fn one_of(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match &quoted[..] {
        [one] => one.clone(),
        several => format!("one of {}", several.join(", ")),
    }
}

/// One accepted argument of `#[shared(...)]`.
pub(crate) struct Argument {
    pub(crate) name: Ident,
    value: Option<TokenStream>,
    /// What follows the name, if it is not `= value`: `(value)` or `== value`.
    unassigned: Option<TokenStream>,
}

/// The arguments of one target. What is wrong with them has been reported.
pub(crate) struct Arguments {
    found: Vec<Argument>,
}

impl Arguments {
    pub(crate) fn read(attrs: &[Attribute], target: Target, errors: &mut Errors) -> Self {
        let mut arguments = Arguments { found: Vec::new() };
        for attr in attrs.iter().filter(|attr| attr.path().is_ident("shared")) {
            match &attr.meta {
                Meta::List(list) => {
                    let parsed = list.parse_args_with(|input: ParseStream<'_>| {
                        while !input.is_empty() {
                            arguments.accept(parse_argument(input)?, target, errors);
                            if !input.is_empty() {
                                input.parse::<Token![,]>()?;
                            }
                        }
                        Ok(())
                    });
                    parsed.unwrap_or_else(|error| errors.push(error));
                }
                Meta::Path(_) | Meta::NameValue(_) => errors.at(
                    &attr.meta,
                    "expected a list of attributes in parentheses: `#[shared(...)]`",
                ),
            }
        }
        arguments
    }

    fn accept(&mut self, argument: Argument, target: Target, errors: &mut Errors) {
        let name = argument.name.to_string();
        if !target.accepts().contains(&name.as_str()) {
            errors.at(&argument.name, target.refuse(&name));
        } else if self.get(&name).is_some() {
            errors.at(
                &argument.name,
                format!("`{name}` is given twice; once is enough"),
            );
        } else {
            match (Target::takes_value(&name), &argument.value) {
                (None, Some(value)) => {
                    let at = argument.unassigned.as_ref().unwrap_or(value);
                    errors.at(at, format!("`{name}` takes no value; write `{name}`"));
                }
                (Some(form), None) => {
                    errors.at(&argument.name, format!("`{name}` needs a value: {form}"));
                }
                (Some(_), Some(value)) => {
                    // The value counts as written, so that this is the only error.
                    if let Some(at) = &argument.unassigned {
                        errors.at(at, format!("write `{name} = {}`", text(value)));
                    }
                }
                (None, None) => {}
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
        let meant = quoted(value).and_then(|text| text.parse::<Ident>().ok());
        let message = match &meant {
            Some(name) => format!("expected a name without quotes: `slots = {name}`"),
            None => "expected the name of the slots struct: `slots = Name`".to_owned(),
        };
        errors.at(value, message);
        meant
    }

    /// The value of `capacity`, and the expressions in it: one, or those in brackets. `None` after an
    /// error.
    pub(crate) fn capacities(
        &self,
        errors: &mut Errors,
    ) -> Option<(TokenStream, Vec<TokenStream>)> {
        let value = self.get("capacity")?.value.as_ref()?;
        let given = in_brackets(value).unwrap_or_else(|| vec![value.clone()]);
        let mut texts = given
            .iter()
            .filter_map(|value| Some((value, quoted(value)?)));
        if let Some((value, text)) = texts.next() {
            let number = text.value();
            let message = format!("expected a number without quotes: `capacity = {number}`");
            errors.at(value, message);
            return None;
        }
        Some((value.clone(), given))
    }

    /// The value of `help`.
    pub(crate) fn help(&self, errors: &mut Errors) -> Option<String> {
        let value = self.get("help")?.value.as_ref()?;
        let text = quoted(value);
        if text.is_none() {
            let message = "expected text in quotes: `help = \"what it is for\"`";
            errors.at(value, message);
        }
        text.map(|text| text.value())
    }

    /// The value of `crate`.
    pub(crate) fn krate(&self, errors: &mut Errors) -> Option<TokenStream> {
        let value = self.get("crate")?.value.as_ref()?;
        if let Ok(path) = Path::parse_mod_style.parse2(value.clone()) {
            return Some(path.into_token_stream());
        }
        let meant = quoted(value).filter(|text| text.parse_with(Path::parse_mod_style).is_ok());
        let meant = meant.map_or_else(|| "::shmstate".to_owned(), |text| text.value());
        let message = format!("expected a path without quotes: `crate = {meant}`");
        errors.at(value, message);
        None
    }
}

/// A value in quotes.
fn quoted(value: &TokenStream) -> Option<LitStr> {
    syn::parse2(value.clone()).ok()
}

/// `name` or `name = tokens`, up to the next comma; also `name(tokens)` and `name == tokens`, to be refused.
fn parse_argument(input: ParseStream<'_>) -> syn::Result<Argument> {
    if !input.peek(Ident::peek_any) {
        return Err(input.error("expected the name of an attribute"));
    }
    let mut argument = Argument {
        name: input.call(Ident::parse_any)?,
        value: None,
        unassigned: None,
    };
    let at_end = || input.is_empty() || input.peek(Token![,]);
    if at_end() {
        return Ok(argument);
    }
    let mut signs = TokenStream::new();
    while input.peek(Token![=]) || !signs.is_empty() && input.peek(Token![>]) {
        signs.extend([input.parse::<TokenTree>()?]);
    }
    if signs.is_empty() && !input.peek(syn::token::Paren) {
        return Err(input.error("expected a comma between attributes"));
    }
    if at_end() {
        return Ok(argument);
    }
    let written = expression(input)?;
    let has_one_sign = signs.clone().into_iter().count() == 1;
    let unassigned = (!has_one_sign).then(|| quote!(#signs #written));
    let mut value = written;
    if signs.is_empty() {
        value = in_parentheses(&argument.name, &value).unwrap_or(value);
    }
    // `capacity()` counts as `capacity`.
    if !value.is_empty() || Target::takes_value(&argument.name.to_string()).is_none() {
        argument.value = Some(value);
        argument.unassigned = unassigned;
    }
    Ok(argument)
}

/// What `name(4)` or `name(4, 8)` means by `4` or `4, 8`; `None` if more follows.
fn in_parentheses(name: &Ident, written: &TokenStream) -> Option<TokenStream> {
    let mut trees = written.clone().into_iter();
    let (Some(TokenTree::Group(group)), None) = (trees.next(), trees.next()) else {
        return None;
    };
    let inner = group.stream();
    let mut list = Group::new(Delimiter::Bracket, inner.clone());
    list.set_span(group.span());
    let list = TokenStream::from(TokenTree::from(list));
    let has_several = in_brackets(&list).is_some_and(|all| all.len() > 1);
    let is_list = name == "capacity" && has_several;
    Some(if is_list { list } else { inner })
}

/// The tokens of an expression, up to the next comma that is not between angle brackets.
fn expression(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let mut tokens = TokenStream::new();
    let mut angles = 0_usize;
    // Whether a value ends here, so that `<` compares or shifts and does not open a list of types.
    let mut after_value = false;
    let mut last = ' ';
    while !input.is_empty() && (angles > 0 || !input.peek(Token![,])) {
        let tree: TokenTree = input.parse()?;
        let sign = match &tree {
            TokenTree::Punct(punct) => punct.as_char(),
            _ => ' ',
        };
        match sign {
            '<' if angles > 0 || !(after_value || last == '<') => angles += 1,
            '>' if last != '-' => angles = angles.saturating_sub(1),
            _ => {}
        }
        after_value = sign == ' ';
        last = sign;
        tokens.extend([tree]);
    }
    Ok(tokens)
}

/// The expressions of `[A, B]`; `None` if it is not a list.
fn in_brackets(value: &TokenStream) -> Option<Vec<TokenStream>> {
    let mut trees = value.clone().into_iter();
    let (Some(TokenTree::Group(list)), None) = (trees.next(), trees.next()) else {
        return None;
    };
    let list = match list.delimiter() {
        Delimiter::Bracket => list.stream(),
        Delimiter::None => return in_brackets(&list.stream()), // written by a macro
        _ => return None,
    };
    let expressions = |input: ParseStream<'_>| {
        let mut all = Vec::new();
        while !input.is_empty() {
            all.push(expression(input)?);
            input.parse::<Option<Token![,]>>()?;
        }
        Ok(all)
    };
    expressions.parse2(list).ok()
}
