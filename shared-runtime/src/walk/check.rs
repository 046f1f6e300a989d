//! Checking that bytes are a value.

use super::node::Node;
use super::part::{Bytes, Content, Part};
use crate::format::Corrupt;
use crate::format::shape::Shape;

/// Fails at the first part whose bytes are not a value.
pub(crate) fn check(part: Part<'_, &'static Shape>) -> Result<(), Corrupt> {
    if !part.node.may_be_invalid() {
        return Ok(());
    }
    match part.content()? {
        Content::Struct => part
            .fields()
            .try_for_each(|(name, field)| check(field).map_err(|it| it.in_field(name))),
        Content::Array(len) | Content::List(len) => part
            .elements(len)
            .enumerate()
            .try_for_each(|(i, element)| check(element).map_err(|it| it.at_index(i))),
        Content::Locked(slot) => {
            let copy = slot.try_read().ok_or_else(Corrupt::unsettled)?;
            check(Part::new(Bytes::Private(&copy), part.node.inner()))
        }
        Content::Option(Some(value)) => check(value),
        _ => Ok(()),
    }
}
