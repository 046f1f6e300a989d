//! Finding a field by its path.

use super::error::FieldError;
use super::field::Field;
use crate::access::Access;
use crate::format::kind::EntryKind;
use crate::walk::Node;

pub(super) fn resolve<'a, A: Access>(
    root: Field<'a, A>,
    path: &str,
) -> Result<Field<'a, A>, FieldError> {
    let (mut field, mut rest) = (root, path);
    while !rest.is_empty() {
        let next = next(rest, field.path.is_empty());
        let (step, behind) = next.ok_or_else(|| FieldError::Path {
            path: path.to_owned(),
        })?;
        (field, rest) = (follow(field, step)?, behind);
    }
    Ok(field)
}

/// The first step of a path, a name or an index in brackets, and the rest. All names but the first follow a dot.
fn next(path: &str, first: bool) -> Option<(&str, &str)> {
    if path.starts_with('[') {
        let (step, rest) = path.split_at(path.find(']')? + 1);
        return index(step).map(|_| (step, rest));
    }
    let path = if first { path } else { path.strip_prefix('.')? };
    let end = path.find(['.', '[']).unwrap_or(path.len());
    let (name, rest) = path.split_at(end);
    (!name.is_empty()).then_some((name, rest))
}

/// The index, if the step is one.
fn index(step: &str) -> Option<usize> {
    let digits = step.strip_prefix('[')?.strip_suffix(']')?;
    let is_number = digits.bytes().all(|b| b.is_ascii_digit());
    digits.parse().ok().filter(|_| is_number)
}

fn follow<'a, A: Access>(field: Field<'a, A>, step: &str) -> Result<Field<'a, A>, FieldError> {
    let field = field.unwrapped();
    let node = field.node;
    let within = || field.path.clone();
    match (node.kind(), index(step)) {
        (Some(EntryKind::Struct), None) => match node.fields().find(|(name, ..)| *name == step) {
            Some((name, offset, node)) => Ok(field.part(name, offset, node)),
            None => Err(FieldError::NoField {
                name: step.to_owned(),
                within: within(),
                existing: node.fields().map(|(name, ..)| name.to_owned()).collect(),
            }),
        },
        (Some(EntryKind::Array | EntryKind::List), Some(index)) => {
            field.element(index).ok_or_else(|| FieldError::NoElement {
                index,
                within: within(),
                len: field.capacity().unwrap_or(0),
            })
        }
        _ => Err(FieldError::NoParts {
            step: step.to_owned(),
            within: within(),
            ty: field.ty(),
        }),
    }
}
