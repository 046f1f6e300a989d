//! Parsing text as values, by the type of the field that is to hold them.
//!
//! Both what a [`Value`] displays and JSON are accepted. The grammar depends on the type: a value of `u32` is a word, one
//! of a list begins with a bracket. Only the form is checked here; whether a value is in the range of its type is checked
//! where it is encoded.

use std::time::Duration;

use super::encode::{self, refuse};
use super::error::WriteError;
use super::field::Field;
use super::read;
use super::tree::{Tree, zero};
use super::value::Value;
use crate::access::Access;
use crate::format::kind::{EntryKind, Kind, Wide, Zero};
use crate::walk::Bytes;

impl<A: Access> Field<'_, A> {
    /// The value that [`set_str`](Field::set_str) would write, in the form in which [`get`](Field::get) would return it, so
    /// that the two can be compared. For a struct or array of several slots, it has the form that the text has.
    ///
    /// # Errors
    ///
    /// [`WriteError`], if `set_str` would refuse the text.
    ///
    /// ```
    /// # use shmstate::{Inspector, Shared};
    /// let pair = Shared::new((1_u8, Some('a')))?;
    /// let inspector = Inspector::from_token(&pair.token())?;
    /// let field = inspector.root();
    /// assert_eq!(field.parse("[0x1, 'a']")?, field.get()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn parse(&self, text: &str) -> Result<Value, WriteError> {
        let tree = self.tree();
        let value = parse(tree, self.node, text).map_err(|error| error.in_path(self.path()))?;
        let Some(node) = self.node_of_form().filter(|_| self.is_leaf()) else {
            return Ok(value);
        };
        let size = tree.kind(node).atomic_size();
        let size = size.unwrap_or_else(|| tree.size(node));
        let mut bytes = vec![0; size];
        encode::encode(tree, node, &value, &mut bytes)
            .map_err(|error| error.in_path(self.path()))?;
        let read = read::value(tree.part(node, Bytes::Private(&bytes)));
        Ok(read.unwrap_or(value))
    }
}

/// The value of an entry; an error has the path from the entry on.
pub(super) fn parse(tree: &Tree, node: usize, text: &str) -> Result<Value, WriteError> {
    if stands_for_itself(tree, node, text) {
        return Ok(Value::Text(text.to_owned()));
    }
    let mut parser = Parser { tree, rest: text };
    let value = parser.value(node)?;
    if parser.rest.trim().is_empty() {
        Ok(value)
    } else {
        Err(refuse(tree, node, text))
    }
}

/// Whether the text is the value as it is, without quotes: a text or a character, by itself or in a lock or option.
fn stands_for_itself(tree: &Tree, node: usize, text: &str) -> bool {
    match tree.kind(node) {
        EntryKind::Text => true,
        EntryKind::Scalar(Kind::Char) => text.chars().count() == 1,
        EntryKind::Locked => tree
            .inner(node)
            .is_some_and(|inner| stands_for_itself(tree, inner, text)),
        EntryKind::Option => {
            let marked = matches!(text, "None" | "null") || text.starts_with(['"', '\'']);
            let inner = tree.inner(node);
            !marked
                && !text.starts_with("Some(")
                && inner.is_some_and(|inner| stands_for_itself(tree, inner, text))
        }
        _ => false,
    }
}

struct Parser<'l, 't> {
    tree: &'l Tree,
    rest: &'t str,
}

