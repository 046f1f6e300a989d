//! What NAME means on the command line.

use shmstate::inspect::{InspectOptions, Inspector};
use shmstate::processes::{self, Liveness, Place, SegmentInfo};
use shmstate::{Access, OpenError};

use crate::failure::Failure;
use crate::truncation;

/// Opens the segment that `name` means: a name, a token, or `/proc/PID/fd/DESCRIPTOR`.
pub(crate) fn open<A: Access>(
    name: &str,
    options: InspectOptions<A>,
) -> Result<Inspector<A>, Failure> {
    let opened = match Target::of(name)? {
        Target::Name(name) => options.open(name),
        Target::Token(token) => options.from_token(token),
        Target::Descriptor { .. } => match info(name)?.token() {
            Some(token) => options.from_token(&token),
            None => return Err(Failure::no_segment(name)),
        },
    };
    truncation::reading(name);
    opened.map_err(Failure::from)
}

/// What is known of the segment that `name` means.
pub(crate) fn info(name: &str) -> Result<SegmentInfo, Failure> {
    let is_it: Box<dyn Fn(&SegmentInfo) -> bool> = match Target::of(name)? {
        Target::Name(name) => return Ok(processes::segment(name)?),
        Target::Token(token) => {
            let id = Inspector::options()
                .foreign_owner(true)
                .from_token(token)?
                .id();
            Box::new(move |info| info.description.as_ref().is_ok_and(|it| it.id == id))
        }
        Target::Descriptor { pid, descriptor } => Box::new(move |info| {
            let has_it = |process: &processes::Process| {
                process.pid == pid && process.descriptors.contains(&descriptor)
            };
            let shown = Place::Anonymous {
                pid,
                descriptor: Some(descriptor),
            };
            info.place == shown || info.processes.found.iter().any(has_it)
        }),
    };
    let segments = processes::segments()?;
    let found = segments.into_iter().find(is_it);
    found.ok_or_else(|| Failure::no_segment(name))
}

/// What has become of a segment.
pub(crate) enum Standing {
    /// It is there, and other processes have it or may come to have it: its creator lives.
    Used,
    /// It is there, its creator has ended, and no other process is seen to have it.
    Unused,
    /// It is not found any more, or another segment has its name.
    Gone { replaced: bool },
}

/// What has become of a segment that was opened by `name`. Looks through `/proc`.
pub(crate) fn standing<A: Access>(name: &str, inspector: &Inspector<A>) -> Standing {
    let found = match Target::of(name) {
        Ok(Target::Name(name)) => match processes::segment(name) {
            Ok(info) => Some(info),
            Err(OpenError::NotFound { .. }) => return Standing::Gone { replaced: false },
            Err(_) => None,
        },
        _ => processes::segments().ok().and_then(|segments| {
            let is_it = |info: &SegmentInfo| {
                let it = info.description.as_ref();
                it.is_ok_and(|it| it.id == inspector.id())
            };
            segments.into_iter().find(is_it)
        }),
    };
    let Some(info) = found else {
        // It could not be examined, so nothing is known.
        return Standing::Used;
    };
    if let Place::Removed { .. } = info.place {
        return Standing::Gone { replaced: false };
    }
    let Ok(it) = &info.description else {
        return Standing::Used;
    };
    if it.id != inspector.id() {
        return Standing::Gone { replaced: true };
    }
    let me = std::process::id();
    let alone = info.processes.found.iter().all(|process| process.pid == me);
    if alone && it.creator_lives == Some(false) {
        Standing::Unused
    } else {
        Standing::Used
    }
}

/// Whether the kernel says that no process has the segment.
pub(crate) fn is_unused(name: &str) -> bool {
    info(name).is_ok_and(|info| matches!(info.liveness, Liveness::Stale | Liveness::Kept))
}

#[derive(Debug, PartialEq)]
enum Target<'a> {
    Name(&'a str),
    Token(&'a str),
    Descriptor { pid: u32, descriptor: u32 },
}

impl Target<'_> {
    fn of(name: &str) -> Result<Target<'_>, Failure> {
        if name.is_empty() {
            return Err(Failure::NoName);
        }
        if name.starts_with("shmstate:") {
            return Ok(Target::Token(name));
        }
        // No name has a slash.
        let Some(path) = name.strip_prefix("/proc/") else {
            return Ok(Target::Name(name));
        };
        let numbers = path.split_once("/fd/");
        numbers
            .and_then(|(pid, descriptor)| {
                Some(Target::Descriptor {
                    pid: pid.parse().ok()?,
                    descriptor: descriptor.parse().ok()?,
                })
            })
            .ok_or_else(|| {
                Failure::Open(OpenError::BadToken {
                    token: name.to_owned(),
                    reason: "of a path, only `/proc/PID/fd/DESCRIPTOR` is one",
                })
            })
    }
}
