//! Types known by their text: why each has no slot, and what to write instead.
//!
//! Whether a type has a slot is decided by the traits alone. A match here only gives a better message
//! than theirs, so a name that may as well be a type of the user's own (`Instant`, `Cell`) is never
//! refused by its text: the compiler is asked first.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::{GenericArgument, Path, PathArguments, Type, TypePath};

use crate::tokens::text;

/// A type that has no slot.
pub(crate) struct Refusal {
    /// The type, or the part of it, that is refused.
    pub(crate) at: TokenStream,
    pub(crate) message: String,
    /// The text can mean nothing else: no need to ask the compiler.
    pub(crate) sure: bool,
    /// A struct with this field has no size, so it cannot have an impl.
    pub(crate) is_unsized: bool,
    /// It is a reference; the lifetime of the struct goes when it goes.
    pub(crate) is_reference: bool,
}

/// What is known against a type.
pub(crate) fn judge(ty: &Type) -> Option<Refusal> {
    let ty = element(ty);
    let shown = text(ty);
    let refuse = |why: &str| Refusal::sure(ty, format!("`{shown}` {why}"));
    Some(match ty {
        Type::Path(path) if path.qself.is_none() => return judge_path(ty, path),
        Type::Reference(inner) => Refusal {
            is_reference: true,
            ..refuse(&format!(
                "is a reference, which means nothing in another process; {}",
                instead_of_pointer_to(&inner.elem)
            ))
        },
        Type::Ptr(inner) => refuse(&format!(
            "is a pointer, which means nothing in another process; {}",
            instead_of_pointer_to(&inner.elem)
        )),
        Type::FnPtr(_) => refuse(
            "is a function pointer, which means nothing in another process; store a fieldless enum and `match` on it",
        ),
        Type::Slice(slice) => Refusal {
            is_unsized: true,
            ..refuse(&format!(
                "has no fixed length; use an array `[{}; N]`",
                text(&slice.elem)
            ))
        },
        Type::TraitObject(_) => Refusal {
            is_unsized: true,
            ..refuse(
                "is a trait object, whose methods another process does not have; use a fieldless enum",
            )
        },
        Type::ImplTrait(_) => refuse("is no type that a field can have; name the type"),
        Type::Never(_) => refuse("has no value to store; remove the field"),
        Type::Tuple(tuple) if !tuple.elems.is_empty() => refuse(
            "needs a lock-guarded slot, which this version does not have yet; make each part a field of its own",
        ),
        _ => return None,
    })
}

/// The type itself, or that of the elements of an array, also of arrays.
pub(crate) fn element(ty: &Type) -> &Type {
    match ty {
        Type::Group(inner) => element(&inner.elem),
        Type::Paren(inner) => element(&inner.elem),
        Type::Array(array) => element(&array.elem),
        _ => ty,
    }
}

/// Does the type, which is no array, surely have a slot, so that no question is needed?
pub(crate) fn is_known(ty: &Type) -> bool {
    match ty {
        Type::Tuple(tuple) => tuple.elems.is_empty(),
        Type::Path(path) => path.qself.is_none() && is_known_path(&path.path),
        _ => false,
    }
}

fn is_known_path(path: &Path) -> bool {
    let Some(name) = path.segments.last().map(|last| last.ident.to_string()) else {
        return false;
    };
    let is_nonzero = |path: &Path| match (path.segments.last(), &type_args(path)[..]) {
        (Some(last), []) => last
            .ident
            .to_string()
            .strip_prefix("NonZero")
            .is_some_and(|int| INTEGERS.contains(&int.to_lowercase().as_str())),
        (Some(last), [Type::Path(int)]) => {
            last.ident == "NonZero" && INTEGERS.iter().any(|known| int.path.is_ident(known))
        }
        _ => false,
    };
    match &type_args(path)[..] {
        [] => {
            path.segments.len() == 1
                && (INTEGERS.contains(&name.as_str())
                    || matches!(name.as_str(), "bool" | "char" | "f32" | "f64"))
                || is_nonzero(path)
        }
        [Type::Path(inner)] if name == "Option" => is_nonzero(&inner.path),
        [_] => name == "PhantomData" || is_nonzero(path),
        _ => false,
    }
}

