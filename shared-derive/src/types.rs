//! What the text of a type tells.
//!
//! The compiler has the last word, because `Vec` may be a type of the user's own. Where the text is
//! clear enough, it need not be asked.

use syn::{GenericArgument, Path, PathArguments, PathSegment, Type, TypePath};

/// The type itself, or that of the elements of an array, also of arrays.
pub(crate) fn element(ty: &Type) -> &Type {
    match ty {
        Type::Group(inner) => element(&inner.elem),
        Type::Paren(inner) => element(&inner.elem),
        Type::Array(array) => element(&array.elem),
        _ => ty,
    }
}

/// How deep arrays are nested in the type: 2 for `[[u8; 4]; 4]`.
pub(crate) fn array_depth(ty: &Type) -> usize {
    match ty {
        Type::Group(inner) => array_depth(&inner.elem),
        Type::Paren(inner) => array_depth(&inner.elem),
        Type::Array(array) => 1 + array_depth(&array.elem),
        _ => 0,
    }
}

/// The type arguments of the last segment of a path.
pub(crate) fn type_args(path: &Path) -> Vec<&Type> {
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

/// The same, to be changed.
pub(crate) fn type_args_mut(last: &mut PathSegment) -> Vec<&mut Type> {
    match &mut last.arguments {
        PathArguments::AngleBracketed(list) => list
            .args
            .iter_mut()
            .filter_map(|arg| match arg {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// The name and the type arguments of a path without `<T as Trait>`.
pub(crate) fn named(ty: &Type) -> Option<(String, Vec<&Type>)> {
    match ty {
        Type::Path(path) if path.qself.is_none() => {
            let last = path.path.segments.last()?;
            Some((last.ident.to_string(), type_args(&path.path)))
        }
        _ => None,
    }
}

/// Is the path the name alone?
pub(crate) fn is_bare(path: &TypePath) -> bool {
    path.path.segments.len() == 1 && path.path.leading_colon.is_none()
}

/// Does a type of this text surely have a slot, with capacities or without?
pub(crate) fn is_known_value(ty: &Type, with_capacity: bool) -> bool {
    let ty = element(ty);
    if let Type::Tuple(tuple) = ty {
        let mut parts = tuple.elems.iter();
        return parts.len() <= 12 && parts.all(|part| is_known_value(part, with_capacity));
    }
    let (Type::Path(path), Some((name, args))) = (ty, named(ty)) else {
        return false;
    };
    let bare = is_bare(path);
    match &args[..] {
        [] if name == "String" => bare && with_capacity,
        [] => bare && is_primitive(&name) || is_nonzero(ty),
        [inner] if name == "Option" => is_known_value(inner, with_capacity),
        [inner] if name == "Vec" => bare && with_capacity && is_known_value(inner, true),
        [_] => name == "PhantomData" || is_nonzero(ty),
        _ => false,
    }
}

/// The first part of the type whose name says nothing: it may be another name for a text or list.
pub(crate) fn unknown_part(ty: &Type) -> Option<&Type> {
    let ty = element(ty);
    if let Type::Tuple(tuple) = ty {
        return tuple.elems.iter().find_map(unknown_part);
    }
    match named(ty) {
        Some((name, args)) if args.len() == 1 && (name == "Option" || name == "Vec") => {
            unknown_part(args[0])
        }
        _ => (!is_known_value(ty, true)).then_some(ty),
    }
}

/// Does a type of this text, which is not an array, surely fit an atomic?
pub(crate) fn is_known_scalar(ty: &Type) -> bool {
    let (Type::Path(path), Some((name, args))) = (ty, named(ty)) else {
        return false;
    };
    match &args[..] {
        [inner] if name == "Option" => is_nonzero(inner),
        [] if path.path.segments.len() == 1 => {
            is_primitive(&name) && !is_wide(&name) || is_nonzero(ty)
        }
        _ => is_nonzero(ty),
    }
}

/// `NonZeroU8` or `NonZero<u8>`, of an integer that fits an atomic.
fn is_nonzero(ty: &Type) -> bool {
    nonzero(ty).is_some_and(|int| INTEGERS.contains(&int.as_str()))
}

/// The integer of a `NonZeroU8` or `NonZero<u8>`.
pub(crate) fn nonzero(ty: &Type) -> Option<String> {
    let (name, args) = named(ty)?;
    match &args[..] {
        [] => name.strip_prefix("NonZero").map(str::to_lowercase),
        [int] if name == "NonZero" => named(int).map(|(int, _)| int),
        _ => None,
    }
}

/// Is the type surely an integer or a float?
pub(crate) fn is_known_number(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    let name = path.path.get_ident().map(ToString::to_string);
    name.is_some_and(|name| is_primitive(&name) && name != "bool" && name != "char")
}

pub(crate) fn is_primitive(name: &str) -> bool {
    INTEGERS.contains(&name) || matches!(name, "bool" | "char" | "f32" | "f64") || is_wide(name)
}

/// The integers that do not fit an atomic.
pub(crate) fn is_wide(name: &str) -> bool {
    matches!(name, "u128" | "i128")
}

/// The integers that fit an atomic.
pub(crate) const INTEGERS: [&str; 10] = [
    "u8", "u16", "u32", "u64", "usize", "i8", "i16", "i32", "i64", "isize",
];