impl<'t> Parser<'_, 't> {
    fn value(&mut self, node: usize) -> Result<Value, WriteError> {
        let tree = self.tree;
        let zero = zero(tree.row(node).facts);
        match tree.kind(node) {
            EntryKind::Locked => self.inner(node),
            EntryKind::Option => self.option(node, |parser| parser.inner(node)),
            EntryKind::Scalar(kind) if zero == Zero::Absent => {
                self.option(node, |parser| parser.scalar(node, kind))
            }
            EntryKind::Scalar(kind) => self.scalar(node, kind),
            EntryKind::Wide(Wide::U128 | Wide::I128) => self.word_as(node, integer),
            EntryKind::Wide(Wide::Duration) if self.peek('"') => {
                let text = self.quoted(node, '"')?;
                let value = duration(&text).map(Value::Duration);
                value.ok_or_else(|| refuse(tree, node, &text))
            }
            EntryKind::Wide(Wide::Duration) => {
                self.word_as(node, |word| duration(word).map(Value::Duration))
            }
            EntryKind::Fixed(_) => Ok(Value::Literal(if self.peek('"') {
                self.quoted(node, '"')?
            } else {
                self.literal().to_owned()
            })),
            EntryKind::Text => Ok(Value::Text(self.quoted(node, '"')?)),
            EntryKind::Enum(_) if self.peek('"') => Ok(Value::Text(self.quoted(node, '"')?)),
            EntryKind::Enum(_) => self.word_as(node, |word| Some(Value::Text(word.to_owned()))),
            kind @ (EntryKind::List | EntryKind::Array | EntryKind::Opaque) => {
                let mut elements = Vec::new();
                self.sequence(node, &[('[', ']')], |parser| {
                    let i = elements.len();
                    elements.push(match kind {
                        EntryKind::Opaque => parser.word_as(node, integer)?,
                        _ => parser.inner(node).map_err(|error| error.at_index(i))?,
                    });
                    Ok(())
                })?;
                Ok(Value::List(elements))
            }
            EntryKind::Struct => self.structure(node),
            EntryKind::Variant => Err(self.wrong(node)),
        }
    }

    fn inner(&mut self, node: usize) -> Result<Value, WriteError> {
        match self.tree.inner(node) {
            Some(inner) => self.value(inner),
            None if self.eat_word("()") || self.eat_word("null") => Ok(Value::Nothing),
            None => Err(self.wrong(node)),
        }
    }

    fn option(
        &mut self,
        node: usize,
        value: impl FnOnce(&mut Self) -> Result<Value, WriteError>,
    ) -> Result<Value, WriteError> {
        if self.eat_word("None") || self.eat_word("null") {
            return Ok(Value::Optional(None));
        }
        let marked = self.eat_word("Some(");
        let value = value(self)?;
        if !marked {
            return Ok(value);
        }
        self.eat(',');
        if !self.eat(')') {
            return Err(self.wrong(node));
        }
        Ok(Value::Optional(Some(Box::new(value))))
    }

    fn scalar(&mut self, node: usize, kind: Kind) -> Result<Value, WriteError> {
        match kind {
            Kind::Bool => self.word_as(node, |word| word.parse().ok().map(Value::Bool)),
            Kind::Char => {
                let quote = if self.peek('\'') { '\'' } else { '"' };
                Ok(Value::Text(self.quoted(node, quote)?))
            }
            Kind::F32 => self.word_as(node, |word| {
                let wide: f64 = word.parse().ok()?;
                encode::narrow(&Value::F64(wide))?;
                word.parse().ok().map(Value::F32)
            }),
            Kind::F64 => self.word_as(node, |word| word.parse().ok().map(Value::F64)),
            _ => self.word_as(node, integer),
        }
    }

    fn structure(&mut self, node: usize) -> Result<Value, WriteError> {
        let tree = self.tree;
        let nodes: Vec<usize> = tree.children(node).collect();
        if nodes
            .first()
            .is_some_and(|first| tree.row(*first).name == "0")
        {
            let mut parts = Vec::new();
            self.sequence(node, &[('(', ')'), ('[', ']')], |parser| {
                let i = parts.len();
                let part = nodes.get(i).ok_or_else(|| parser.wrong(node))?;
                let value = parser.value(*part);
                parts.push(value.map_err(|error| error.in_field(&i.to_string()))?);
                Ok(())
            })?;
            return Ok(Value::Tuple(parts));
        }
        let mut fields = Vec::new();
        self.sequence(node, &[('{', '}')], |parser| {
            let name = if parser.peek('"') {
                parser.quoted(node, '"')?
            } else {
                parser.word().to_owned()
            };
            let named = |part: &&usize| tree.row(**part).name == name;
            let part = nodes.iter().find(named).copied();
            let part = part.filter(|_| parser.eat(':'));
            let part = part.ok_or_else(|| refuse(tree, node, &name))?;
            let value = parser.value(part).map_err(|error| error.in_field(&name))?;
            fields.push((name, value));
            Ok(())
        })?;
        Ok(Value::Struct(fields))
    }

    /// Parts with commas between them, and optionally behind the last, in one of these pairs of brackets.
    fn sequence(
        &mut self,
        node: usize,
        brackets: &[(char, char)],
        mut part: impl FnMut(&mut Self) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        let pair = brackets.iter().find(|(open, _)| self.eat(*open));
        let (_, close) = pair.ok_or_else(|| self.wrong(node))?;
        while !self.eat(*close) {
            part(self)?;
            if !self.eat(',') && !self.peek(*close) {
                return Err(self.wrong(node));
            }
        }
        Ok(())
    }

    /// The error that what comes next is not a value of that entry.
    fn wrong(&self, node: usize) -> WriteError {
        refuse(self.tree, node, self.rest.trim_start())
    }

    fn peek(&mut self, c: char) -> bool {
        self.rest = self.rest.trim_start();
        self.rest.starts_with(c)
    }

    fn eat(&mut self, c: char) -> bool {
        let there = self.peek(c);
        if there {
            self.rest = &self.rest[c.len_utf8()..];
        }
        there
    }

    /// A whole word, or one that ends with a bracket.
    fn eat_word(&mut self, word: &str) -> bool {
        let Some(rest) = self.rest.trim_start().strip_prefix(word) else {
            return false;
        };
        let ends = |c: char| !c.is_alphanumeric() && c != '_';
        let whole = word.ends_with(['(', ')']) || rest.chars().next().is_none_or(ends);
        if whole {
            self.rest = rest;
        }
        whole
    }

    /// Up to the next space, comma, colon or bracket.
    fn word(&mut self) -> &'t str {
        let rest = self.rest.trim_start();
        let ends = |c: char| c.is_whitespace() || ",:()[]{}\"'".contains(c);
        let (word, rest) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
        self.rest = rest;
        word
    }

    /// Up to the next space, comma or closing bracket that does not close one within.
    fn literal(&mut self) -> &'t str {
        let rest = self.rest.trim_start();
        let mut open = 0;
        let ends = |c: char| {
            match c {
                '[' | '(' => open += 1,
                ']' | ')' if open > 0 => open -= 1,
                _ => return c.is_whitespace() || ",()[]{}".contains(c),
            }
            false
        };
        let (literal, rest) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
        self.rest = rest;
        literal
    }

    fn word_as(
        &mut self,
        node: usize,
        value: impl FnOnce(&str) -> Option<Value>,
    ) -> Result<Value, WriteError> {
        let word = self.word();
        if word.is_empty() {
            return Err(self.wrong(node));
        }
        value(word).ok_or_else(|| refuse(self.tree, node, word))
    }

    /// Text in quotes, with the escapes of Rust and of JSON.
    fn quoted(&mut self, node: usize, quote: char) -> Result<String, WriteError> {
        let (tree, given) = (self.tree, self.rest.trim_start());
        let text = self.eat(quote).then(|| self.unquoted(quote)).flatten();
        text.ok_or_else(|| refuse(tree, node, given))
    }

    /// What comes up to the closing quote; `None` if there is none, or an escape means nothing.
    fn unquoted(&mut self, quote: char) -> Option<String> {
        let mut text = String::new();
        let mut chars = self.rest.chars();
        loop {
            match chars.next()? {
                c if c == quote => break,
                '\\' => text.push(unescape(&mut chars)?),
                c => text.push(c),
            }
        }
        self.rest = chars.as_str();
        Some(text)
    }
}

