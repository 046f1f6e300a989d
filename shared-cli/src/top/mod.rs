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

/// The shortest time from one look to the next.
const SHORTEST: Duration = Duration::from_millis(100);
/// The longest: a day.
const LONGEST: Duration = Duration::from_secs(24 * 3_600);

/// A signal is seen after so long at most.
const NAP: Duration = Duration::from_millis(50);

/// What the terminal shows.
pub trait View {
    /// Looks again.
    fn update(&mut self, now: Instant);
    /// Draws what was seen.
    fn draw(&mut self, frame: &mut Frame<'_>);
    /// Does what a key says.
    fn key(&mut self, key: KeyEvent) -> Action;
    /// Whether there are to be no looks for now.
    fn is_paused(&self) -> bool;
}

/// What is to follow a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Nothing but another drawing.
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

/// Gives the terminal back when a signal comes that ends the program, and lets it. In a thread of its own: where the
/// terminal has gone away, whoever reads from it may never come back.
fn end_by_signals() -> io::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP, SIGQUIT])?;
    thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            for signal in signals.forever() {
                Screen::give_back();
                // So that whoever started this is told what has ended it.
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
                    // Whoever has stopped this may have set the terminal anew.
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
