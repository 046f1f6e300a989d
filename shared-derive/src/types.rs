//! Types known by their text: why each has no slot, and what to write instead.
//!
//! Whether a type has a slot is decided by the traits alone. A match here only gives a better message
//! than theirs, so a name that may as well be a type of the user's own (`Instant`, `Cell`) is never
//! refused by its text: the compiler is asked first.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::{GenericArgument, PathArguments, Type, TypePath};

use crate::model::FieldStore;
use crate::tokens::text;

/// A type that has no slot.
pub(crate) struct Refusal {
    /// The type, or the part of it, that is refused.
    pub(crate) at: TokenStream,
    pub(crate) message: String,
    pub(crate) certainty: Certainty,
    /// A struct with this field has no size, so it cannot have an impl.
    pub(crate) is_unsized: bool,
    /// It is a reference; the lifetime of the struct goes when it goes.
    pub(crate) is_reference: bool,
}

/// How sure the text makes it that the type has no slot.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Certainty {
    /// It can mean nothing else: no need to ask the compiler.
    Sure,
    /// The name is known, but may as well be a type of the user's own.
    Known,
    /// Only the compiler knows; this is what to say if it has none.
    Unknown,
}

/// What a type is judged for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    /// A field without a capacity, or the value of an option or array there.
    Field,
    /// A part of a tuple.
    Part,
    /// A field with a capacity, or the value of an option or array there.
    Capacity,
    /// The element of a list.
    Element,
    /// A field with `pod`.
    Pod,
}

/// What is known against the type of a field.
pub(crate) fn judge(ty: &Type, store: &FieldStore) -> Option<Refusal> {
    match store {
        FieldStore::Inline | FieldStore::Lock => judge_as(ty, Use::Field),
        FieldStore::Capacity(_) => judge_as(ty, Use::Capacity),
        FieldStore::Pod { .. } => judge_as(ty, Use::Pod),
        FieldStore::Refused => None,
    }
}

