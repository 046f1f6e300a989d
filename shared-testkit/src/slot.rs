//! A lock-guarded slot from outside: its first words, read and written through the segment's file, and
//! processes that hold its lock.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::thread::yield_now;

use crate::forge;
use crate::{Listener, Process, Teller, assert_success, pipe, start};

/// Of the word of a lock that is held: somebody may sleep. (That of a free one is 1.)
pub const WAITERS: u64 = 1 | 1 << 63;
/// In place of the thread: the kernel has seen it end.
const LEFT: u32 = 1 << 30;

/// The first slot of a segment, as a file has it.
pub struct SlotFile {
    file: File,
    at: u64,
}

impl SlotFile {
    pub fn of(name: &str) -> SlotFile {
        SlotFile::behind(&forge::path(name))
    }

    /// Of the segment that lies at this path, which can be that of a descriptor in `/proc`.
    pub fn behind(path: &str) -> SlotFile {
        let mut options = File::options();
        let file = options.read(true).write(true).open(path);
        let file = file.expect("the segment is there");
        let mut header = [0; forge::HEADER_LEN];
        let read = file.read_exact_at(&mut header, 0);
        read.expect("a segment is as long");
        let at = forge::get(&header, "slots_offset");
        SlotFile { file, at }
    }

    fn number<const N: usize>(&self, offset: u64) -> [u8; N] {
        let mut bytes = [0; N];
        let read = self.file.read_exact_at(&mut bytes, self.at + offset);
        read.expect("the segment is as long");
        bytes
    }

    pub fn lock(&self) -> u64 {
        u64::from_le_bytes(self.number(0))
    }

    pub fn version(&self) -> u64 {
        u64::from_le_bytes(self.number(8))
    }

    /// Odd: somebody waits for a change.
    pub fn event(&self) -> u32 {
        u32::from_le_bytes(self.number(16))
    }

    /// Four bytes anywhere in the segment, counted from this slot.
    pub fn word_at(&self, offset: u64) -> u32 {
        u32::from_le_bytes(self.number(offset))
    }

    pub fn recoveries(&self) -> u64 {
        u32::from_le_bytes(self.number(20)).into()
    }

    /// Whether the lock is held, be it by a dead thread.
    pub fn is_held(&self) -> bool {
        self.lock() > 1
    }

    /// The thread that the lock word names, or the kernel's mark.
    pub fn holder(&self) -> u32 {
        ((self.lock() & !WAITERS) >> 32) as u32
    }

    /// Whether a thread has ended with the lock, and the kernel has seen it.
    pub fn is_left(&self) -> bool {
        self.holder() == LEFT
    }

    /// Reads the first bytes of the slot.
    pub fn read(&self, bytes: &mut [u8]) {
        let read = self.file.read_exact_at(bytes, self.at);
        read.expect("the segment is as long");
    }

    /// Writes a lock word, as somebody might who has no business there.
    pub fn forge_lock(&self, word: u64) {
        let written = self.file.write_all_at(&word.to_le_bytes(), self.at);
        written.expect("the file can be written");
    }

    /// Waits until somebody who wants the lock has said that it may sleep.
    pub fn until_lock_is_waited_for(&self) {
        while self.lock() & WAITERS == 0 {
            yield_now();
        }
    }

    /// Waits until somebody who waits for a change has said so.
    pub fn until_change_is_waited_for(&self) {
        while self.event() & 1 == 0 {
            yield_now();
        }
    }
}

/// The lock word of a thread, by its id and the tick at which it was started.
pub fn word_of(id: u32) -> u64 {
    let ticks = start_tick(id) & ((1 << 31) - 1);
    u64::from(id) << 32 | ticks << 1
}

fn start_tick(id: u32) -> u64 {
    field(id, 19).parse().expect("a number")
}

/// The state of a process or thread: `S` asleep, `T` stopped, `Z` ended and not reaped, ….
pub fn state_of(id: u32) -> String {
    field(id, 0)
}

/// A field of `/proc/<id>/stat`, counted from behind the name.
fn field(id: u32, index: usize) -> String {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).expect("it lives");
    let (_, fields) = stat.rsplit_once(") ").expect("a name in parentheses");
    fields.split(' ').nth(index).expect("so many").to_owned()
}

/// Waits until the process or thread is in one of these states.
pub fn until_state(id: u32, states: &str) {
    while !states.contains(&state_of(id)) {
        yield_now();
    }
}

/// A process that holds a lock until it is told to go on.
pub struct Holder {
    process: Process,
    go_on: Teller,
}

/// Forks a process that does `f`, and waits until that, with the lock, calls what it is given: this waits
/// until [`release`](Holder::release).
pub fn hold(f: impl FnOnce(&dyn Fn())) -> Holder {
    let (holds, tell) = pipe();
    let (wait, go_on) = pipe();
    let process = start(move || {
        f(&|| {
            tell.tell();
            wait.wait();
        });
    });
    holds.wait();
    Holder { process, go_on }
}

impl Holder {
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    pub fn signal(&self, signal: i32) {
        self.process.signal(signal);
    }

    /// Lets it go on. It may hold the lock for some instructions more.
    pub fn go_on(&self) {
        self.go_on.tell();
    }

    /// Lets it go on, and waits for its end.
    #[track_caller]
    pub fn release(self) {
        self.go_on();
        self.finish();
    }

    /// Waits for its end.
    #[track_caller]
    pub fn finish(self) {
        assert_success(self.process.wait());
    }

    /// Kills it, and reaps it.
    pub fn kill(self) {
        self.process.kill();
    }

    /// Kills it, and leaves it unreaped. The process must be waited for.
    pub fn make_zombie(self) -> Process {
        self.process.signal(libc::SIGKILL);
        until_state(self.process.id(), "Z");
        self.process
    }
}

/// A process that does something each time it is told to, and says when it is done.
pub struct Servant {
    process: Process,
    order: Teller,
    done: Listener,
}

/// Forks a process that does `f` for each [`order`](Servant::order), with the number given there.
pub fn serve(f: impl Fn(u64)) -> Servant {
    let (orders, order) = pipe();
    let (done, tell) = pipe();
    let process = start(move || {
        loop {
            f(orders.number());
            tell.tell();
        }
    });
    Servant {
        process,
        order,
        done,
    }
}

impl Servant {
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    pub fn order(&self, number: u64) {
        self.order.send(&number.to_le_bytes());
    }

    /// Waits until it has done what was ordered.
    #[track_caller]
    pub fn done(&self) {
        self.done.wait();
    }

    /// Kills it, and reaps it.
    pub fn kill(self) {
        self.process.kill();
    }
}
