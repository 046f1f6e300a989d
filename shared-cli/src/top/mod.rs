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

/// Why a view was left.
enum End {
    Action(Action),
    Signal(i32),
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
    let signals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT];
    let mut session = Session {
        signals: Signals::new(signals).map_err(Failure::io("receive signals"))?,
        screen: Screen::enter().map_err(terminal())?,
        interval: args.interval.max(SHORTEST),
    };
    let end = match (&args.name, first) {
        (Some(name), Some(inspector)) => session.watch(name, &inspector)?,
        _ => session.browse(&open)?,
    };
    drop(session);
    if let End::Signal(signal) = end {
        // So that whoever started this is told what has ended it.
        emulate_default_handler(signal).map_err(Failure::io("end by a signal"))?;
    }
    Ok(())
}

fn terminal() -> impl FnOnce(io::Error) -> Failure {
    Failure::io("use the terminal")
}

impl Session {
    fn watch(&mut self, name: &str, inspector: &Inspector) -> Result<End, Failure> {
        let name = name.to_owned();
        let about = Box::new(move |inspector: &Inspector| About::of(&name, inspector));
        self.show(&mut Fields::new(inspector, about))
    }

    /// The list, and the segments that are chosen there.
    fn browse(
        &mut self,
        open: &dyn Fn(&str) -> Result<Inspector, Failure>,
    ) -> Result<End, Failure> {
        let mut list = List::new();
        loop {
            let end = self.show(&mut list)?;
            let End::Action(Action::Open(name)) = end else {
                return Ok(end);
            };
            match open(&name) {
                Err(failure) => list.complain(failure.to_string()),
                Ok(inspector) => match self.watch(&name, &inspector)? {
                    End::Action(Action::Back) => {}
                    end => return Ok(end),
                },
            }
        }
    }

    fn show(&mut self, view: &mut dyn View) -> Result<End, Failure> {
        view.update(Instant::now());
        let mut due = Instant::now() + self.interval;
        let mut changed = true;
        loop {
            for signal in self.signals.pending() {
                match signal {
                    SIGTSTP => self.screen.suspend().map_err(terminal())?,
                    // Whoever has stopped this may have set the terminal anew.
                    SIGCONT => self.screen.again().map_err(terminal())?,
                    signal => return Ok(End::Signal(signal)),
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
                        return Ok(End::Action(Action::Quit));
                    }
                    Event::Key(key) => match view.key(key) {
                        Action::Stay => {}
                        action => return Ok(End::Action(action)),
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
