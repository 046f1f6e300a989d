//! Who this process is.

use std::io;
use std::os::unix::fs::MetadataExt;

use rustix::io::Errno;

use super::per_process::PerProcess;
use super::read_text;

/// What is written about this process in the header of a segment that it creates.
#[derive(Debug)]
pub(crate) struct Identity {
    pub pid: u32,
    /// When it was started, in clock ticks after boot.
    pub start: u64,
    /// Whether the process ids in `/proc` are those of this process's own namespace.
    pub proc_is_ours: bool,
    /// Inode numbers of the namespaces; 0 where the kernel has none of the kind.
    pub pid_namespace: u64,
    pub time_namespace: u64,
}

static IDENTITY: PerProcess<Identity> = PerProcess::new();

/// Who this process is. Reads `/proc` once in each process, then costs a few loads.
pub(crate) fn identity() -> io::Result<&'static Identity> {
    IDENTITY.get(read)
}

fn read() -> io::Result<Identity> {
    // Of this thread: the first one, which is meant by `/proc/self`, may have ended.
    let namespace =
        |kind: &str| std::fs::metadata(format!("/proc/thread-self/ns/{kind}")).map(|m| m.ino());
    let stat = read_text("/proc/self/stat")?;
    let pid = std::process::id();
    Ok(Identity {
        pid,
        start: Stat::parse(&stat)?.start,
        proc_is_ours: stat.split(' ').next() == Some(&pid.to_string()),
        pid_namespace: namespace("pid")?,
        time_namespace: match namespace("time") {
            Err(error) if error.kind() == io::ErrorKind::NotFound => 0, // Linux before 5.6
            other => other?,
        },
    })
}

/// When the process `pid` was started, in clock ticks after boot; `None` if there is none, or if it
/// has ended and waits to be reaped.
pub(crate) fn start_of(pid: u32) -> io::Result<Option<u64>> {
    let stat = match read_text(format!("/proc/{pid}/stat")) {
        Ok(stat) => stat,
        Err(_) if is_gone(pid) => return Ok(None),
        Err(error) => return Err(error),
    };
    let stat = Stat::parse(&stat)?;
    // A process whose first thread has ended is shown as a zombie while the others run.
    Ok((!stat.ended || stat.threads > 1).then_some(stat.start))
}

/// When the thread `id` was started, in clock ticks after boot; `None` if there is none, or if it has
/// ended and waits to be reaped.
///
/// # Errors
///
/// If that cannot be told: it exists, but `/proc` is hidden, absent or another namespace's, or no
/// descriptor is free.
pub(crate) fn look_at(id: u32) -> io::Result<Option<u64>> {
    // It takes ids of threads too.
    if is_gone(id) {
        return Ok(None);
    }
    if !identity()?.proc_is_ours {
        return Err(io::Error::other("/proc is that of another PID namespace"));
    }
    let stat = match read_text(format!("/proc/{id}/stat")) {
        Ok(stat) => stat,
        Err(_) if is_gone(id) => return Ok(None), // reaped since the first look
        Err(error) => return Err(error),
    };
    let stat = Stat::parse(&stat)?;
    Ok((!stat.ended).then_some(stat.start))
}

/// When the calling thread was started, in clock ticks after boot.
pub(crate) fn start_of_this_thread() -> io::Result<u64> {
    Ok(Stat::parse(&read_text("/proc/thread-self/stat")?)?.start)
}

/// What matters here of `/proc/<pid>/stat`.
struct Stat {
    /// Waits to be reaped, or for the other threads of its process.
    ended: bool,
    /// Of its process.
    threads: u64,
    start: u64,
}

impl Stat {
    fn parse(stat: &str) -> io::Result<Stat> {
        // The command's name, in parentheses, may hold anything; the fields are counted behind it.
        let mut fields = stat.rsplit(") ").next().unwrap_or("").split(' ');
        let state = fields.next();
        let mut number = |skipped| fields.nth(skipped).and_then(|f| f.parse::<u64>().ok());
        match (number(16), number(1)) {
            (Some(threads), Some(start)) => Ok(Stat {
                ended: matches!(state, Some("Z" | "X")),
                threads,
                // The first process of a machine may start at 0, which is kept for "unknown".
                start: start.max(1),
            }),
            _ => Err(io::Error::other("/proc/<pid>/stat has an unknown form")),
        }
    }
}

/// Whether there is no such process. `/proc` does not tell: it may hide processes, or be absent.
fn is_gone(pid: u32) -> bool {
    let pid = i32::try_from(pid)
        .ok()
        .and_then(rustix::process::Pid::from_raw);
    pid.is_some_and(|pid| rustix::process::test_kill_process(pid) == Err(Errno::SRCH))
}

pub(crate) fn effective_uid() -> u32 {
    rustix::process::geteuid().as_raw()
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    /// Between the question whether it is there and the reading of its entry, it may be reaped.
    #[test]
    fn a_process_that_is_reaped_while_it_is_looked_at_is_gone_and_not_unknown() {
        let mut looks = 0_u32;
        for _ in 0..300 {
            let mut child = Command::new("true")
                .stdin(Stdio::null())
                .spawn()
                .expect("spawn");
            let id = child.id();
            std::thread::scope(|scope| {
                scope.spawn(move || child.wait().expect("its child"));
                while look_at(id).expect("it can be told").is_some() {
                    looks += 1;
                }
            });
        }
        assert_ne!(looks, 0, "no look came before the end of one");
    }
}
