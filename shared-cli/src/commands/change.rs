//! `shmstate set` and `shmstate add`

use std::io;
use std::time::Duration;

use shmstate::Inspector;
use shmstate::access::Write;
use shmstate::inspect::Value;

use super::find;
use crate::args::{Add, Set};
use crate::failure::Failure;
use crate::output::clean;
use crate::target;

pub(super) fn set(args: &Set, trusting: bool) -> Result<(), Failure> {
    let inspector = open(&args.name, args.lock.timeout, trusting)?;
    let field = find(&inspector, &args.name, &args.field)?;
    field
        .set_str(&args.value)
        .map_err(Failure::writing(&args.name))
}

pub(super) fn add(args: &Add, trusting: bool, out: &mut dyn io::Write) -> Result<(), Failure> {
    let inspector = open(&args.name, args.lock.timeout, trusting)?;
    let field = find(&inspector, &args.name, &args.field)?;
    let amount = number(&args.number);
    let is_float = matches!(field.ty().as_str(), "f32" | "f64");
    let fits = match amount {
        Value::Text(_) => false,
        Value::F64(_) => is_float,
        _ => true,
    };
    if field.is_number() && !fits {
        return Err(Failure::NoNumber {
            segment: args.name.clone(),
            field: args.field.clone(),
            given: args.number.clone(),
            whole: !is_float,
        });
    }
    let before = field.add(amount).map_err(Failure::writing(&args.name))?;
    if args.print {
        writeln!(out, "{}", clean(&before.to_string())).map_err(Failure::io("write the output"))?;
    }
    Ok(())
}

/// The number that is to be added, or a text that is not a number.
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
