//! What NAME means on the command line.

use shmstate::census::{self, Place, SegmentInfo};
use shmstate::inspect::{InspectOptions, Inspector};
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

/// What there is to say of the segment that `name` means.
pub(crate) fn info(name: &str) -> Result<SegmentInfo, Failure> {
    let is_it: Box<dyn Fn(&SegmentInfo) -> bool> = match Target::of(name)? {
        Target::Name(name) => return Ok(census::segment(name)?),
        Target::Token(token) => {
            let id = Inspector::options()
                .foreign_owner(true)
                .from_token(token)?
                .id();
            Box::new(move |info| info.description.as_ref().is_ok_and(|it| it.id == id))
        }
        Target::Descriptor { pid, descriptor } => Box::new(move |info| {
            let has_it = |process: &census::Process| {
                process.pid == pid && process.descriptors.contains(&descriptor)
            };
            let shown = Place::Anonymous {
                pid,
                descriptor: Some(descriptor),
            };
            info.place == shown || info.processes.found.iter().any(has_it)
        }),
    };
    let segments = census::segments()?;
    let found = segments.into_iter().find(is_it);
    found.ok_or_else(|| Failure::no_segment(name))
}

#[derive(Debug, PartialEq)]
enum Target<'a> {
    Name(&'a str),
    Token(&'a str),
    Descriptor { pid: u32, descriptor: u32 },
}

impl Target<'_> {
    fn of(name: &str) -> Result<Target<'_>, Failure> {
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
