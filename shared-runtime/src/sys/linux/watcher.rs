//! Sleeping on words of shared memory without keeping a thread of the caller's: for futures.
//!
//! One thread of this process sleeps on up to 127 words at once (`futex_waitv`, Linux 5.16), and wakes the futures that
//! wait for the one that changes; more words have more threads. A kernel without that call, or a filter that refuses it,
//! gets one thread for each word, and a few to spare. The threads start when they are first needed and stay, asleep.
//!
//! A thread never looks at a word itself: the kernel compares it with what the future has seen. So a word may be unmapped
//! while a thread sleeps on it (its future has been leaked): the kernel then says that there is none.

#![allow(unsafe_code)]

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io;
use std::mem::{self, MaybeUninit};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::thread;
use std::time::{Duration, Instant};

use super::fork;
use super::futex;
use super::futexes::{self, Asleep, Word};
use super::per_process::PerProcess;
use crate::sync::{AtomicU32, AtomicU64, Ordering};

/// A future looks again at least this often, because a notification can be lost with its writer.
const LONGEST_SLEEP: Duration = Duration::from_millis(100);

/// The threads of this process.
#[derive(Default)]
struct Watchers {
    groups: Mutex<Vec<Arc<Group>>>,
    last_id: AtomicU64,
}

/// One thread, and the words that it sleeps on.
struct Group {
    words: Mutex<Words>,
    /// Changes, and is woken, when a word is added.
    control: AtomicU32,
}

#[derive(Default)]
struct Words {
    waited_for: HashMap<Word, Waiting>,
    /// The one word on which the thread sleeps, if it can only sleep on one: then it takes no notice of `control` before
    /// that changes or 100 ms are over, also if nobody waits for that word any more.
    only: Option<Word>,
}

/// Those who wait for a word to change.
struct Waiting {
    /// When to wake them even so.
    deadline: Instant,
    /// By the numbers of their tickets. Who has been woken, and has not looked since, has none.
    wakers: HashMap<u64, Option<Waker>>,
}

/// How well a group has a place for a word.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// The thread sleeps on it already.
    There,
    Free,
    /// The thread takes notice of it within 100 ms.
    Later,
}

/// How many threads may sleep on a word of their own for which nobody waits any more, before a new word shares one of
/// them.
const SPARE: usize = 8;

/// A forked child has none of the threads.
static WATCHERS: PerProcess<Watchers> = PerProcess::new();

/// The place of a future that waits for a word to change. Dropping it ends that.
#[derive(Debug)]
pub(crate) struct Ticket {
    generation: u64,
    group: Arc<Group>,
    word: Word,
    id: u64,
}

impl Ticket {
    /// Has `waker` woken when the word that lies there is not, or no longer, what was seen of it, or after 100 ms.
    ///
    /// # Errors
    ///
    /// If no thread can be started.
    pub(crate) fn new(word: &AtomicU32, seen: u32, waker: Waker) -> io::Result<Ticket> {
        let generation = fork::generation()?;
        let watchers = WATCHERS.get(|| Ok(Watchers::default()))?;
        let word = Word::new(word, seen);
        let id = watchers.last_id.fetch_add(1, Ordering::Relaxed);
        let group = watchers.add(word, id, waker)?;
        Ok(Ticket {
            generation,
            group,
            word,
            id,
        })
    }

    /// Whether it still is to be woken when the word is not what was seen of it; then by `waker`.
    pub(crate) fn renew(&self, seen: u32, waker: &Waker) -> bool {
        if !self.word.was_seen_as(seen) || !fork::is_still(self.generation) {
            return false;
        }
        // Not under the lock: to clone or to drop a waker may do anything.
        let waker = waker.clone();
        let mut words = self.group.words();
        let waiting = words.waited_for.get_mut(&self.word);
        let Some(place) = waiting.and_then(|waiting| waiting.wakers.get_mut(&self.id)) else {
            return false;
        };
        let old = place.replace(waker);
        drop(words);
        drop(old);
        true
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        // In a forked child the lock may be another thread's for ever.
        if !fork::is_still(self.generation) {
            return;
        }
        let mut words = self.group.words();
        let mut waker = None;
        if let Entry::Occupied(mut waiting) = words.waited_for.entry(self.word) {
            waker = waiting.get_mut().wakers.remove(&self.id);
            // The thread may stay asleep on it. But who waits for it next is to wake the thread: another segment may be
            // mapped there then.
            if waiting.get().wakers.is_empty() {
                waiting.remove();
            }
        }
        drop(words);
        drop(waker);
    }
}

impl Watchers {
    /// Adds who waits to the group that sleeps on the word already, or to one with room for it.
    fn add(&self, word: Word, id: u64, waker: Waker) -> io::Result<Arc<Group>> {
        let mut groups = self.groups.lock().unwrap_or_else(PoisonError::into_inner);
        let place = |group: &Arc<Group>| Some((group.words().place_for(word)?, group.clone()));
        let best = groups.iter().filter_map(place).min_by_key(|best| best.0);
        let group = match best {
            Some((Place::There | Place::Free, group)) => group,
            Some((Place::Later, group)) if groups.iter().filter_map(place).count() >= SPARE => {
                group
            }
            other => match (Group::start(), other) {
                (Ok(group), _) => {
                    groups.push(group.clone());
                    group
                }
                (Err(_), Some((_, group))) => group,
                (Err(error), None) => return Err(error),
            },
        };
        group.add(word, id, waker);
        Ok(group)
    }
}