fn judge_as(ty: &Type, as_: Use) -> Option<Refusal> {
    let shown = text(ty);
    let refuse = |why: &str| Refusal::sure(ty, format!("`{shown}` {why}"));
    Some(match ty {
        Type::Group(inner) => return judge_as(&inner.elem, as_),
        Type::Paren(inner) => return judge_as(&inner.elem, as_),
        Type::Array(array) => return judge_as(&array.elem, as_),
        Type::Path(path) if path.qself.is_none() => return judge_path(ty, path, as_),
        Type::Reference(_) => Refusal {
            is_reference: true,
            ..refuse(
                "is a reference, which means nothing in another process; store the value itself, or an index",
            )
        },
        Type::Ptr(_) => refuse(
            "is a pointer, which means nothing in another process; store the value itself, or an index",
        ),
        Type::FnPtr(_) => refuse(
            "is a function pointer, which means nothing in another process; store a fieldless enum and `match` on it",
        ),
        Type::Slice(slice) => Refusal {
            is_unsized: true,
            ..refuse(&format!(
                "has no fixed length; use an array `[{element}; N]`, or `Vec<{element}>` with `#[shared(capacity = N)]`",
                element = text(&slice.elem)
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
        Type::Tuple(_) if as_ == Use::Capacity => no_capacity(ty, Certainty::Sure),
        Type::Tuple(tuple) if as_ != Use::Pod => {
            return tuple
                .elems
                .iter()
                .find_map(|part| judge_as(part, Use::Part));
        }
        _ => return None,
    })
}

/// A type with a capacity that it has no use for.
fn no_capacity(ty: &Type, certainty: Certainty) -> Refusal {
    Refusal {
        certainty,
        ..Refusal::sure(
            ty,
            format!(
                "`capacity` is for a `String` or `Vec`, also in an `Option` or an array, and `{}` is none; remove it",
                text(ty)
            ),
        )
    }
}

/// Types that surely have a slot, so that no question is needed.
pub(crate) fn is_known(ty: &Type) -> bool {
    match ty {
        Type::Group(inner) => is_known(&inner.elem),
        Type::Paren(inner) => is_known(&inner.elem),
        Type::Array(array) => is_known(&array.elem),
        Type::Tuple(tuple) => tuple.elems.iter().all(is_known),
        Type::Path(path) => path.path.get_ident().is_some_and(|name| {
            let name = name.to_string();
            SCALARS.contains(&name.as_str())
        }),
        _ => false,
    }
}

/// The same, of types with a capacity.
pub(crate) fn is_known_list(ty: &Type) -> bool {
    match ty {
        Type::Group(inner) => is_known_list(&inner.elem),
        Type::Paren(inner) => is_known_list(&inner.elem),
        Type::Array(array) => is_known_list(&array.elem),
        Type::Path(path) => match path.path.segments.first() {
            Some(name) if path.path.segments.len() == 1 => {
                let args = arguments(&name.arguments);
                name.ident == "String" && args.is_empty()
                    || name.ident == "Vec" && args.len() == 1 && is_known(args[0])
            }
            _ => false,
        },
        _ => false,
    }
}

const SCALARS: [&str; 16] = [
    "bool", "char", "f32", "f64", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32",
    "i64", "i128", "isize",
];

impl Refusal {
    fn sure(at: &Type, why: impl std::fmt::Display) -> Self {
        Refusal {
            at: at.to_token_stream(),
            message: format!("this field has no slot: {why}"),
            certainty: Certainty::Sure,
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

fn arguments(arguments: &PathArguments) -> Vec<&Type> {
    let PathArguments::AngleBracketed(list) = arguments else {
        return Vec::new();
    };
    let types = list.args.iter().filter_map(|arg| match arg {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    types.collect()
}

fn origin(path: &TypePath) -> Origin {
    match path.path.segments.first() {
        Some(first) if path.path.segments.len() > 1 => {
            let std = ["std", "core", "alloc"];
            if std.iter().any(|name| first.ident == name) {
                Origin::Std
            } else {
                Origin::Other
            }
        }
        _ if path.path.leading_colon.is_some() => Origin::Other,
        _ => Origin::Bare,
    }
}

fn judge_path(ty: &Type, path: &TypePath, as_: Use) -> Option<Refusal> {
    let last = path.path.segments.last()?;
    let origin = origin(path);
    let args = arguments(&last.arguments);
    let name = last.ident.to_string();
    let bare = origin == Origin::Bare;
    let sure = origin == Origin::Std
        || bare
            && args.is_empty()
            && (SCALARS.contains(&&*name) || matches!(&*name, "str" | "String"))
        || bare && !args.is_empty() && in_prelude(&last.ident);
    let certainty = if sure {
        Certainty::Sure
    } else {
        Certainty::Known
    };
    match (&*name, &*args, as_) {
        (_, _, Use::Pod) => {
            return Some(Refusal {
                certainty: Certainty::Unknown,
                ..Refusal::sure(
                    ty,
                    format!(
                        "`pod` is for `bytemuck::Pod` types, and `{}` is none; if it is your own, use the derive in place of `pod`",
                        text(ty)
                    ),
                )
            });
        }
        ("Option", [inner], _) => {
            return judge_as(inner, as_).map(|refusal| Refusal {
                certainty: certainty.max(refusal.certainty),
                ..refusal
            });
        }
        ("String", [], Use::Capacity) => return None,
        ("Vec", [element], Use::Capacity) => {
            return judge_as(element, Use::Element).map(|refusal| Refusal {
                certainty: certainty.max(refusal.certainty),
                ..refusal
            });
        }
        _ => {}
    }
    if let Some(why) = why_not(&name, &args, as_) {
        return Some(Refusal {
            certainty,
            is_unsized: matches!(&*name, "str" | "Path" | "OsStr" | "CStr"),
            ..Refusal::sure(ty, format!("`{}` {why}", text(ty)))
        });
    }
    (as_ == Use::Capacity).then(|| {
        let known = bare && SCALARS.contains(&&*name);
        no_capacity(
            ty,
            if known {
                Certainty::Sure
            } else {
                Certainty::Unknown
            },
        )
    })
}

fn in_prelude(name: &Ident) -> bool {
    ["Vec", "Box", "Option"].iter().any(|known| name == known)
}

/// Types of the standard library with as many type arguments as they take there.
fn why_not(name: &str, args: &[&Type], as_: Use) -> Option<String> {
    let plain = |instead: &str| Some(instead.to_owned());
    match (name, args) {
        ("str", []) => plain("has no fixed length; use `String` with `#[shared(capacity = N)]`"),
        ("String", []) => plain(text_without_capacity(as_)),
        ("Vec", [element]) => plain(list_without_capacity(element, as_)),
        ("PathBuf" | "OsString" | "CString" | "Path" | "OsStr" | "CStr", []) => {
            plain("has no fixed length; use `String` (or `Vec<u8>`) with `#[shared(capacity = N)]`")
        }
        ("SystemTime", []) => plain("has no fixed layout; store the `Duration` since `UNIX_EPOCH`"),
        ("Instant", []) => plain(
            "means nothing in another process; store the `Duration` since `UNIX_EPOCH` of a `SystemTime`",
        ),
        ("Ipv4Addr", []) => plain("has no slot of its own; store its `to_bits()` as `u32`"),
        ("Ipv6Addr", []) => plain("has no slot of its own; store its `octets()` as `[u8; 16]`"),
        ("IpAddr", []) => plain(
            "has no fixed layout; store the `octets()` of an `Ipv6Addr` as `[u8; 16]`, an IPv4 address by its `to_ipv6_mapped()`",
        ),
        ("SocketAddr" | "SocketAddrV4" | "SocketAddrV6", []) => plain(
            "has no fixed layout; store the octets of the address as `[u8; 16]` and the port as `u16`",
        ),
        ("HashMap", [key, value] | [key, value, _]) | ("BTreeMap", [key, value]) => Some(format!(
            "lives on the heap of one process; use `Vec<({}, {})>` with `#[shared(capacity = N)]`",
            text(key),
            text(value)
        )),
        ("HashSet", [element] | [element, _])
        | ("BTreeSet" | "VecDeque" | "BinaryHeap" | "LinkedList", [element]) => Some(format!(
            "lives on the heap of one process; use `Vec<{}>` with `#[shared(capacity = N)]`",
            text(element)
        )),
        ("Box" | "Rc" | "Arc", [inner]) => Some(format!(
            "is a pointer, which means nothing in another process; store the value itself: `{}`",
            text(inner)
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
            matches!(
                number.as_str(),
                "bool"
                    | "u8"
                    | "u16"
                    | "u32"
                    | "u64"
                    | "usize"
                    | "i8"
                    | "i16"
                    | "i32"
                    | "i64"
                    | "isize"
            )
            .then(|| format!("is not a plain value; write `{number}`, whose slot is an atomic"))
        }
        _ => None,
    }
}

fn text_without_capacity(as_: Use) -> &'static str {
    match as_ {
        Use::Part => NO_PLACE_IN_A_TUPLE,
        Use::Element => NO_PLACE_IN_A_LIST,
        _ => "needs `#[shared(capacity = N)]`, the most bytes of text it may hold",
    }
}

fn list_without_capacity(element: &Type, as_: Use) -> &'static str {
    let varies = match element {
        Type::Path(path) => path
            .path
            .segments
            .last()
            .is_some_and(|last| last.ident == "String" || last.ident == "Vec"),
        _ => false,
    };
    match as_ {
        Use::Part => NO_PLACE_IN_A_TUPLE,
        Use::Element => NO_PLACE_IN_A_LIST,
        _ if varies => {
            "has elements of varying length; make the element a struct with the derive, with `#[shared(capacity = N)]` on a field of it, and give this field a capacity too"
        }
        _ => "needs `#[shared(capacity = N)]`, the most elements it may hold",
    }
}

const NO_PLACE_IN_A_TUPLE: &str = "in a tuple has no place for its capacity; make the tuple a struct with the derive, with `#[shared(capacity = N)]` on a field of it";
const NO_PLACE_IN_A_LIST: &str = "in a list has no place for its capacity; make the element a struct with the derive, with `#[shared(capacity = N)]` on a field of it";
