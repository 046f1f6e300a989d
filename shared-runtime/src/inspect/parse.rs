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
use super::tree::TreeNode;
use super::value::Value;
use crate::access::Access;
use crate::format::kind::{EntryKind, Kind, Wide, Zero};
use crate::walk::{Bytes, Node, Part};

type Parsed = Result<Value, WriteError>;

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
        let in_path = |error: WriteError| error.in_field(&self.path);
        let value = parse(self.node, text).map_err(in_path)?;
        if !self.is_leaf() {
            return Ok(value);
        }
        let bytes = encode::bytes(self.node, &value).map_err(in_path)?;
        let part = Part::new(Bytes::Private(&bytes), self.node.unlocked());
        Ok(read::value(part).unwrap_or(value))
    }
}

/// The value that the text is; an error has the path from there on.
pub(super) fn parse(node: TreeNode<'_>, text: &str) -> Result<Value, WriteError> {
    if stands_for_itself(node, text) {
        return Ok(Value::Text(text.to_owned()));
    }
    let mut parser = Parser { rest: text };
    let value = parser.value(node)?;
    if parser.rest.trim().is_empty() {
        Ok(value)
    } else {
        Err(refuse(node, text))
    }
}

/// Whether the text is the value as it is, without quotes: a text or a character, by itself or in a lock or option.
fn stands_for_itself(node: TreeNode<'_>, text: &str) -> bool {
    match node.kind() {
        Some(EntryKind::Text) => true,
        Some(EntryKind::Scalar(Kind::Char)) => text.chars().count() == 1,
        Some(EntryKind::Locked) => stands_for_itself(node.inner(), text),
        Some(EntryKind::Option) => {
            let marked = matches!(text, "None" | "null") || text.starts_with(['"', '\'']);
            !marked && !text.starts_with("Some(") && stands_for_itself(node.inner(), text)
        }
        _ => false,
    }
}

struct Parser<'t> {
    rest: &'t str,
}

impl<'t> Parser<'t> {
    fn value(&mut self, node: TreeNode<'_>) -> Parsed {
        match node.kind() {
            None if self.eat_word("()") || self.eat_word("null") => Ok(Value::Nothing),
            None | Some(EntryKind::Variant) => Err(self.wrong(node)),
            Some(EntryKind::Locked) => self.value(node.inner()),
            Some(EntryKind::Option) => self.option(node, |parser| parser.value(node.inner())),
            Some(EntryKind::Scalar(kind)) if node.zero() == Zero::Absent => {
                self.option(node, |parser| parser.scalar(node, kind))
            }
            Some(EntryKind::Scalar(kind)) => self.scalar(node, kind),
            Some(EntryKind::Wide(Wide::U128 | Wide::I128)) => self.word_as(node, integer),
            Some(EntryKind::Wide(Wide::Duration)) => {
                let text = self.text_or_word(node)?;
                let value = duration(&text).map(Value::Duration);
                value.ok_or_else(|| refuse(node, &text))
            }
            Some(EntryKind::Fixed(_)) => Ok(Value::Literal(if self.peek('"') {
                self.quoted(node, '"')?
            } else {
                self.literal().to_owned()
            })),
            Some(EntryKind::Text) => Ok(Value::Text(self.quoted(node, '"')?)),
            Some(EntryKind::Enum(_)) => Ok(Value::Text(self.text_or_word(node)?)),
            Some(EntryKind::Array | EntryKind::List) => {
                let element = |parser: &mut Self, i| {
                    let value = parser.value(node.inner());
                    value.map_err(|error| error.at_index(i))
                };
                Ok(Value::List(self.sequence(node, &[('[', ']')], element)?))
            }
            Some(EntryKind::Opaque) => {
                let byte = |parser: &mut Self, _| parser.word_as(node, integer);
                Ok(Value::List(self.sequence(node, &[('[', ']')], byte)?))
            }
            Some(EntryKind::Struct) => self.structure(node),
        }
    }

