//! Types known by their text: why each has no slot, and what to write instead.
//!
//! Whether a type has a slot is decided by the traits alone. A match here only gives a better message
//! than theirs, so a name that may also be a type of the user's own (`Instant`, `Cell`) is never
//! refused by its text: the compiler is asked first.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::{Type, TypePath, parse_quote};

use super::capacity;
use crate::model::FieldStore;
use crate::tokens::text;
use crate::types::{
    INTEGERS, element, is_bare, is_known_value, is_primitive, is_wide, nonzero, type_args,
    type_args_mut,
};

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
    /// It is a collection, for which a list can be written.
    is_collection: bool,
}

/// How sure the text makes it that the type has no slot.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Certainty {
    /// It can mean nothing else: no need to ask the compiler.
    Sure,
    /// The name is known, but it may also be a type of the user's own.
    Known,
    /// Only the compiler knows; this is what to say if it has none.
    Unknown,
}

/// What a type is judged for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    /// A value without texts and lists.
    Plain,
    /// A value whose texts and lists have capacities.
    WithCapacity,
    /// A field with `pod`.
    Pod,
}

/// What is known against the type of a field.
pub(super) fn judge(ty: &Type, store: &FieldStore) -> Option<Refusal> {
    match store {
        FieldStore::Inline | FieldStore::Lock => without_capacity(ty),
        FieldStore::Watch => without_capacity(ty).or_else(|| no_watch(element(ty))),
        FieldStore::Capacity(_) => {
            let with_capacity = judge_with_capacity(ty);
            let has_none = || (capacity::count(ty) == 0).then(|| no_capacity(element(ty)));
            with_capacity.or_else(has_none)
        }
        FieldStore::Pod { .. } => judge_as(ty, Use::Pod),
        FieldStore::Refused => None,
    }
}

/// What is known against the type with any number of capacities.
pub(super) fn with_any_capacity(ty: &Type) -> Option<Refusal> {
    let has_none = || is_known_value(ty, true) && capacity::count(ty) == 0;
    judge_with_capacity(ty).or_else(|| has_none().then(|| no_capacity(element(ty))))
}

fn judge_with_capacity(ty: &Type) -> Option<Refusal> {
    let refusal = judge_as(ty, Use::WithCapacity)?;
    if !refusal.is_collection {
        return Some(refusal);
    }
    // The remedy is the whole type with its collections as lists, because the capacities are for that.
    let lists = with_lists(ty);
    let why = format!(
        "`{}` lives on the heap of one process; use `{}` with `{}`",
        text(&refusal.at),
        text(&lists),
        capacity::attribute(capacity::count(&lists))
    );
    Some(Refusal {
        message: Refusal::sure(ty, why).message,
        ..refusal
    })
}

fn without_capacity(ty: &Type) -> Option<Refusal> {
    let refusal = judge_as(ty, Use::Plain)?;
    let with_capacity = judge_with_capacity(ty);
    if let Some(found) = with_capacity {
        if !found.is_collection {
            return Some(refusal);
        }
        let (at, message) = (found.at, found.message);
        return Some(Refusal {
            at,
            message,
            ..refusal
        });
    }
    if capacity::count(ty) < 2 {
        return Some(refusal);
    }
    // Capacities would help: the message is about the whole type, which takes all of them.
    let ty = element(ty);
    let needed = capacity::explained(ty);
    Some(Refusal {
        certainty: refusal.certainty,
        ..Refusal::sure(ty, format!("`{}` needs {needed}", text(ty)))
    })
}

fn judge_as(ty: &Type, as_: Use) -> Option<Refusal> {
    let ty = element(ty);
    let why = match ty {
        Type::Path(path) if path.qself.is_none() => return judge_path(ty, path, as_),
        Type::Tuple(tuple) if as_ != Use::Pod => {
            return tuple.elems.iter().find_map(|part| judge_as(part, as_));
        }
        Type::Reference(inner) => pointer("reference", &inner.elem),
        Type::Ptr(inner) => pointer("pointer", &inner.elem),
        Type::FnPtr(_) => "is a function pointer, which means nothing in another process; store a fieldless enum and `match` on it".to_owned(),
        Type::Slice(slice) => format!(
            "has no fixed length; use an array {}",
            array_or_list(&slice.elem)
        ),
        Type::TraitObject(_) => "is a trait object, whose methods another process does not have; use a fieldless enum".to_owned(),
        Type::ImplTrait(_) => "is not a type that a field can have; name the type".to_owned(),
        Type::Never(_) => "has no value to store; remove the field".to_owned(),
        _ => return None,
    };
    Some(Refusal {
        is_unsized: matches!(ty, Type::Slice(_) | Type::TraitObject(_)),
        is_reference: matches!(ty, Type::Reference(_)),
        ..Refusal::of(ty, &why)
    })
}

