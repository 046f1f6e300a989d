//! The terminal, and leaving it as it was found.

use std::io::{self, Stdout, stdout};
use std::mem::{self, ManuallyDrop};
use std::panic;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};
use std::thread;
use std::time::Duration;

use ratatui::backend::CrosstermBackend;
use ratatui::crossterm::cursor::{Hide, Show};
use ratatui::crossterm::execute;
use ratatui::crossterm::terminal::{
    Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use ratatui::{Frame, Terminal};
use signal_hook::consts::SIGTSTP;
use signal_hook::low_level::emulate_default_handler;

use crate::truncation;

/// The terminal while something is drawn on it. When this is dropped, also by a panic, the terminal is as it was before:
/// its settings, its content and its cursor.
pub struct Screen {
    /// Never dropped: that would show the cursor, which is done below, and panic where it cannot tell of a failure.
    terminal: ManuallyDrop<Terminal<CrosstermBackend<Stdout>>>,
}

/// Whether there is something to undo.
static ENTERED: AtomicBool = AtomicBool::new(false);

/// Locked by the thread that changes what the terminal shows.
static TERMINAL: Mutex<()> = Mutex::new(());

fn lock() -> MutexGuard<'static, ()> {
    TERMINAL.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Screen {
    /// Takes the terminal that standard output is.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn enter() -> io::Result<Screen> {
        restore_before_panics_are_told();
        let _lock = lock();
        enter()?;
        // From here on there is something to undo, whatever fails.
        let terminal = Terminal::new(CrosstermBackend::new(stdout())).inspect_err(|_| leave())?;
        let terminal = ManuallyDrop::new(terminal);
        Ok(Screen { terminal })
    }

    pub(super) fn draw(&mut self, draw: &mut dyn FnMut(&mut Frame<'_>)) -> io::Result<()> {
        let _lock = lock();
        self.terminal.draw(|frame| draw(frame)).map(drop)
    }

    /// Gives the terminal back for good: for another thread, before it ends the program.
    pub(super) fn give_back() {
        // A thread that draws has a second to finish: it may be stuck, if the terminal accepts no output.
        for _ in 0..100 {
            if let Ok(lock) = TERMINAL.try_lock() {
                // No thread draws any more.
                mem::forget(lock);
                break;
            }
            thread::sleep(Duration::from_millis(10));
        }
        leave();
    }

    /// Stops this program, as Ctrl-Z does, and goes on when it is continued.
    pub(super) fn suspend(&mut self) -> io::Result<()> {
        {
            let _lock = lock();
            leave();
        }
        emulate_default_handler(SIGTSTP)?;
        self.again()
    }

    /// Takes the terminal again, whatever was done to it.
    pub(super) fn again(&mut self) -> io::Result<()> {
        let _lock = lock();
        leave();
        enter()?;
        // Nothing is known of what it shows. (`Terminal::clear` would ask it where its cursor is.)
        execute!(stdout(), Clear(ClearType::All))?;
        let terminal = Terminal::new(CrosstermBackend::new(stdout()))?;
        self.terminal = ManuallyDrop::new(terminal);
        Ok(())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // Without the lock: a panic may have come while it was held.
        leave();
    }
}

fn enter() -> io::Result<()> {
    truncation::drawing(true);
    ENTERED.store(true, Ordering::Release);
    enable_raw_mode()
        .and_then(|()| execute!(stdout(), EnterAlternateScreen, Hide))
        .inspect_err(|_| leave())
}

/// Undoes all of it. Failures are ignored: the terminal is gone then.
fn leave() {
    if ENTERED.swap(false, Ordering::AcqRel) {
        let _ = execute!(stdout(), LeaveAlternateScreen, Show);
        let _ = disable_raw_mode();
        truncation::drawing(false);
    }
}

/// Without this, the message of a panic would be lost with the screen that it was written on.
fn restore_before_panics_are_told() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let tell = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            leave();
            tell(info);
        }));
    });
}