    fn option(&mut self, node: TreeNode<'_>, value: impl FnOnce(&mut Self) -> Parsed) -> Parsed {
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

    fn scalar(&mut self, node: TreeNode<'_>, kind: Kind) -> Parsed {
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

    fn structure(&mut self, node: TreeNode<'_>) -> Parsed {
        let fields: Vec<_> = node.fields().collect();
        if node.is_tuple() {
            let part = |parser: &mut Self, i: usize| {
                let (name, _, part) = fields.get(i).ok_or_else(|| parser.wrong(node))?;
                let value = parser.value(*part);
                value.map_err(|error| error.in_field(name))
            };
            let parts = self.sequence(node, &[('(', ')'), ('[', ']')], part)?;
            return Ok(Value::Tuple(parts));
        }
        let field = |parser: &mut Self, _| {
            let name = parser.text_or_word(node)?;
            let field = fields.iter().find(|(other, ..)| *other == name);
            let field = field.filter(|_| parser.eat(':'));
            let (_, _, field) = field.ok_or_else(|| refuse(node, &name))?;
            let value = parser.value(*field);
            let value = value.map_err(|error| error.in_field(&name))?;
            Ok((name, value))
        };
        let fields = self.sequence(node, &[('{', '}')], field)?;
        Ok(Value::Struct(fields))
    }

    /// Parts, each taken by `part`, with commas between them, and optionally behind the last, in a pair of brackets.
    fn sequence<T>(
        &mut self,
        node: TreeNode<'_>,
        brackets: &[(char, char)],
        part: impl Fn(&mut Self, usize) -> Result<T, WriteError>,
    ) -> Result<Vec<T>, WriteError> {
        let pair = brackets.iter().find(|(open, _)| self.eat(*open));
        let (_, close) = pair.ok_or_else(|| self.wrong(node))?;
        let mut parts = Vec::new();
        while !self.eat(*close) {
            parts.push(part(self, parts.len())?);
            if !self.eat(',') && !self.peek(*close) {
                return Err(self.wrong(node));
            }
        }
        Ok(parts)
    }

    /// The error that what comes next is not a value of it.
    fn wrong(&self, node: TreeNode<'_>) -> WriteError {
        refuse(node, self.rest.trim_start())
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

    /// What comes before the next character that `ends`.
    fn until(&mut self, ends: impl FnMut(char) -> bool) -> &'t str {
        let rest = self.rest.trim_start();
        let (taken, rest) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
        self.rest = rest;
        taken
    }

    /// Up to the next space, comma or closing bracket that does not close one within.
    fn literal(&mut self) -> &'t str {
        let mut open = 0;
        self.until(|c| {
            match c {
                '[' | '(' => open += 1,
                ']' | ')' if open > 0 => open -= 1,
                _ => return c.is_whitespace() || ",()[]{}".contains(c),
            }
            false
        })
    }

    /// Up to the next space, comma, colon, bracket or quote; at least one character.
    fn word(&mut self, node: TreeNode<'_>) -> Result<&'t str, WriteError> {
        match self.until(|c| c.is_whitespace() || ",:()[]{}\"'".contains(c)) {
            "" => Err(self.wrong(node)),
            word => Ok(word),
        }
    }

    fn word_as(&mut self, node: TreeNode<'_>, value: fn(&str) -> Option<Value>) -> Parsed {
        let word = self.word(node)?;
        value(word).ok_or_else(|| refuse(node, word))
    }

    fn text_or_word(&mut self, node: TreeNode<'_>) -> Result<String, WriteError> {
        if self.peek('"') {
            self.quoted(node, '"')
        } else {
            self.word(node).map(str::to_owned)
        }
    }

    /// Text in quotes, with the escapes of Rust and of JSON.
    fn quoted(&mut self, node: TreeNode<'_>, quote: char) -> Result<String, WriteError> {
        let given = self.rest.trim_start();
        let text = self.eat(quote).then(|| self.unquoted(quote)).flatten();
        text.ok_or_else(|| refuse(node, given))
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
    let digits = word.strip_prefix(['-', '+']).unwrap_or(word);
    let number = match digits.strip_prefix("0x") {
        Some(digits) => u128::from_str_radix(digits, 16),
        None => digits.parse(),
    };
    let number = number.ok().filter(|_| !digits.starts_with('+'))?;
    Some(if word.starts_with('-') {
        Value::Signed(0_i128.checked_sub_unsigned(number)?)
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
