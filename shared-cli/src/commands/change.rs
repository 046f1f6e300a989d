//! `shmstate set` and `shmstate add`

use std::time::Duration;

use shmstate::Inspector;
use shmstate::access::Write;
use shmstate::inspect::Value;

use super::path;
use crate::args::{Add, Set};
use crate::failure::Failure;
use crate::target;

pub(super) fn set(args: &Set, trusting: bool) -> Result<(), Failure> {
    let inspector = open(&args.name, args.lock.timeout, trusting)?;
    let field = inspector.field(path(&args.field));
    let field = field.map_err(Failure::in_field(&args.name))?;
    field
        .set_str(&args.value)
        .map_err(Failure::writing(&args.name))
}

pub(super) fn add(args: &Add, trusting: bool) -> Result<(), Failure> {
    let inspector = open(&args.name, args.lock.timeout, trusting)?;
    let field = inspector.field(path(&args.field));
    let field = field.map_err(Failure::in_field(&args.name))?;
    field
        .add(number(&args.number))
        .map_err(Failure::writing(&args.name))?;
    Ok(())
}

/// The number that is to be added; what is none is left for the field to refuse, which knows what it takes.
fn number(text: &str) -> Value {
    let (signed, unsigned, float) = (text.parse(), text.parse(), text.parse());
    match (signed, unsigned, float) {
        (Ok(number), _, _) => Value::Signed(number),
        (_, Ok(number), _) => Value::Unsigned(number),
        (_, _, Ok(number)) => Value::F64(number),
        _ => Value::Text(text.to_owned()),
    }
}

fn open(name: &str, lock: Duration, trusting: bool) -> Result<Inspector<Write>, Failure> {
    let options = Inspector::options().writable();
    target::open(name, options.foreign_owner(trusting).lock_timeout(lock))
}
