//! A slot whose bytes are no value.

use core::fmt;

use crate::shape::{Body, Kind, Shape, Variant};

/// The bytes of a slot are no value of its type: another program wrote there.
///
/// Writing a valid value heals the slot. Read with `try_get` or `try_snapshot` to handle this as an
/// error; `get` and `snapshot` panic with it.
#[derive(Clone, Debug)]
pub struct Corrupt {
    path: String,
    shape: &'static Shape,
    bits: u64,
}

impl Corrupt {
    /// `bits` is what was found, sign-extended to 64 bits.
    pub(crate) fn new(shape: &'static Shape, bits: u64) -> Self {
        Corrupt {
            path: String::new(),
            shape,
            bits,
        }
    }

    /// The path of the field, such as `limits.low` or `workers[3].phase`, as far as it is known: it is
    /// empty when the slot itself was read, and complete when it comes through a snapshot.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.path
    }

    /// The bytes found, as a number; sign-extended to 64 bits where the slot is signed.
    #[must_use]
    pub fn found(&self) -> u64 {
        self.bits
    }

    #[doc(hidden)]
    #[must_use]
    pub fn in_field(mut self, name: &str) -> Self {
        let separator = if self.path.is_empty() || self.path.starts_with('[') {
            ""
        } else {
            "."
        };
        self.path = format!("{name}{separator}{}", self.path);
        self
    }

    pub(crate) fn at_index(self, index: usize) -> Self {
        self.in_field(&format!("[{index}]"))
    }

    #[cold]
    pub(crate) fn raise(&self) -> ! {
        panic!("{self}")
    }
}

impl fmt::Display for Corrupt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            f.write_str("the slot")?;
        } else {
            write!(f, "field `{}`", self.path)?;
        }
        let Body::Scalar { kind, variants, .. } = self.shape.body else {
            return write!(f, " holds {:#x}, which is no value of its type", self.bits);
        };
        match kind {
            _ if !variants.is_empty() => fmt_enum(kind, variants, self.bits, f)?,
            Kind::Bool => write!(f, " is a bool and holds {}; expected 0 or 1", self.bits)?,
            Kind::Char => write!(
                f,
                " is a char and holds {:#x}; expected a Unicode scalar value",
                self.bits
            )?,
            _ => write!(f, " is a nonzero {} and holds 0", kind.name())?,
        }
        f.write_str("; another program wrote there, and writing a valid value heals it")
    }
}

impl std::error::Error for Corrupt {}

/// Numbers are shown as the source writes them.
fn fmt_enum(
    kind: Kind,
    variants: &[Variant],
    bits: u64,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    const SHOWN: usize = 8;
    let number = |value: u64| {
        if kind.is_signed() {
            value.cast_signed().to_string()
        } else {
            value.to_string()
        }
    };
    write!(f, " is an enum and holds {}; expected", number(bits))?;
    for (i, variant) in variants.iter().take(SHOWN).enumerate() {
        let comma = if i == 0 { "" } else { "," };
        write!(f, "{comma} {} ({})", number(variant.value), variant.name)?;
    }
    if variants.len() > SHOWN {
        write!(f, " or one of {} more", variants.len() - SHOWN)?;
    }
    Ok(())
}
