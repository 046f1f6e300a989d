//! Finding a field by its path.

use super::error::FieldError;
use super::field::Field;
use super::tree::index;
use crate::access::Access;
use crate::format::kind::EntryKind;

/// One step of a path.
enum Step<'p> {
    Name(&'p str),
    Index(usize),
}

pub(super) fn resolve<'a, A: Access>(
    root: Field<'a, A>,
    path: &str,
) -> Result<Field<'a, A>, FieldError> {
    let mut field = root;
    let mut rest = path;
    while !rest.is_empty() {
        let (step, behind) =
            next(rest, field.path().is_empty()).ok_or_else(|| FieldError::Path {
                path: path.to_owned(),
            })?;
        field = follow(field, &step)?;
        rest = behind;
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
    let within = || field.path().to_owned();
    let tree = field.tree();
    match (tree.kind(field.node), step) {
        (EntryKind::Struct, Step::Name(name)) => {
            let mut rows = tree.rows_below(field.node);
            match rows.find(|(_, row)| row.name == *name) {
                Some((node, row)) => Ok(field.part(node, index(row.facts.offset), row.name)),
                None => Err(FieldError::NoField {
                    name: (*name).to_owned(),
                    within: within(),
                    existing: tree
                        .rows_below(field.node)
                        .map(|(_, row)| row.name.to_owned())
                        .collect(),
                }),
            }
        }
        (EntryKind::Array | EntryKind::List, Step::Index(i)) => {
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
