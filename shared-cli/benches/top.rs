//! What an update of `shmstate top`'s screen costs, in CPU time, for a segment with 10,000 fields of all kinds: reading
//! them, sorting them, and drawing 80×24. It is to stay below 100 ms.
//!
//! `cargo bench -p shared-cli --bench top`

#![allow(unsafe_code)]

use std::io;
use std::time::{Duration, Instant};

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use shared_cli::top::{About, Fields, View};
use shmstate::{Inspector, Shared, SharedState};

#[derive(SharedState, Clone, Copy)]
enum Phase {
    Idle,
    Busy,
}

#[derive(SharedState)]
#[shared(lock)]
struct Window {
    low: u64,
    high: u64,
}

/// Ten rows: a locked struct has one for itself.
#[derive(SharedState)]
struct Worker {
    #[shared(counter)]
    done: u64,
    left: i64,
    ratio: f64,
    running: bool,
    phase: Phase,
    #[shared(capacity = 32)]
    label: String,
    #[shared(watch)]
    generation: u32,
    window: Window,
}

const WORKERS: usize = 1_000;
const UPDATES: u32 = 60;
const LIMIT: Duration = Duration::from_millis(100);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let workers = Shared::<[Worker; WORKERS]>::new_with(|workers| {
        for worker in workers {
            worker.running.set(true);
        }
    })?;
    let inspector = Inspector::from_token(&workers.token())?;
    let mut view = Fields::new(&inspector, Box::new(|_| About::default()));
    let mut terminal = Terminal::new(TestBackend::new(80, 24))?;
    // Not a name, nor the order of the fields: what is sorted changes with each look.
    for key in "sss".chars() {
        view.key(KeyEvent::new(KeyCode::Char(key), KeyModifiers::NONE));
    }
    let mut worst = Duration::ZERO;
    let mut total = Duration::ZERO;
    let mut now = Instant::now();
    for round in 0..UPDATES {
        for (i, worker) in (0..).zip(workers.iter()) {
            worker.done.fetch_add(i);
            worker.ratio.set(f64::from(round));
            worker.window.modify(|window| window.low += i);
        }
        let start = cpu_time()?;
        now += Duration::from_secs(1);
        view.update(now);
        terminal.draw(|frame| view.draw(frame))?;
        let taken = cpu_time()?.saturating_sub(start);
        worst = worst.max(taken);
        total += taken;
    }
    println!(
        "screen update, {} fields: {:.1} ms of CPU time at the mean of {UPDATES}, {:.1} ms at most (to be under {} ms)",
        WORKERS * 10,
        total.as_secs_f64() * 1e3 / f64::from(UPDATES),
        worst.as_secs_f64() * 1e3,
        LIMIT.as_millis(),
    );
    Ok(())
}

/// That this thread has used.
fn cpu_time() -> io::Result<Duration> {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: `time` lives.
    if unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) } != 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(Duration::new(
        time.tv_sec.unsigned_abs(),
        u32::try_from(time.tv_nsec).unwrap_or(0),
    ))
}
