//! `shmstate rm` and `shmstate gc`

use std::io::{self, Write};

use shmstate::RemoveError;
use shmstate::processes::{self, Liveness, Place, SegmentInfo};

use super::tell;
use crate::args::{Gc, Rm};
use crate::failure::Failure;
use crate::output::{self, clean};
use crate::target;

pub(super) fn rm(args: &Rm, out: &mut dyn Write) -> Result<(), Failure> {
    let mut worst = 0;
    for name in &args.names {
        match remove(name, args.force) {
            Ok(what) => writeln!(out, "removed {what}").map_err(output())?,
            Err(failure) => {
                tell(&failure);
                // An error counts more than what may succeed later.
                let code = failure.code();
                worst = if worst == 1 { 1 } else { code };
            }
        }
    }
    if worst == 0 {
        Ok(())
    } else {
        Err(Failure::Told { code: worst })
    }
}

/// Removes one, and says what it was.
fn remove(name: &str, force: bool) -> Result<String, Failure> {
    let info = target::info(name)?;
    match (&info.place, force) {
        (Place::Anonymous { .. } | Place::Removed { .. }, _) => {
            return Err(Failure::Nameless {
                segment: info.place.to_string(),
            });
        }
        (Place::Named { name }, true) => shmstate::remove(name)?,
        _ => remove_unused(&info)?,
    }
    Ok(describe(&info))
}

fn remove_unused(info: &SegmentInfo) -> Result<(), Failure> {
    info.remove_unused().map_err(|error| match error {
        RemoveError::InUse { segment } => Failure::InUse {
            segment,
            by: info.processes.found.iter().map(output::process).collect(),
        },
        error => error.into(),
    })
}

pub(super) fn gc(args: &Gc, out: &mut dyn Write) -> Result<(), Failure> {
    let mut removed = 0;
    let mut worst = 0;
    for info in processes::segments()? {
        let what = describe(&info);
        let line = match info.liveness {
            Liveness::Live => continue,
            Liveness::Stale if args.dry_run => {
                removed += 1;
                format!("would remove {what}: {}", info.liveness)
            }
            Liveness::Stale => match remove_unused(&info) {
                Ok(()) => {
                    removed += 1;
                    format!("removed {what}: {}", info.liveness)
                }
                // Somebody has opened it since, or was faster.
                Err(Failure::InUse { .. }) => format!("left {what}: it is in use now"),
                Err(Failure::Remove(RemoveError::NotFound { .. })) => continue,
                Err(failure) => {
                    tell(&failure);
                    worst = 1;
                    continue;
                }
            },
            ref why => format!("left {what}: {why}"),
        };
        writeln!(out, "{line}").map_err(output())?;
    }
    if removed == 0 {
        writeln!(out, "nothing to remove").map_err(output())?;
    }
    if worst == 0 {
        Ok(())
    } else {
        Err(Failure::Told { code: worst })
    }
}

fn output() -> impl FnOnce(io::Error) -> Failure {
    Failure::io("write the output")
}

/// What is removed: its name, and what it was.
fn describe(info: &SegmentInfo) -> String {
    let what = match &info.description {
        Ok(it) => format!(
            ", created {} ago by pid {}",
            output::age(it.created),
            output::creator(it.creator, it.creator_lives)
        ),
        Err(error) => format!("; {}", clean(&error.to_string())),
    };
    let (place, size) = (clean(&info.place.to_string()), output::size(info.size));
    format!("{place} ({size}{what})")
}