/// The integers that fit an atomic.
const INTEGERS: [&str; 10] = [
    "u8", "u16", "u32", "u64", "usize", "i8", "i16", "i32", "i64", "isize",
];

impl Refusal {
    fn sure(at: &Type, why: impl std::fmt::Display) -> Self {
        Refusal {
            at: at.to_token_stream(),
            message: format!("this field has no slot: {why}"),
            sure: true,
            is_unsized: false,
            is_reference: false,
        }
    }
}

/// Where a name comes from, as far as the path to it tells.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// `std::…`, `core::…` or `alloc::…`.
    Std,
    /// The name alone.
    Bare,
    /// Some other path.
    Other,
}

fn judge_path(ty: &Type, path: &TypePath) -> Option<Refusal> {
    let segments = &path.path.segments;
    let last = segments.last()?;
    let origin = match segments.first() {
        Some(first) if segments.len() > 1 => {
            if ["std", "core", "alloc"]
                .iter()
                .any(|name| first.ident == name)
            {
                Origin::Std
            } else {
                Origin::Other
            }
        }
        _ if path.path.leading_colon.is_some() => Origin::Other,
        _ => Origin::Bare,
    };
    let args = type_args(&path.path);
    let name = last.ident.to_string();
    let sure = origin == Origin::Std
        || origin == Origin::Bare && matches!(name.as_str(), "u128" | "i128" | "str" | "String")
        || origin == Origin::Bare && !args.is_empty() && in_prelude(&last.ident);
    if name == "Option" && args.len() == 1 {
        // Where the trait decides: `Option<NonZero*>` has a slot.
        return judge_option(ty, args[0]).map(|refusal| Refusal {
            sure: sure && refusal.sure,
            ..refusal
        });
    }
    let why = why_not(&name, &args)?;
    Some(Refusal {
        sure,
        is_unsized: matches!(name.as_str(), "str" | "Path" | "OsStr" | "CStr"),
        ..Refusal::sure(ty, format!("`{}` {why}", text(ty)))
    })
}

