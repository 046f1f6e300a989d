//! A slot whose bytes are not a value.

use core::fmt;
use core::fmt::Write as _;

use super::kind::Kind;
use super::path::{Located, Location, subject};
use super::shape::{Body, Shape};

/// The bytes of a slot are not a value of its type: another program wrote there.
///
/// Writing a valid value heals the slot. Read with `try_get` or `try_snapshot` to handle this as an
/// error; `get` and `snapshot` panic with it.
///
/// It also stands for a lock-guarded slot that could not be read whole for 100 ms, because its version is
/// overwritten all the time.
#[derive(Clone, Debug)]
pub struct Corrupt {
    path: String,
    segment: String,
    reason: Reason,
    found: u64,
}

/// What is wrong, and what was expected.
#[derive(Clone, Debug)]
enum Reason {
    /// The bits of a scalar.
    Scalar(&'static Shape),
    /// As `Scalar`, of a type that is known at run time only: what is wrong, in words.
    Told { wrong: Box<str>, signed: bool },
    /// The byte that says whether there is a value.
    Option,
    /// The nanoseconds within a second.
    Nanoseconds,
    /// The length of a text or list of that capacity.
    Length { capacity: usize },
    /// The text is not UTF-8 from this byte on.
    Utf8,
    /// It could not be read whole for so long that its version must be damaged.
    Unsettled,
}

impl Corrupt {
    const fn because(reason: Reason, found: u64) -> Self {
        Corrupt {
            path: String::new(),
            segment: String::new(),
            reason,
            found,
        }
    }

    /// `bits` is what was found, sign-extended to 64 bits.
    pub(crate) const fn scalar(shape: &'static Shape, bits: u64) -> Self {
        Corrupt::because(Reason::Scalar(shape), bits)
    }

    /// As `scalar`, of this kind. An integer must be one that may not be 0, since it is wrong.
    pub(crate) fn of_kind(kind: Kind, bits: u64) -> Self {
        Corrupt::told(kind, bits, tell_kind(kind, bits))
    }

    /// As `scalar`, of an enum that has these variants.
    pub(crate) fn variant<'v>(
        kind: Kind,
        variants: impl Iterator<Item = (&'v str, u64)>,
        bits: u64,
    ) -> Self {
        Corrupt::told(kind, bits, tell_enum(kind, variants, bits))
    }

    fn told(kind: Kind, bits: u64, wrong: String) -> Self {
        let (wrong, signed) = (wrong.into(), kind.is_signed());
        Corrupt::because(Reason::Told { wrong, signed }, bits)
    }

    pub(crate) fn option(tag: u8) -> Self {
        Corrupt::because(Reason::Option, tag.into())
    }

    pub(crate) fn nanoseconds(found: u32) -> Self {
        Corrupt::because(Reason::Nanoseconds, found.into())
    }

    pub(crate) const fn length(found: usize, capacity: usize) -> Self {
        Corrupt::because(Reason::Length { capacity }, found as u64)
    }

    /// `byte`, at the index `at`, is the first that is not part of a character.
    pub(crate) fn utf8(at: usize, byte: u8) -> Self {
        Corrupt::because(Reason::Utf8, byte.into()).at_index(at)
    }

    /// `bytes` are not a value of the kind that messages call `called`.
    pub(crate) fn fixed(called: &str, bytes: &[u8]) -> Self {
        let mut found = [0; 8];
        let len = bytes.len().min(8);
        found[..len].copy_from_slice(&bytes[..len]);
        let mut wrong = format!(" is {called} and holds the bytes");
        for byte in bytes {
            let _ = write!(wrong, " {byte:02x}");
        }
        wrong.push_str(", which are not one");
        let (wrong, signed) = (wrong.into(), false);
        Corrupt::because(Reason::Told { wrong, signed }, u64::from_le_bytes(found))
    }

    pub(crate) const fn unsettled() -> Self {
        Corrupt::because(Reason::Unsettled, 0)
    }

    pub(crate) const fn is_unsettled(&self) -> bool {
        matches!(self.reason, Reason::Unsettled)
    }

    /// The path of the field in its state, such as `limits.low` or `workers[3].phase`; empty if the state is one slot.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.path
    }