/// What an escape behind its backslash means.
fn unescape(chars: &mut core::str::Chars<'_>) -> Option<char> {
    Some(match chars.next()? {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'b' => '\u{8}',
        'f' => '\u{c}',
        '0' => '\0',
        'u' if chars.as_str().starts_with('{') => {
            let (digits, rest) = chars.as_str()[1..].split_once('}')?;
            *chars = rest.chars();
            char::from_u32(u32::from_str_radix(digits, 16).ok()?)?
        }
        'u' => {
            let first = unit(chars)?;
            let mut units = vec![first];
            // A character beyond U+FFFF is written as two escapes.
            if (0xd800..0xdc00).contains(&first) {
                (chars.next()? == '\\' && chars.next()? == 'u').then_some(())?;
                units.push(unit(chars)?);
            }
            char::decode_utf16(units).next()?.ok()?
        }
        c @ ('"' | '\'' | '\\' | '/') => c,
        _ => return None,
    })
}

/// Four hexadecimal digits.
fn unit(chars: &mut core::str::Chars<'_>) -> Option<u16> {
    let digits = chars.as_str().get(..4)?;
    let unit = u16::from_str_radix(digits, 16).ok()?;
    *chars = chars.as_str()[4..].chars();
    Some(unit)
}

fn integer(word: &str) -> Option<Value> {
    let (negative, digits) = match word.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, word.strip_prefix('+').unwrap_or(word)),
    };
    let number = match digits.strip_prefix("0x") {
        Some(digits) => u128::from_str_radix(digits, 16),
        None => digits.parse::<u128>(),
    };
    let number = number.ok().filter(|_| !digits.starts_with('+'))?;
    Some(if negative {
        let value = 0_i128.checked_sub_unsigned(number)?;
        Value::Signed(value)
    } else {
        Value::Unsigned(number)
    })
}

/// A duration such as `1.5s`, `250ms` or `1m30s`.
fn duration(text: &str) -> Option<Duration> {
    let mut rest = text;
    let mut total = 0_u128;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, behind) = rest.split_at(end);
        let end = behind.find(|c: char| c.is_ascii_digit());
        let (unit, behind) = behind.split_at(end.unwrap_or(behind.len()));
        let nanoseconds: u128 = match unit {
            "ns" => 1,
            "us" | "µs" | "μs" => 1000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" | "min" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => return None,
        };
        let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
        let scale = 10_u128.checked_pow(u32::try_from(part.len()).ok()?)?;
        let part = part.parse::<u128>().ok()?.checked_mul(nanoseconds)? / scale;
        let whole = whole.parse::<u128>().ok()?.checked_mul(nanoseconds)?;
        total = total.checked_add(whole)?.checked_add(part)?;
        rest = behind;
    }
    let seconds = u64::try_from(total / 1_000_000_000).ok()?;
    let nanoseconds = u32::try_from(total % 1_000_000_000).ok()?;
    (!text.is_empty()).then(|| Duration::new(seconds, nanoseconds))
}
