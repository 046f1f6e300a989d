//! The terminal, and leaving it as it was found.

use std::io::{self, Stdout, stdout};
use std::panic;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

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

/// The terminal while something is drawn on it. Dropped, by a panic too, it is as it was: its settings, what stood on
/// it, and its cursor.
pub struct Screen {
    terminal: Terminal<CrosstermBackend<Stdout>>,
}

/// Whether there is something to undo.
static ENTERED: AtomicBool = AtomicBool::new(false);

impl Screen {
    /// Takes the terminal that standard output is.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn enter() -> io::Result<Screen> {
        restore_before_panics_are_told();
        enter()?;
        // From here on there is something to undo, whatever fails.
        let terminal = Terminal::new(CrosstermBackend::new(stdout())).inspect_err(|_| leave())?;
        Ok(Screen { terminal })
    }

    pub(super) fn draw(&mut self, draw: &mut dyn FnMut(&mut Frame<'_>)) -> io::Result<()> {
        self.terminal.draw(|frame| draw(frame)).map(drop)
    }

    /// Stops this program, as Ctrl-Z does, and goes on when it is continued.
    pub(super) fn suspend(&mut self) -> io::Result<()> {
        leave();
        emulate_default_handler(SIGTSTP)?;
        self.again()
    }

    /// Takes the terminal again, whatever was done to it.
    pub(super) fn again(&mut self) -> io::Result<()> {
        leave();
        enter()?;
        // Nothing is known of what it shows. (`Terminal::clear` would ask it where its cursor is.)
        execute!(stdout(), Clear(ClearType::All))?;
        self.terminal = Terminal::new(CrosstermBackend::new(stdout()))?;
        Ok(())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
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

/// Undoes all of it. There is nobody to tell where that fails: the terminal is gone then.
fn leave() {
    if ENTERED.swap(false, Ordering::AcqRel) {
        let _ = execute!(stdout(), LeaveAlternateScreen, Show);
        let _ = disable_raw_mode();
        truncation::drawing(false);
    }
}

/// What a panic says would be lost with the screen that it was written on.
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
