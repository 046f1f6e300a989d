//! Sleeping on words of shared memory without keeping a thread of the caller's: for futures.
//!
//! One thread of this process sleeps on up to 127 words at once (`futex_waitv`, Linux 5.16), and wakes the futures that
//! wait for the one that changes; more words have more threads. A kernel without that call, or a filter that refuses it,
//! gets one thread for each word. The threads start when they are first needed and stay, asleep.
//!
//! A thread never looks at a word itself: the kernel compares it with what the future has seen. So a word may be unmapped
//! while a thread sleeps on it (its future has been leaked): the kernel then says that there is none.

#![allow(unsafe_code)]

use std::collections::HashMap;
use std::io;
use std::mem::{self, MaybeUninit};
use std::ptr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::thread;
use std::time::{Duration, Instant};

use super::fork;
use super::futex;
use super::futexes::{self, Asleep, Word};
use crate::sync::{AtomicPtr, AtomicU32, AtomicU64, Ordering};

/// A future looks again at least this often, because a notification can be lost with its writer.
const LONGEST_SLEEP: Duration = Duration::from_millis(100);

/// The threads of this process.
struct Watchers {
    /// Of the process: a forked child has a copy of all this, but none of the threads.
    generation: u64,
    groups: Mutex<Vec<Arc<Group>>>,
    last_id: AtomicU64,
}

/// The words of one thread.
struct Group {
    words: Mutex<HashMap<Word, Watched>>,
    /// Changes, and is woken, when a word is added.
    control: AtomicU32,
}

/// Those who wait for a word to change.
struct Watched {
    /// When to wake them even so.
    deadline: Instant,
    waiting: Vec<Waiting>,
}

struct Waiting {
    id: u64,
    waker: Waker,
}

/// Those of this process. Those of an ancestor stay allocated, as a lock in them may be taken for ever.
static CURRENT: AtomicPtr<Watchers> = AtomicPtr::new(ptr::null_mut());

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
        let watchers = watchers()?;
        let word = Word::new(word, seen);
        let id = watchers.last_id.fetch_add(1, Ordering::Relaxed);
        let group = watchers.add(word, Waiting { id, waker })?;
        group.wake();
        Ok(Ticket {
            generation: watchers.generation,
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
        let mut words = self.group.words();
        let Some(waiting) = words.get_mut(&self.word).and_then(|word| {
            word.waiting
                .iter_mut()
                .find(|waiting| waiting.id == self.id)
        }) else {
            return false;
        };
        if !waiting.waker.will_wake(waker) {
            let old = mem::replace(&mut waiting.waker, waker.clone());
            drop(words); // dropping a waker may do anything
            drop(old);
        }
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
        // The word stays for the thread, which is asleep on it, to remove.
        let waiting = words.get_mut(&self.word).and_then(|word| {
            let all = &mut word.waiting;
            let place = all.iter().position(|waiting| waiting.id == self.id)?;
            Some(all.swap_remove(place))
        });
        drop(words);
        drop(waiting);
    }
}

fn watchers() -> io::Result<&'static Watchers> {
    let generation = fork::generation()?;
    loop {
        let current = CURRENT.load(Ordering::Acquire);
        // SAFETY: `CURRENT` is null or points to a `Watchers` that is never freed.
        if let Some(watchers) = unsafe { current.as_ref() }
            && watchers.generation == generation
        {
            return Ok(watchers);
        }
        let fresh = Box::into_raw(Box::new(Watchers {
            generation,
            groups: Mutex::default(),
            last_id: AtomicU64::new(0),
        }));
        if CURRENT
            .compare_exchange(current, fresh, Ordering::AcqRel, Ordering::Relaxed)
            .is_err()
        {
            // SAFETY: it was just made by `into_raw`, and nobody else has the address.
            drop(unsafe { Box::from_raw(fresh) });
        }
    }
}

impl Watchers {
    /// Adds who waits to the group that sleeps on the word already, or to one with room for it.
    fn add(&self, word: Word, waiting: Waiting) -> io::Result<Arc<Group>> {
        let mut groups = self.groups.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = |group: &&Arc<Group>| {
            let words = group.words();
            words.contains_key(&word) || words.len() < futexes::most_beside_another()
        };
        let group = if let Some(group) = groups.iter().find(fits) {
            group.clone()
        } else {
            let group = Group::start()?;
            groups.push(group.clone());
            group
        };
        let mut words = group.words();
        let word = words.entry(word).or_insert_with(|| Watched {
            deadline: Instant::now() + LONGEST_SLEEP,
            waiting: Vec::new(),
        });
        word.waiting.push(waiting);
        drop(words);
        Ok(group)
    }
}

impl Group {
    fn start() -> io::Result<Arc<Group>> {
        let group = Arc::new(Group {
            words: Mutex::default(),
            control: AtomicU32::new(0),
        });
        let own = group.clone();
        thread::Builder::new()
            .name("shmstate-watch".to_owned())
            .spawn(move || {
                block_signals();
                own.run()
            })?;
        Ok(group)
    }

    fn words(&self) -> MutexGuard<'_, HashMap<Word, Watched>> {
        self.words.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wake(&self) {
        self.control.fetch_add(1, Ordering::Release);
        futex::wake(&self.control, 1);
    }

    fn run(&self) -> ! {
        loop {
            // Loaded before the words are read: whatever is added later is seen by the kernel's comparison.
            let control = Word::new(&self.control, self.control.load(Ordering::Acquire));
            let (words, limit) = self.look();
            match futexes::sleep_on_any(control, &words, limit) {
                Asleep::Woken(word) => self.fire(word),
                Asleep::Changed if !control.was_seen_as(self.control.load(Ordering::Acquire)) => {}
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
        let mut wakers = Vec::new();
        let mut limit = None;
        let mut words = self.words();
        words.retain(|_, word| !word.waiting.is_empty());
        let now = Instant::now();
        for word in words.values_mut() {
            if word.deadline <= now {
                word.deadline = now + LONGEST_SLEEP;
                wakers.extend(word.waiting.iter().map(|waiting| waiting.waker.clone()));
            }
            let left = word.deadline - now;
            limit = Some(limit.map_or(left, |limit: Duration| limit.min(left)));
        }
        let all = words.keys().copied().collect();
        drop(words);
        wakers.into_iter().for_each(Waker::wake);
        (all, limit)
    }

    /// Wakes those who wait for the word to change.
    fn fire(&self, word: Word) {
        let waiting = self.words().remove(&word).map(|word| word.waiting);
        for waiting in waiting.into_iter().flatten() {
            waiting.waker.wake();
        }
    }
}

/// They are for the threads of the program.
fn block_signals() {
    let mut all = MaybeUninit::uninit();
    // SAFETY: the set is a place for the answer.
    unsafe { libc::sigfillset(all.as_mut_ptr()) };
    // SAFETY: the set has been filled, and the one before is not asked for.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, all.as_ptr(), ptr::null_mut()) };
}

impl core::fmt::Debug for Group {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Group").finish_non_exhaustive()
    }
}
