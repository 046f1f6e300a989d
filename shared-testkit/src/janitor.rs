//! Who clears up after a runner that is killed.
//!
//! A process of its own, which reads from a pipe. The other end is the runner's, and that of each test's
//! process until this has said which group of processes it leads; nobody else has it. So when the pipe
//! ends, the runner is gone, and no test will begin: the janitor ends the groups that it was told of,
//! removes the files of this run, and ends. It has no terminal and no stream of the runner's, so what
//! kills those, or waits for them, does not meet it.

#![allow(unsafe_code)]

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::mem::ManuallyDrop;
use std::os::fd::{FromRawFd, IntoRawFd};
use std::path::Path;
use std::time::Duration;

use crate::process::{Process, start};

/// What the runner has of it.
pub(super) struct Janitor {
    /// Not killed when this is dropped: it is to outlive a runner that panics. None if it has ended before its time.
    process: ManuallyDrop<Option<Process>>,
    orders: Option<PipeWriter>,
}

/// There is nothing to clear up: the run has ended.
const GO: i32 = 0;

impl Janitor {
    /// Forks one for the run whose segments have names that begin with `prefix`.
    pub(super) fn hire(prefix: &str) -> Janitor {
        let (reader, writer) = io::pipe().expect("a pipe");
        let (mut until_ready, ready) = io::pipe().expect("a pipe");
        let process = start(move || {
            let _ready = ready; // closed when the janitor stands apart
            work(reader, prefix);
        });
        // What kills the runner's group from here on does not kill the janitor.
        let _ = until_ready.read(&mut [0]);
        Janitor {
            process: ManuallyDrop::new(Some(process)),
            orders: Some(writer),
        }
    }

    /// In a test's process, which leads a group, before the test begins.
    pub(super) fn meet(&mut self) {
        self.order(std::process::id().cast_signed());
        self.orders = None;
    }

    /// The runner has itself cleared up after the test that led this group.
    pub(super) fn forget(&mut self, group: i32) {
        self.order(-group);
    }

    /// Whether the child that has ended, and is still to be waited for, is the janitor.
    pub(super) fn has_ended(&mut self, child: i32) -> bool {
        let ended = self
            .process
            .take_if(|process| process.id().cast_signed() == child);
        ended.map(Process::wait).is_some()
    }

    /// The run has ended. Returns when the janitor has.
    pub(super) fn dismiss(mut self) {
        self.order(GO);
        ManuallyDrop::into_inner(self.process).map(Process::wait);
    }

    fn order(&mut self, order: i32) {
        // Without a janitor the tests go on.
        let _ = (self.orders.as_ref()).map(|mut orders| orders.write_all(&order.to_le_bytes()));
    }
}

fn work(orders: PipeReader, prefix: &str) {
    let mut orders = stand_apart(orders.into_raw_fd());
    let mut groups = BTreeSet::new();
    let mut order = [0; 4];
    while orders.read_exact(&mut order).is_ok() {
        match i32::from_le_bytes(order) {
            GO => return,
            begun @ 1.. => _ = groups.insert(begun),
            ended => _ = groups.remove(&-ended),
        }
    }
    let ended: Vec<u32> = groups.into_iter().flat_map(end).collect();
    // Of the forks of a test those that ended before are not known by their group any more.
    remove_files(prefix, |builder| {
        ended.contains(&builder) || !Path::new(&format!("/proc/{builder}")).exists()
    });
}

/// Leaves the runner's session, its descriptors and what it does on signals; returns the one descriptor
/// that stays.
fn stand_apart(orders: i32) -> PipeReader {
    // SAFETY: takes nothing. It cannot fail: a forked process leads no group.
    unsafe { libc::setsid() };
    for signal in 1..=64 {
        // SAFETY: takes numbers; those that cannot be set are left.
        unsafe { libc::signal(signal, libc::SIG_DFL) };
    }
    // SAFETY: `orders` is open. What was number 0 is nobody's in this process: it never reads its input.
    let kept = unsafe { libc::dup2(orders, 0) };
    assert_eq!(kept, 0, "dup2: {}", io::Error::last_os_error());
    // SAFETY: this process never goes back to code that has one of them; it ends by `_exit`.
    unsafe { libc::syscall(libc::SYS_close_range, 1, u32::MAX, 0) };
    // SAFETY: open, and nobody else's.
    unsafe { PipeReader::from_raw_fd(0) }
}

/// Ends all processes of the group, and returns their ids once none of them runs.
fn end(group: i32) -> Vec<u32> {
    let mut ended = Vec::new();
    loop {
        // SAFETY: takes numbers. The group was that of a test; its leader's number is not given away
        // while there are others in it.
        unsafe { libc::kill(-group, libc::SIGKILL) };
        let members = members(group);
        ended.extend(members.iter().map(|(id, _)| id));
        if !members.iter().any(|(_, runs)| *runs) {
            return ended;
        }
        // They are not its children, so it cannot wait for them.
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// The processes of a group, and whether they still run: what has ended stays until its parent has seen
/// it, which may be never.
fn members(group: i32) -> Vec<(u32, bool)> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let members = processes.filter_map(|entry| {
        let id = entry.file_name().to_str()?.parse().ok()?;
        let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
        let (_, fields) = stat.rsplit_once(") ")?;
        let fields: Vec<&str> = fields.split(' ').collect();
        // The state, the group, and the number of threads, of which the first may have ended alone.
        let ended = matches!(fields[0], "Z" | "X") && matches!(fields[17], "0" | "1");
        (fields[2] == group.to_string()).then_some((id, !ended))
    });
    members.collect()
}

/// Removes the files in `/dev/shm` whose names begin with `prefix`, and those that a process has left
/// half-built of which `is_builder` says so; returns their names.
pub(super) fn remove_files(prefix: &str, is_builder: impl Fn(u32) -> bool) -> Vec<String> {
    let is_half_built = |name: &str| {
        let mut parts = name.strip_prefix(".shmstate-")?.split('-');
        (parts.next()? == namespace()).then_some(())?;
        parts.next()?.parse().ok().filter(|id| is_builder(*id))
    };
    let entries = fs::read_dir("/dev/shm").into_iter().flatten().flatten();
    let mut left: Vec<String> = entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name.starts_with(prefix) || is_half_built(name).is_some())
        .collect();
    left.sort_unstable();
    for name in &left {
        let path = format!("/dev/shm/{name}");
        let _ = fs::remove_file(&path).or_else(|_| fs::remove_dir_all(&path));
    }
    left
}

/// The PID namespace, by the number that is part of a half-built file's name.
fn namespace() -> String {
    let link = fs::read_link("/proc/self/ns/pid").unwrap_or_default();
    let digits = |c: &char| c.is_ascii_digit();
    link.to_string_lossy().chars().filter(digits).collect()
}