    /// What was found, as a number: the bytes of a scalar (sign-extended to 64 bits where it is signed), the
    /// length of a text or list, the byte that is not UTF-8, the byte that says whether an `Option` has a
    /// value, the nanoseconds of a `Duration`.
    #[must_use]
    pub fn found(&self) -> u64 {
        self.found
    }

    #[doc(hidden)]
    #[must_use]
    pub fn in_field(mut self, name: &str) -> Self {
        self.prepend(name);
        self
    }

    pub(crate) fn at_index(self, index: usize) -> Self {
        self.in_field(&format!("[{index}]"))
    }

    /// What is shown in place of the value.
    pub(crate) fn brief(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = self.found;
        match self.reason {
            #[allow(clippy::cast_possible_wrap)] // it is signed
            Reason::Told { signed: true, .. } => write!(f, "<corrupt: {}>", found as i64),
            Reason::Scalar(_) | Reason::Told { .. } => write!(f, "<corrupt: {found}>"),
            Reason::Option => f.write_str("<corrupt: neither None nor Some>"),
            Reason::Nanoseconds => f.write_str("<corrupt: its nanoseconds>"),
            Reason::Length { .. } => f.write_str("<corrupt: its length>"),
            Reason::Utf8 => f.write_str("<corrupt: not UTF-8>"),
            Reason::Unsettled => f.write_str("<changing>"),
        }
    }

    #[cold]
    #[track_caller]
    pub(crate) fn raise(self) -> ! {
        panic!("{self}")
    }
}

impl fmt::Display for Corrupt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = self.found;
        f.write_str(&subject(&self.path, &self.segment, "the slot"))?;
        match &self.reason {
            Reason::Scalar(shape) => f.write_str(&tell_scalar(shape, found))?,
            Reason::Told { wrong, .. } => f.write_str(wrong)?,
            Reason::Option => write!(
                f,
                " is an option marked {found}; expected 0 (None) or 1 (Some)"
            )?,
            Reason::Nanoseconds => write!(
                f,
                " is a duration of {found} nanoseconds beside the seconds; expected less than 1000000000"
            )?,
            Reason::Length { capacity } => {
                write!(f, " has the length {found}; expected at most {capacity}")?;
            }
            Reason::Utf8 => write!(f, " is the byte {found:#04x} of a text, which is not UTF-8")?,
            Reason::Unsettled => {
                return f.write_str(" has not held still for as long as a read waits: its version keeps changing, or its holder is stuck");
            }
        }
        f.write_str("; another program wrote there, and writing a valid value heals it")
    }
}

impl std::error::Error for Corrupt {}

impl Located for Corrupt {
    fn location(&mut self) -> Option<Location<'_>> {
        Some(Location {
            path: &mut self.path,
            segment: &mut self.segment,
        })
    }
}

fn tell_scalar(shape: &Shape, bits: u64) -> String {
    let Body::Scalar { kind, variants, .. } = shape.body else {
        return format!(" holds {bits:#x}, which is not a value of its type");
    };
    if variants.is_empty() {
        return tell_kind(kind, bits);
    }
    let variants = variants.iter().map(|variant| (variant.name, variant.value));
    tell_enum(kind, variants, bits)
}

fn tell_kind(kind: Kind, bits: u64) -> String {
    match kind {
        Kind::Bool => format!(" is a bool and holds {bits}; expected 0 or 1"),
        Kind::Char => format!(" is a char and holds {bits:#x}; expected a Unicode scalar value"),
        _ => format!(" is a nonzero {} and holds 0", kind.name()),
    }
}

/// Numbers are shown as the source writes them.
fn tell_enum<'v>(kind: Kind, variants: impl Iterator<Item = (&'v str, u64)>, bits: u64) -> String {
    const SHOWN: usize = 8;
    let mut told = format!(" is an enum and holds {}; expected", kind.number(bits));
    let mut more = 0;
    for (i, (name, value)) in variants.enumerate() {
        let comma = if i == 0 { "" } else { "," };
        if i < SHOWN {
            let _ = write!(told, "{comma} {} ({name})", kind.number(value));
        } else {
            more += 1;
        }
    }
    if more > 0 {
        let _ = write!(told, " or one of {more} more");
    }
    told
}
