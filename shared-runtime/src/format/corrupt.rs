//! A slot whose bytes are not a value.

use core::fmt;
use core::fmt::Write as _;

use super::kind::{EntryKind, Kind};
use super::path::{Located, Location, subject};
use super::shape::Shape;

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
    found: u64,
    told: Box<Told>,
}

/// What was found and what was expected.
#[derive(Clone, Debug)]
struct Told {
    /// For a message, behind the name of the slot.
    wrong: String,
    /// For where a value would be shown; `None` if it could not be read whole.
    brief: Option<String>,
}

impl Corrupt {
    fn because(found: u64, brief: &str, wrong: String) -> Self {
        let brief = Some(brief.to_owned());
        Corrupt::told(found, Told { wrong, brief })
    }

    #[cold]
    fn told(found: u64, told: Told) -> Self {
        Corrupt {
            path: String::new(),
            segment: String::new(),
            found,
            told: Box::new(told),
        }
    }

    /// `bits` is what was found, sign-extended to 64 bits.
    pub(crate) fn scalar(shape: &Shape, bits: u64) -> Self {
        match shape.kind {
            Some(EntryKind::Scalar(kind)) => Corrupt::of_kind(kind, bits),
            Some(EntryKind::Enum(kind)) => {
                let variants = shape.variants.iter();
                Corrupt::variant(kind, variants.map(|one| (one.name, one.value)), bits)
            }
            _ => {
                let wrong = format!(" holds {bits:#x}, which is not a value of its type");
                Corrupt::because(bits, &bits.to_string(), wrong)
            }
        }
    }

    /// As `scalar`, of this kind. An integer must be one that may not be 0, since it is wrong.
    pub(crate) fn of_kind(kind: Kind, bits: u64) -> Self {
        let wrong = match kind {
            Kind::Bool => format!(" is a bool and holds {bits}; expected 0 or 1"),
            Kind::Char => {
                format!(" is a char and holds {bits:#x}; expected a Unicode scalar value")
            }
            _ => format!(" is a nonzero {} and holds 0", kind.name()),
        };
        Corrupt::because(bits, &bits.to_string(), wrong)
    }

    /// As `scalar`, of an enum that has these variants. Numbers are shown as the source writes them.
    pub(crate) fn variant<'v>(
        kind: Kind,
        variants: impl Iterator<Item = (&'v str, u64)>,
        bits: u64,
    ) -> Self {
        const SHOWN: usize = 8;
        let found = kind.number(bits).to_string();
        let mut wrong = format!(" is an enum and holds {found}; expected");
        let mut more = 0;
        for (i, (name, value)) in variants.enumerate() {
            let comma = if i == 0 { "" } else { "," };
            if i < SHOWN {
                let _ = write!(wrong, "{comma} {} ({name})", kind.number(value));
            } else {
                more += 1;
            }
        }
        if more > 0 {
            let _ = write!(wrong, " or one of {more} more");
        }
        Corrupt::because(bits, &found, wrong)
    }

    /// The byte that says whether an option has a value.
    pub(crate) fn option(tag: u8) -> Self {
        let wrong = format!(" is an option marked {tag}; expected 0 (None) or 1 (Some)");
        Corrupt::because(tag.into(), "neither None nor Some", wrong)
    }

    /// The nanoseconds within a second.
    pub(crate) fn nanoseconds(found: u32) -> Self {
        let wrong = format!(
            " is a duration of {found} nanoseconds beside the seconds; expected less than 1000000000"
        );
        Corrupt::because(found.into(), "its nanoseconds", wrong)
    }

    /// The length of a text or list of that capacity.
    pub(crate) fn length(found: usize, capacity: usize) -> Self {
        let wrong = format!(" has the length {found}; expected at most {capacity}");
        Corrupt::because(found as u64, "its length", wrong)
    }

    /// `byte`, at the index `at`, is the first that is not part of a character.
    pub(crate) fn utf8(at: usize, byte: u8) -> Self {
        let wrong = format!(" is the byte {byte:#04x} of a text, which is not UTF-8");
        Corrupt::because(byte.into(), "not UTF-8", wrong).at_index(at)
    }

    /// `bytes` are not a value of the kind that messages call `called`.
    pub(crate) fn fixed(called: &str, bytes: &[u8]) -> Self {
        let mut found = [0; 8];
        let len = bytes.len().min(8);
        found[..len].copy_from_slice(&bytes[..len]);
        let found = u64::from_le_bytes(found);
        let mut wrong = format!(" is {called} and holds the bytes");
        for byte in bytes {
            let _ = write!(wrong, " {byte:02x}");
        }
        wrong.push_str(", which are not one");
        Corrupt::because(found, &found.to_string(), wrong)
    }

    /// It could not be read whole for so long that its version must be damaged.
    pub(crate) fn unsettled() -> Self {
        let wrong = " has not held still for as long as a read waits: its version keeps changing, or its holder is stuck";
        let (wrong, brief) = (wrong.to_owned(), None);
        Corrupt::told(0, Told { wrong, brief })
    }

    pub(crate) fn is_unsettled(&self) -> bool {
        self.told.brief.is_none()
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
        match &self.told.brief {
            Some(brief) => write!(f, "<corrupt: {brief}>"),
            None => f.write_str("<changing>"),
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
        let subject = subject(&self.path, &self.segment, "the slot");
        write!(f, "{subject}{}", self.told.wrong)?;
        if self.is_unsettled() {
            return Ok(());
        }
        f.write_str("; another program wrote there, and writing a valid value heals it")
    }
}

impl std::error::Error for Corrupt {}

impl Located for Corrupt {
    fn location(&mut self) -> Option<Location<'_>> {
        let Corrupt { path, segment, .. } = self;
        Some(Location { path, segment })
    }
}