impl Words {
    fn place_for(&self, word: Word) -> Option<Place> {
        if self.waited_for.contains_key(&word) {
            Some(Place::There)
        } else if self.waited_for.len() >= futexes::most() {
            None
        } else {
            Some(match self.only {
                None => Place::Free,
                Some(only) if only == word => Place::There,
                Some(_) => Place::Later,
            })
        }
    }
}

impl Group {
    fn start() -> io::Result<Arc<Group>> {
        let group = Arc::new(Group {
            words: Mutex::default(),
            control: AtomicU32::new(0),
        });
        let own = group.clone();
        // A thread begins with the mask of the one that starts it.
        let before = block_signals();
        let started = thread::Builder::new()
            .name("shmstate-watch".to_owned())
            .spawn(move || own.run());
        set_signal_mask(&before);
        started.map(|_| group)
    }

    fn words(&self) -> MutexGuard<'_, Words> {
        self.words.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, word: Word, id: u64, waker: Waker) {
        let mut words = self.words();
        let is_new = !words.waited_for.contains_key(&word);
        let waiting = words.waited_for.entry(word).or_insert_with(|| Waiting {
            deadline: Instant::now() + LONGEST_SLEEP,
            wakers: HashMap::new(),
        });
        waiting.wakers.insert(id, Some(waker));
        drop(words);
        if is_new {
            // After the word, for the thread that loads this before the words.
            self.control.fetch_add(1, Ordering::Release);
            futex::wake(&self.control, 1);
        }
    }

    fn run(&self) -> ! {
        loop {
            // Loaded before the words are read: whatever is added later is seen by the kernel's comparison.
            let control = Word::new(&self.control, self.control.load(Ordering::Acquire));
            let (words, limit) = self.look();
            match futexes::sleep_on_any(control, &words, limit) {
                Asleep::Woken(word) => self.fire(word),
                // Perhaps only `control` has; but where that never rests, the others are to be looked at all the same.
                Asleep::Changed => {
                    for word in words {
                        if futexes::has_changed(word) {
                            self.fire(word);
                        }
                    }
                }
                Asleep::Neither => {}
            }
        }
    }

    /// The words, and how long to sleep on them at most. Those who have waited for long enough look again.
    fn look(&self) -> (Vec<Word>, Option<Duration>) {
        let mut late = Vec::new();
        let mut limit = None;
        let mut words = self.words();
        let now = Instant::now();
        for waiting in words.waited_for.values_mut() {
            if waiting.deadline <= now {
                waiting.deadline = now + LONGEST_SLEEP;
                late.extend(waiting.wakers.values_mut().filter_map(Option::take));
            }
            let left = waiting.deadline - now;
            limit = Some(limit.map_or(left, |limit: Duration| limit.min(left)));
        }
        let all: Vec<Word> = words.waited_for.keys().copied().collect();
        words.only = all.first().copied().filter(|_| futexes::sleeps_on_one());
        drop(words);
        wake(late);
        (all, limit)
    }

    /// Wakes those who wait for the word to change.
    fn fire(&self, word: Word) {
        let mut words = self.words();
        let waiting = words.waited_for.remove(&word);
        words.only = None; // it is awake
        drop(words);
        let wakers = waiting.into_iter().flat_map(|waiting| waiting.wakers);
        wake(wakers.filter_map(|(_, waker)| waker));
    }
}

fn wake(wakers: impl IntoIterator<Item = Waker>) {
    for waker in wakers {
        // An executor that panics has said so. Others wait for this thread.
        let done = catch_unwind(AssertUnwindSafe(|| waker.wake()));
        // Not dropped: what a panic carries may panic as it goes.
        mem::forget(done);
    }
}

/// Leaves the signals to the threads of the program, except those that a thread causes itself. Returns the mask before.
fn block_signals() -> libc::sigset_t {
    const OWN: [libc::c_int; 6] = [
        libc::SIGBUS,
        libc::SIGFPE,
        libc::SIGILL,
        libc::SIGSEGV,
        libc::SIGSYS,
        libc::SIGTRAP,
    ];
    let mut set = MaybeUninit::uninit();
    // SAFETY: the set is a place for the answer.
    unsafe { libc::sigfillset(set.as_mut_ptr()) };
    for signal in OWN {
        // SAFETY: the set has been filled.
        unsafe { libc::sigdelset(set.as_mut_ptr(), signal) };
    }
    let mut before = MaybeUninit::uninit();
    // SAFETY: the set has been filled, and `before` is a place for the answer.
    unsafe { libc::pthread_sigmask(libc::SIG_BLOCK, set.as_ptr(), before.as_mut_ptr()) };
    // SAFETY: the call has written it; it only fails for an operation that there is not.
    unsafe { before.assume_init() }
}

fn set_signal_mask(mask: &libc::sigset_t) {
    // SAFETY: the mask is a live one, and the one before is not asked for.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, mask, ptr::null_mut()) };
}

impl core::fmt::Debug for Group {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Group").finish_non_exhaustive()
    }
}
