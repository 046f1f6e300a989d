//! Finding a field by its path.

use super::error::FieldError;
use super::field::Field;
use crate::access::Access;
use crate::walk::{Form, Node};

/// One step of a path.
enum Step<'p> {
    Name(&'p str),
    Index(usize),
}

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
        (field, rest) = (follow(field, &step)?, behind);
    }
    Ok(field)
}

/// The first step of a path, and the rest of the path. All names but the first follow a dot.
fn next(path: &str, first: bool) -> Option<(Step<'_>, &str)> {
    if let Some(rest) = path.strip_prefix('[') {
        let (index, rest) = rest.split_once(']')?;
        let digits = index.bytes().all(|b| b.is_ascii_digit());
        let index = index.parse().ok().filter(|_| digits)?;
        return Some((Step::Index(index), rest));
    }
    let path = if first { path } else { path.strip_prefix('.')? };
    let end = path.find(['.', '[']).unwrap_or(path.len());
    let (name, rest) = path.split_at(end);
    (!name.is_empty()).then_some((Step::Name(name), rest))
}

fn follow<'a, A: Access>(field: Field<'a, A>, step: &Step<'_>) -> Result<Field<'a, A>, FieldError> {
    let field = field.unwrapped();
    let within = || field.path.clone();
    match (field.node.form(), step) {
        (Form::Struct, Step::Name(name)) => {
            let mut fields = field.node.fields();
            match fields.find(|(other, ..)| other == name) {
                Some((name, offset, node)) => Ok(field.part(name, offset, node)),
                None => Err(FieldError::NoField {
                    name: (*name).to_owned(),
                    within: within(),
                    existing: field
                        .node
                        .fields()
                        .map(|(name, ..)| name.to_owned())
                        .collect(),
                }),
            }
        }
        (Form::Array(_) | Form::List(_), Step::Index(i)) => {
            field.element(*i).ok_or_else(|| FieldError::NoElement {
                index: *i,
                within: within(),
                len: field.capacity().unwrap_or(0),
            })
        }
        (_, step) => Err(FieldError::NoParts {
            step: match step {
                Step::Name(name) => (*name).to_owned(),
                Step::Index(i) => format!("[{i}]"),
            },
            within: within(),
            ty: field.ty(),
        }),
    }
}
