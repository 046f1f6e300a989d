//! `shmstate top`: a live view of a segment, or of all of them.

mod about;
mod controls;
mod draw;
mod fields;
mod history;
mod list;
mod screen;
mod watch;

use std::io::{self, IsTerminal};
use std::thread;
use std::time::{Duration, Instant};

use ratatui::Frame;
use ratatui::crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use shmstate::Inspector;
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

pub use about::About;
pub use fields::Fields;
pub use screen::Screen;

use crate::args::Top;
use crate::failure::Failure;
use crate::target;
use list::List;

/// The shortest time between two updates.
const SHORTEST: Duration = Duration::from_millis(100);
/// The longest: a day.
const LONGEST: Duration = Duration::from_secs(24 * 3_600);

/// The longest time until a signal is noticed.
const NAP: Duration = Duration::from_millis(50);

/// What the terminal shows.
pub trait View {
    /// Reads the data again.
    fn update(&mut self, now: Instant);
    /// Draws what was read.
    fn draw(&mut self, frame: &mut Frame<'_>);
    /// Handles a key.
    fn key(&mut self, key: KeyEvent) -> Action;
    /// Whether updates are paused.
    fn is_paused(&self) -> bool;
}

/// What to do after a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Draw again.
    Stay,
    /// The end.
    Quit,
    /// The view before.
    Back,
    /// A view of this segment.
    Open(String),
}

struct Session {
    screen: Screen,
    signals: Signals,
    interval: Duration,
}

pub(crate) fn run(args: &Top, trusting: bool) -> Result<(), Failure> {
    if !io::stdout().is_terminal() {
        return Err(Failure::NoTerminal);
    }
    let open = |name: &str| target::open(name, Inspector::options().foreign_owner(trusting));
    // Before the terminal is changed.
    let first = args.name.as_deref().map(open).transpose()?;
    let signals = || Failure::io("receive signals");
    end_by_signals().map_err(signals())?;
    let mut session = Session {
        signals: Signals::new([SIGTSTP, SIGCONT]).map_err(signals())?,
        screen: Screen::enter().map_err(terminal())?,
        interval: args.interval.clamp(SHORTEST, LONGEST),
    };
    match (&args.name, first) {
        (Some(name), Some(inspector)) => session.watch(name, &inspector).map(drop),
        _ => session.browse(&open),
    }
}

/// Gives the terminal back when a signal comes that ends the program, and then lets it end. Runs in a thread of its own,
/// because a thread that reads from a terminal that has gone away may never return.
fn end_by_signals() -> io::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP, SIGQUIT])?;
    thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            for signal in signals.forever() {
                Screen::give_back();
                // So that the parent process is told which signal has ended this one.
                let _ = emulate_default_handler(signal);
            }
        })
        .map(drop)
}

fn terminal() -> impl FnOnce(io::Error) -> Failure {
    Failure::io("use the terminal")
}

impl Session {
    fn watch(&mut self, name: &str, inspector: &Inspector) -> Result<Action, Failure> {
        let name = name.to_owned();
        let about = Box::new(move |inspector: &Inspector| About::of(&name, inspector));
        self.show(&mut Fields::new(inspector, about))
    }

    /// The list, and the segments that are chosen there.
    fn browse(&mut self, open: &dyn Fn(&str) -> Result<Inspector, Failure>) -> Result<(), Failure> {
        let mut list = List::new();
        loop {
            let Action::Open(name) = self.show(&mut list)? else {
                return Ok(());
            };
            match open(&name) {
                Err(failure) => list.complain(failure.to_string()),
                Ok(inspector) => {
                    if self.watch(&name, &inspector)? != Action::Back {
                        return Ok(());
                    }
                }
            }
        }
    }

    fn show(&mut self, view: &mut dyn View) -> Result<Action, Failure> {
        view.update(Instant::now());
        let mut due = Instant::now() + self.interval;
        let mut changed = true;
        loop {
            for signal in self.signals.pending() {
                if signal == SIGTSTP {
                    self.screen.suspend().map_err(terminal())?;
                } else {
                    // The shell may have changed the settings of the terminal meanwhile.
                    self.screen.again().map_err(terminal())?;
                }
                changed = true;
            }
            let now = Instant::now();
            if now >= due {
                due = now + self.interval;
                if !view.is_paused() {
                    view.update(now);
                    changed = true;
                }
            }
            if changed {
                self.screen
                    .draw(&mut |frame| view.draw(frame))
                    .map_err(terminal())?;
            }
            let nap = due.saturating_duration_since(Instant::now()).min(NAP);
            changed = event::poll(nap).map_err(terminal())?;
            if changed {
                match event::read().map_err(terminal())? {
                    Event::Key(key) if key.kind == KeyEventKind::Release => changed = false,
                    Event::Key(key) if is_control(key, 'z') => {
                        self.screen.suspend().map_err(terminal())?;
                    }
                    Event::Key(key) if is_control(key, 'c') => {
                        return Ok(Action::Quit);
                    }
                    Event::Key(key) => match view.key(key) {
                        Action::Stay => {}
                        action => return Ok(action),
                    },
                    _ => {}
                }
            }
        }
    }
}

fn is_control(key: KeyEvent, letter: char) -> bool {
    key.code == KeyCode::Char(letter) && key.modifiers.contains(KeyModifiers::CONTROL)
}
