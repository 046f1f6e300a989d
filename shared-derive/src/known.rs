//! Types that surely have a slot, told by their text, so that the compiler need not be asked.

use syn::{GenericArgument, Path, PathArguments, Type};

use crate::model::FieldStore;

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
pub(crate) fn is_known(ty: &Type, store: &FieldStore) -> bool {
    match store {
        FieldStore::Inline | FieldStore::Lock => is_known_value(ty),
        FieldStore::Capacity(_) => match ty {
            Type::Path(path) => is_known_list(&path.path),
            _ => false,
        },
        FieldStore::Watch => is_known_scalar(ty),
        FieldStore::Pod { .. } => false,
        FieldStore::Refused => true,
    }
}

pub(crate) fn is_known_value(ty: &Type) -> bool {
    match element(ty) {
        Type::Tuple(tuple) => tuple.elems.len() <= 12 && tuple.elems.iter().all(is_known_value),
        Type::Path(path) => path.qself.is_none() && is_known_path(&path.path),
        _ => false,
    }
}

/// Does the type, which is no array, surely fit an atomic?
fn is_known_scalar(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    let path = &path.path;
    match (path.segments.last(), &type_args(path)[..]) {
        (Some(last), []) if path.segments.len() == 1 => {
            let name = last.ident.to_string();
            is_primitive(&name) && !is_wide(&name) || is_nonzero(path)
        }
        (Some(last), [Type::Path(inner)]) if last.ident == "Option" => is_nonzero(&inner.path),
        _ => is_nonzero(path),
    }
}

fn is_nonzero(path: &Path) -> bool {
    match (path.segments.last(), &type_args(path)[..]) {
        (Some(last), []) => last
            .ident
            .to_string()
            .strip_prefix("NonZero")
            .is_some_and(|int| INTEGERS.contains(&int.to_lowercase().as_str())),
        (Some(last), [Type::Path(int)]) => {
            last.ident == "NonZero" && INTEGERS.iter().any(|known| int.path.is_ident(known))
        }
        _ => false,
    }
}

fn is_known_path(path: &Path) -> bool {
    let Some(name) = path.segments.last().map(|last| last.ident.to_string()) else {
        return false;
    };
    match &type_args(path)[..] {
        [] => path.segments.len() == 1 && is_primitive(&name) || is_nonzero(path),
        [inner] if name == "Option" => is_known_value(inner),
        [_] => name == "PhantomData" || is_nonzero(path),
        _ => false,
    }
}

fn is_known_list(path: &Path) -> bool {
    let Some(name) = path.segments.last().map(|last| &last.ident) else {
        return false;
    };
    let bare = path.segments.len() == 1 && path.leading_colon.is_none();
    bare && match &type_args(path)[..] {
        [] => name == "String",
        [element] if name == "Vec" => is_known_value(element),
        [Type::Path(inner)] if name == "Option" => is_known_list(&inner.path),
        _ => false,
    }
}

/// Is the type surely an integer or a float?
pub(crate) fn is_known_number(ty: &Type) -> bool {
    match ty {
        Type::Path(path) => path.path.get_ident().is_some_and(|name| {
            let name = name.to_string();
            is_primitive(&name) && name != "bool" && name != "char"
        }),
        _ => false,
    }
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

/// The type arguments of the last part of a path.
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