/// A type with a capacity, and no text or list in sight.
fn no_capacity(ty: &Type) -> Refusal {
    let why = format!(
        "`capacity` is for a `String` or `Vec`, also in an `Option`, an array or a tuple, and there is none in `{}`; remove it",
        text(ty)
    );
    Refusal {
        certainty: Certainty::sure_if(is_known_value(ty, true)),
        ..Refusal::sure(ty, why)
    }
}

/// A type with `watch` that fits no atomic, as far as its text tells.
fn no_watch(ty: &Type) -> Option<Refusal> {
    let shown = text(ty);
    let (name, is_bare) = match ty {
        Type::Path(path) => (path.path.segments.last()?.ident.to_string(), is_bare(path)),
        _ => (String::new(), false),
    };
    if is_bare && is_primitive(&name) && !is_wide(&name) {
        return None;
    }
    let is_tuple = matches!(ty, Type::Tuple(tuple) if !tuple.elems.is_empty());
    let is_sure = is_tuple || is_bare && is_wide(&name);
    let message = if is_sure || LOCKED.contains(&&*name) {
        format!(
            "the slot of `{shown}` is lock-guarded, and can be waited for as it is; remove `watch`"
        )
    } else {
        format!(
            "`watch` is for what fits an atomic (a number, `bool`, `char`, `NonZero*`, or a fieldless enum with the derive), and `{shown}` does not; of a struct with the derive, put it on the fields that are to be waited for, or put `#[shared(lock)]` here"
        )
    };
    Some(Refusal {
        message,
        certainty: Certainty::sure_if(is_sure),
        ..Refusal::sure(ty, "")
    })
}

/// Types that have a slot, which is wider than an atomic.
const LOCKED: [&str; 6] = [
    "Duration",
    "Option",
    "SystemTime",
    "IpAddr",
    "Ipv6Addr",
    "SocketAddr",
];

impl Certainty {
    fn sure_if(is_sure: bool) -> Self {
        if is_sure {
            Certainty::Sure
        } else {
            Certainty::Unknown
        }
    }
}

impl Refusal {
    /// `why` follows the type, as in "`T` is a pointer".
    fn of(ty: &Type, why: &str) -> Self {
        Refusal::sure(ty, format!("`{}` {why}", text(ty)))
    }

    fn sure(at: &Type, why: impl std::fmt::Display) -> Self {
        Refusal {
            at: at.to_token_stream(),
            message: format!("this field has no slot: {why}"),
            certainty: Certainty::Sure,
            is_unsized: false,
            is_reference: false,
            is_collection: false,
        }
    }
}

/// Does the path say that the type is of the standard library?
fn is_std(path: &TypePath) -> bool {
    let first = path.path.segments.first().map(|first| &first.ident);
    let is_crate = |first: &Ident| first == "std" || first == "core" || first == "alloc";
    path.path.segments.len() > 1 && first.is_some_and(is_crate)
}

fn judge_path(ty: &Type, path: &TypePath, as_: Use) -> Option<Refusal> {
    let last = path.path.segments.last()?;
    let (name, args, bare) = (last.ident.to_string(), type_args(&path.path), is_bare(path));
    let in_prelude = match &args[..] {
        [] => is_primitive(&name) || matches!(&*name, "str" | "String"),
        _ => matches!(&*name, "Vec" | "Box" | "Option"),
    };
    let certainty = if is_std(path) || bare && in_prelude {
        Certainty::Sure
    } else {
        Certainty::Known
    };
    if as_ == Use::Pod {
        let why = format!(
            "`pod` is for `bytemuck::Pod` types, and `{}` is not one; if it is your own, use the derive in place of `pod`",
            text(ty)
        );
        return Some(Refusal {
            certainty: Certainty::Unknown,
            ..Refusal::sure(ty, why)
        });
    }
    let judge_inner = |inner: &Type| {
        judge_as(inner, as_).map(|refusal| Refusal {
            certainty: certainty.max(refusal.certainty),
            ..refusal
        })
    };
    match (&*name, &*args) {
        ("Option", [inner]) => return judge_inner(inner),
        ("String", []) if as_ == Use::WithCapacity => return None,
        ("Vec", [element]) if as_ == Use::WithCapacity => return judge_inner(element),
        _ => {}
    }
    let why = why_not(ty, &name, &args)?;
    Some(Refusal {
        certainty,
        is_unsized: matches!(&*name, "str" | "Path" | "OsStr" | "CStr"),
        is_collection: collected(&name, &args).is_some(),
        ..Refusal::of(ty, &why)
    })
}

