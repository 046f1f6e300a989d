//! An executor by hand, and a look at the threads of the library.

use std::fs;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use shmstate::{Shared, SharedState};

use super::fields::Field;

/// A waker that counts, and unparks the thread that has made it.
pub(crate) struct Bell {
    rings: AtomicU32,
    thread: Thread,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.rings.fetch_add(1, SeqCst);
        self.thread.unpark();
    }
}

impl Bell {
    pub(crate) fn new() -> Arc<Bell> {
        Arc::new(Bell {
            rings: AtomicU32::new(0),
            thread: thread::current(),
        })
    }

    pub(crate) fn rings(&self) -> u32 {
        self.rings.load(SeqCst)
    }

    /// Waits until it has rung so often.
    pub(crate) fn wait_for(&self, rings: u32) {
        while self.rings() < rings {
            thread::park();
        }
    }
}

/// How often the bell has rung, for what has come to pass before this call: the thread of the library, of which there is
/// one, has done with that when it wakes somebody because of what came later.
pub(crate) fn rings_so_far(bell: &Bell) -> u32 {
    let later = Shared::new(Later::default()).expect("create");
    block_on(once_it_waits(later.word.changed(), || later.word.set(1)));
    assert_eq!(watchers(), 1);
    bell.rings()
}

#[derive(SharedState, Default)]
struct Later {
    #[shared(watch)]
    word: u32,
}

pub(crate) fn poll<F: Future + Unpin>(future: &mut F, bell: &Arc<Bell>) -> Poll<F::Output> {
    poll_by(future, &bell.clone().into())
}

pub(crate) fn poll_by<F: Future + Unpin>(future: &mut F, waker: &Waker) -> Poll<F::Output> {
    Pin::new(future).poll(&mut Context::from_waker(waker))
}

/// An executor of one task.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let bell = Bell::new();
    loop {
        let rings = bell.rings();
        if let Poll::Ready(result) = poll(&mut future, &bell) {
            return result;
        }
        bell.wait_for(rings + 1);
    }
}

/// As `future`; calls `then` as soon as that waits, which it must.
pub(crate) async fn once_it_waits<F: Future>(future: F, then: impl FnOnce()) -> F::Output {
    let mut future = pin!(future);
    let mut then = Some(then);
    std::future::poll_fn(|context| {
        let poll = future.as_mut().poll(context);
        if let Some(then) = then.take() {
            assert!(poll.is_pending(), "it does not wait");
            then();
        }
        poll
    })
    .await
}

pub(crate) fn runtime() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_time().build().expect("a runtime")
}

/// How many threads of the library this process has.
pub(crate) fn watchers() -> usize {
    watcher_files("comm").len()
}

/// A file of `/proc` for each thread of the library.
pub(crate) fn watcher_files(file: &str) -> Vec<String> {
    let read_all = |file: &str| -> Vec<String> {
        let tasks = fs::read_dir("/proc/self/task").expect("/proc is mounted");
        let read = |task: fs::DirEntry| fs::read_to_string(task.path().join(file)).ok();
        tasks.filter_map(|task| read(task.ok()?)).collect()
    };
    // A thread gives itself its name; before that it has that of the first.
    let first = fs::read_to_string("/proc/self/comm").expect("/proc is mounted");
    loop {
        let names = read_all("comm");
        let files = read_all(file);
        if names.iter().filter(|name| **name == first).count() == 1 && names.len() == files.len() {
            let named = names.iter().zip(files);
            let ours = named.filter(|(name, _)| *name == "shmstate-watch\n");
            return ours.map(|(_, file)| file).collect();
        }
        thread::yield_now();
    }
}