/// The type arguments of the last part of a path.
fn type_args(path: &Path) -> Vec<&Type> {
    match path.segments.last().map(|last| &last.arguments) {
        Some(PathArguments::AngleBracketed(list)) => list
            .args
            .iter()
            .filter_map(|arg| match arg {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn in_prelude(name: &Ident) -> bool {
    ["Vec", "Box", "Option"].iter().any(|known| name == known)
}

fn judge_option(ty: &Type, inner: &Type) -> Option<Refusal> {
    let instead = match inner {
        Type::Path(path) => {
            let name = path.path.segments.last()?.ident.to_string();
            match name.as_str() {
                int if INTEGERS.contains(&int) => {
                    format!("use `Option<NonZero<{name}>>`, or a `bool` field beside the value")
                }
                "bool" | "char" | "f32" | "f64" | "u128" | "i128" | "Duration" => {
                    "use a `bool` field beside the value".to_owned()
                }
                _ => return judge(inner),
            }
        }
        Type::Tuple(_) | Type::Array(_) => "use a `bool` field beside the value".to_owned(),
        _ => return judge(inner),
    };
    Some(Refusal::sure(
        ty,
        format!(
            "`{}` needs a lock-guarded slot, which this version does not have yet; {instead}",
            text(ty)
        ),
    ))
}

/// Types of the standard library with as many type arguments as they take there.
fn why_not(name: &str, args: &[&Type]) -> Option<String> {
    let plain = |instead: &str| Some(instead.to_owned());
    match (name, args) {
        ("u128" | "i128", []) => plain(
            "needs a lock-guarded slot, which this version does not have yet; use one or two `u64` fields",
        ),
        ("str", []) => plain("has no fixed length; use `[u8; N]` and a field for the length"),
        ("String", []) => plain(
            "needs `#[shared(capacity = N)]`, the most bytes it may hold; text comes with a later version, until then use `[u8; N]` and a field for the length",
        ),
        ("Vec", [element]) => Some(list(element)),
        ("PathBuf" | "OsString" | "CString" | "Path" | "OsStr" | "CStr", []) => {
            plain("has no fixed length; use `[u8; N]` and a field for the length")
        }
        ("Duration", []) => plain(
            "needs a lock-guarded slot, which this version does not have yet; store a number, such as `u64` nanoseconds",
        ),
        ("SystemTime", []) => plain(
            "has no fixed layout; store a number, such as `u64` milliseconds since `UNIX_EPOCH`",
        ),
        ("Instant", []) => plain(
            "means nothing in another process; store a number, such as `u64` milliseconds since `UNIX_EPOCH`",
        ),
        ("Ipv4Addr", []) => plain("has no slot of its own; store its `to_bits()` as `u32`"),
        ("Ipv6Addr", []) => plain("has no slot of its own; store its `octets()` as `[u8; 16]`"),
        ("IpAddr", []) => plain(
            "has no fixed layout; store the `octets()` of an `Ipv6Addr` as `[u8; 16]`, an IPv4 address by its `to_ipv6_mapped()`",
        ),
        ("SocketAddr" | "SocketAddrV4" | "SocketAddrV6", []) => plain(
            "has no fixed layout; store the octets of the address as `[u8; 16]` and the port as `u16`",
        ),
        ("HashMap", [_, _] | [_, _, _]) | ("BTreeMap", [_, _]) => plain(
            "lives on the heap of one process; use fixed arrays, `[K; N]` for the keys and `[V; N]` for the values",
        ),
        ("HashSet", [_] | [_, _])
        | ("BTreeSet" | "VecDeque" | "BinaryHeap" | "LinkedList", [_]) => plain(
            "lives on the heap of one process; use a fixed array `[T; N]` and a field for the length",
        ),
        ("Box" | "Rc" | "Arc", [inner]) => Some(format!(
            "is a pointer, which means nothing in another process; {}",
            instead_of_pointer_to(inner)
        )),
        (
            "Cell" | "RefCell" | "UnsafeCell" | "OnceCell" | "Mutex" | "RwLock" | "OnceLock",
            [inner],
        ) => Some(format!(
            "guards memory of one process; write the plain type `{}`, a slot is shared by itself",
            text(inner)
        )),
        ("AtomicPtr", [_]) => {
            plain("is a pointer, which means nothing in another process; store an index")
        }
        (atomic, []) => {
            let number = atomic.strip_prefix("Atomic")?.to_lowercase();
            (number == "bool" || INTEGERS.contains(&number.as_str()))
                .then(|| format!("is not a plain value; write `{number}`, whose slot is an atomic"))
        }
        _ => None,
    }
}

fn instead_of_pointer_to(inner: &Type) -> String {
    match inner {
        Type::TraitObject(_) => "use a fieldless enum".to_owned(),
        Type::Slice(slice) => {
            format!(
                "use `[{}; N]` and a field for the length",
                text(&slice.elem)
            )
        }
        Type::Path(path) if path.path.is_ident("str") => {
            "use `[u8; N]` and a field for the length".to_owned()
        }
        _ => format!("store the value itself, `{}`, or an index", text(inner)),
    }
}

fn list(element: &Type) -> String {
    if let Type::Path(path) = element
        && let Some(last) = path.path.segments.last()
        && (last.ident == "String" || last.ident == "Vec")
    {
        return "has elements of varying length, for which there is no slot; use an array of arrays, such as `[[u8; 64]; N]`, and fields for the lengths".to_owned();
    }
    format!(
        "needs `#[shared(capacity = N)]`, the most elements it may hold; lists come with a later version, until then use `[{}; N]` and a field for the length",
        text(element)
    )
}
