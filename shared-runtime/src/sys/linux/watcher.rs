//! Sleeping on words of shared memory without keeping a thread of the caller's: for futures.
//!
//! One thread of this process sleeps on up to 127 words at once (`futex_waitv`, Linux 5.16), and wakes the futures
//! that wait for a word that changes; more words need more threads. Where the kernel does not have that call, or a
//! filter refuses it, the thread looks at its words every few milliseconds instead. The threads start when they are
//! first needed, and never end.
//!
//! A thread never reads a word itself: the kernel compares it with what the future has seen. So a word may be
//! unmapped while a thread sleeps on it (its future has been leaked): the kernel then reports an error.

#![allow(unsafe_code)]

use std::collections::HashMap;
use std::io;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::thread;
use std::time::{Duration, Instant};

use super::call;
use super::identity::{PerProcess, generation, is_still};
use super::wait::{sleep_on_event, wake_all};
use crate::sync::{AtomicBool, AtomicU32, AtomicU64, Ordering};

/// A future looks again at least this often, because a notification can be lost with its writer.
const LONGEST_SLEEP: Duration = Duration::from_millis(100);

/// How often to look at the words where a thread cannot sleep on several at once.
const POLL: Duration = Duration::from_millis(2);

/// The most words that a thread sleeps on besides one of its own (`FUTEX_WAITV_MAX` less one).
const MOST_WORDS: usize = 127;

/// One thread, and the words that it sleeps on.
#[derive(Default)]
struct Group {
    words: Mutex<HashMap<Word, Waiting>>,
    /// Changes, and is woken, when a word is added.
    control: AtomicU32,
}

/// The futures that wait for a word to change.
struct Waiting {
    /// When to wake them in any case.
    deadline: Instant,
    /// Of the futures that have not been woken, by the id of their ticket. Empty: all have been, and are about to look at
    /// the word again.
    wakers: HashMap<u64, Waker>,
}

/// The threads of this process. A forked child has none of them.
static GROUPS: PerProcess<Mutex<Vec<Arc<Group>>>> = PerProcess::new();

/// The place of a future that waits for a word to change. Dropping it ends that.
///
/// A future that has looked again takes another ticket before it drops this one: then the thread stays asleep.
pub(crate) struct Ticket {
    generation: u64,
    group: Arc<Group>,
    word: Word,
    id: u64,
}

impl Ticket {
    /// Has `waker` called when the word is not, or no longer, what was seen, or after 100 ms. Fails if no thread can be
    /// started.
    pub(crate) fn new(word: &AtomicU32, seen: u32, waker: Waker) -> io::Result<Ticket> {
        static NEXT_ID: AtomicU64 = AtomicU64::new(0);
        let generation = generation()?;
        let word = Word::new(word, seen);
        let id = NEXT_ID.fetch_add(1, Ordering::Relaxed);
        let mut groups = lock(GROUPS.get(|_| Ok(Mutex::default()))?);
        // The group that already sleeps on the word, or else one with room for it.
        let there = groups
            .iter()
            .find(|group| lock(&group.words).contains_key(&word));
        let has_room = |group: &&Arc<Group>| lock(&group.words).len() < MOST_WORDS;
        let found = there.or_else(|| groups.iter().find(has_room)).cloned();
        let group = if let Some(group) = found {
            group
        } else {
            let group = Group::start()?;
            groups.push(group.clone());
            group
        };
        group.add(word, id, waker);
        Ok(Ticket {
            generation,
            group,
            word,
            id,
        })
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        // In a forked child the lock may be held for ever, by a thread of the parent.
        if !is_still(self.generation) {
            return;
        }
        let mut words = lock(&self.group.words);
        let Some(waiting) = words.get_mut(&self.word) else {
            return;
        };
        let waker = waiting.wakers.remove(&self.id);
        // The thread may stay asleep on the word. But the next future that waits for it must wake the thread, as
        // another segment may be mapped there by then.
        if waiting.wakers.is_empty() {
            words.remove(&self.word);
        }
        drop(words);
        drop(waker); // not under the lock: that may run any code
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Group {
    fn start() -> io::Result<Arc<Group>> {
        let group = Arc::new(Group::default());
        let own = group.clone();
        let thread = thread::Builder::new().name("shmstate-watch".to_owned());
        without_signals(|| thread.spawn(move || own.run()))?;
        Ok(group)
    }

    fn add(&self, word: Word, id: u64, waker: Waker) {
        let mut words = lock(&self.words);
        let is_new = !words.contains_key(&word);
        let waiting = words.entry(word).or_insert_with(|| Waiting {
            deadline: Instant::now() + LONGEST_SLEEP,
            wakers: HashMap::new(),
        });
        waiting.wakers.insert(id, waker);
        drop(words);
        if is_new {
            // After the word is in the map: the thread loads this first, so it finds either the word or this changed.
            self.control.fetch_add(1, Ordering::Release);
            wake_all(&self.control);
        }
    }

    fn run(&self) -> ! {
        loop {
            // Loaded before the words are read, so the kernel's comparison sees whatever is added later.
            let seen = self.control.load(Ordering::Acquire);
            let (words, limit) = self.prepare();
            for changed in sleep_on_any(&self.control, seen, words, limit) {
                let waiting = lock(&self.words).remove(&changed);
                wake(waiting.into_iter().flat_map(|waiting| waiting.wakers));
            }
        }
    }

    /// The words, and how long to sleep on them at most. Wakes the futures that have waited for long enough.
    fn prepare(&self) -> (Vec<Word>, Option<Duration>) {
        let mut late = Vec::new();
        let mut words = lock(&self.words);
        let now = Instant::now();
        for waiting in words.values_mut() {
            if waiting.deadline <= now {
                waiting.deadline = now + LONGEST_SLEEP;
                late.extend(waiting.wakers.drain());
            }
        }
        let first = words.values().map(|waiting| waiting.deadline).min();
        let all = words.keys().copied().collect();
        drop(words);
        wake(late);
        (all, first.map(|first| first - now))
    }
}

fn wake(wakers: impl IntoIterator<Item = (u64, Waker)>) {
    for (_, waker) in wakers {
        // An executor that panics has reported that. Other futures wait for this thread.
        let done = catch_unwind(AssertUnwindSafe(|| waker.wake()));
        // Not dropped: what a panic carries may panic when it is dropped.
        mem::forget(done);
    }
}

/// Starts a thread, which begins with the signal mask of this one: with all signals blocked, because they are for the
/// threads of the program, except those that a thread causes itself.
fn without_signals<R>(start: impl FnOnce() -> R) -> R {
    use libc::{SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP};
    // SAFETY: a set is numbers, for which zeros are a value.
    let (mut set, mut before) = unsafe { mem::zeroed::<(libc::sigset_t, libc::sigset_t)>() };
    // SAFETY: the set lives.
    unsafe { libc::sigfillset(&raw mut set) };
    for own in [SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP] {
        // SAFETY: as above.
        unsafe { libc::sigdelset(&raw mut set, own) };
    }
    // SAFETY: both sets live. It fails only for an unknown operation.
    unsafe { libc::pthread_sigmask(libc::SIG_BLOCK, &raw const set, &raw mut before) };
    let result = start();
    // SAFETY: the set lives, and the previous one is not asked for.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const before, ptr::null_mut()) };
    result
}

/// The address of a word, which may no longer be mapped, and what was seen there.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Word {
    address: usize,
    seen: u32,
}

impl Word {
    fn new(word: &AtomicU32, seen: u32) -> Self {
        let address = ptr::from_ref(word).expose_provenance();
        Word { address, seen }
    }