/// Types of the standard library with as many type arguments as they take there.
fn why_not(ty: &Type, name: &str, args: &[&Type]) -> Option<String> {
    if let Some(int) = nonzero(ty).filter(|int| is_wide(int)) {
        return Some(format!(
            "is wider than an atomic, and only an atomic can tell 0 apart; store a plain `{int}`, with 0 for nothing"
        ));
    }
    let why = match (name, args) {
        ("str", []) => "has no fixed length; use `String` with `#[shared(capacity = N)]`",
        ("String", []) | ("Vec", [_]) => return Some(format!("needs {}", capacity::explained(ty))),
        ("PathBuf" | "OsString" | "CString" | "Path" | "OsStr" | "CStr", []) => {
            "has no fixed length; use `String` (or `Vec<u8>`) with `#[shared(capacity = N)]`"
        }
        ("Instant", []) => {
            "means nothing in another process; store a `shmstate::Timestamp`, or a `SystemTime`"
        }
        ("SocketAddrV4" | "SocketAddrV6", []) => {
            "has no slot of its own; store it as a `SocketAddr`"
        }
        _ if collected(name, args).is_some() => "lives on the heap of one process",
        ("Box" | "Rc" | "Arc", [inner]) => return Some(pointer("pointer", inner)),
        (
            "Cell" | "RefCell" | "UnsafeCell" | "OnceCell" | "Mutex" | "RwLock" | "OnceLock",
            [inner],
        ) => {
            return Some(format!(
                "works within one process only; write the plain type `{}`, a slot is shared by itself",
                text(inner)
            ));
        }
        ("AtomicPtr", [_]) => {
            "is a pointer, which means nothing in another process; store an index"
        }
        (atomic, []) => {
            let number = atomic.strip_prefix("Atomic")?.to_lowercase();
            return (number == "bool" || INTEGERS.contains(&number.as_str())).then(|| {
                format!("is not a plain value; write `{number}`, whose slot is an atomic")
            });
        }
        _ => return None,
    };
    Some(why.to_owned())
}

/// Why there is no slot for a `what` to `inner`, and what to write instead.
fn pointer(what: &str, inner: &Type) -> String {
    let instead = match inner {
        Type::TraitObject(_) => "use a fieldless enum".to_owned(),
        Type::Slice(slice) => format!("use {}", array_or_list(&slice.elem)),
        Type::Path(path) if path.path.is_ident("str") => {
            "use `String` with `#[shared(capacity = N)]`".to_owned()
        }
        _ => format!("store the value itself, `{}`, or an index", text(inner)),
    };
    format!("is a {what}, which means nothing in another process; {instead}")
}

fn array_or_list(element: &Type) -> String {
    let element = text(element);
    format!("`[{element}; N]`, or `Vec<{element}>` with `#[shared(capacity = N)]`")
}

/// What a collection of the standard library holds: the elements, or the key and the value.
fn collected<'a>(name: &str, args: &[&'a Type]) -> Option<Vec<&'a Type>> {
    match (name, args) {
        ("HashMap", [key, value] | [key, value, _]) | ("BTreeMap", [key, value]) => {
            Some(vec![*key, *value])
        }
        ("HashSet", [element] | [element, _])
        | ("BTreeSet" | "VecDeque" | "BinaryHeap" | "LinkedList", [element]) => {
            Some(vec![*element])
        }
        _ => None,
    }
}

/// The type with a list for each collection in it: `Vec<(K, V)>` for `HashMap<K, V>`.
fn with_lists(ty: &Type) -> Type {
    let mut ty = ty.clone();
    match &mut ty {
        Type::Group(inner) => return with_lists(&inner.elem),
        Type::Paren(inner) => return with_lists(&inner.elem),
        Type::Array(array) => *array.elem = with_lists(&array.elem),
        Type::Tuple(tuple) => {
            for part in &mut tuple.elems {
                *part = with_lists(part);
            }
        }
        Type::Path(path) => {
            let last = path.path.segments.last();
            let name = last.map_or_else(String::new, |last| last.ident.to_string());
            if let Some(parts) = collected(&name, &type_args(&path.path)) {
                let parts: Vec<Type> = parts.into_iter().map(with_lists).collect();
                return match &parts[..] {
                    [element] => parse_quote!(Vec<#element>),
                    parts => parse_quote!(Vec<(#(#parts),*)>),
                };
            }
            for inner in path
                .path
                .segments
                .last_mut()
                .into_iter()
                .flat_map(type_args_mut)
            {
                *inner = with_lists(inner);
            }
        }
        _ => {}
    }
    ty
}
