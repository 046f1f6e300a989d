//! `shmstate wait`

use shmstate::access::Access;
use shmstate::inspect::{Field, Value};
use shmstate::{Inspector, OpenError};

use super::path;
use crate::args::Wait;
use crate::condition::Condition;
use crate::failure::Failure;
use crate::target;

pub(super) fn run(args: &Wait, trusting: bool) -> Result<(), Failure> {
    let condition = Condition::parse(&args.condition, args.value.as_deref())?;
    let options = || Inspector::options().foreign_owner(trusting);
    // Who sleeps until it is woken leaves word in the segment. Where that is not allowed, looking now and then does.
    match target::open(&args.name, options().writable()) {
        Err(Failure::Open(OpenError::PermissionDenied { .. } | OpenError::Namespace { .. })) => {
            wait(&target::open(&args.name, options())?, args, &condition)
        }
        opened => wait(&opened?, args, &condition),
    }
}

fn wait<A: Access>(
    inspector: &Inspector<A>,
    args: &Wait,
    condition: &Condition,
) -> Result<(), Failure> {
    let field = inspector.field(path(&args.field));
    let field: Field<'_, A> = field.map_err(Failure::in_field(&args.name))?;
    let reading = || Failure::reading(&args.name);
    let first = field.get().map_err(reading())?;
    let test = condition.on(&field, first)?;
    let pred = |value: &Value| test.holds(value);
    match args.timeout {
        None => field.wait_until(pred).map_err(reading())?,
        Some(limit) => field
            .wait_until_for(limit, pred)
            .map_err(Failure::waiting(&args.name, &args.field))?,
    };
    Ok(())
}