    /// As `futex_waitv` takes it.
    fn wait(self) -> libc::futex_waitv {
        // SAFETY: zeros are a value.
        let mut wait: libc::futex_waitv = unsafe { mem::zeroed() };
        wait.val = self.seen.into();
        wait.uaddr = self.address as u64;
        wait.flags = libc::FUTEX2_SIZE_U32.unsigned_abs();
        wait
    }

    /// Whether the word is not what was seen, or not there: the kernel looks.
    fn has_changed(self) -> bool {
        let address = ptr::with_exposed_provenance_mut::<AtomicU32>(self.address);
        // Compares, and then moves no sleepers. (A sleep of no time would also compare, but set a timer.)
        let nobody: usize = 0;
        // SAFETY: the kernel reads four bytes at the address if they are mapped.
        let answer = unsafe {
            libc::syscall(
                libc::SYS_futex,
                address,
                libc::FUTEX_CMP_REQUEUE,
                nobody,
                nobody,
                address,
                self.seen,
            )
        };
        answer != 0
    }
}

/// Sleeps until one of the words is not what was seen, or is woken, for `limit` at most. `own` also ends the sleep; if
/// the thread polls, only when there are no words. Returns the words that were woken, or are not what was seen.
fn sleep_on_any(
    own: &AtomicU32,
    seen: u32,
    mut words: Vec<Word>,
    limit: Option<Duration>,
) -> Vec<Word> {
    /// Whether the kernel has refused `futex_waitv`: it does not have it, or a filter forbids it.
    static POLLS: AtomicBool = AtomicBool::new(false);
    if POLLS.load(Ordering::Relaxed) {
        if words.is_empty() {
            sleep_on_event(own, seen, LONGEST_SLEEP);
        } else {
            thread::sleep(limit.unwrap_or(POLL).min(POLL));
        }
        words.retain(|word| word.has_changed());
        return words;
    }
    let all = [&[Word::new(own, seen)], &words[..]].concat();
    let waits: Vec<libc::futex_waitv> = all.iter().map(|word| word.wait()).collect();
    // The limit of this call is a point in time.
    let end = limit.map(|limit| call::timespec(call::time(libc::CLOCK_MONOTONIC) + limit));
    // SAFETY: the kernel reads the list and the point in time, which live, and compares the words that are mapped.
    let answer = unsafe {
        libc::syscall(
            libc::SYS_futex_waitv,
            waits.as_ptr(),
            waits.len(),
            0, // no flags
            end.as_ref().map_or(ptr::null(), ptr::from_ref),
            libc::CLOCK_MONOTONIC,
        )
    };
    let error = match call::check(answer).map(usize::try_from) {
        Ok(Ok(woken @ 1..)) => return vec![all[woken]],
        Ok(_) => return Vec::new(),
        Err(error) => error,
    };
    match error.raw_os_error() {
        Some(libc::EINTR | libc::ETIMEDOUT) => {}
        // Perhaps only `own` has changed. But if it changes all the time, the others must get their turn.
        Some(libc::EAGAIN | libc::EFAULT) => {
            words.retain(|word| word.has_changed());
            return words;
        }
        // It passes. It must not turn the wait into a busy loop.
        Some(libc::ENOMEM) => thread::sleep(POLL),
        // The kernel does not have the call, or a filter refuses it, with whatever error.
        _ => POLLS.store(true, Ordering::Relaxed),
    }
    Vec::new()
}
