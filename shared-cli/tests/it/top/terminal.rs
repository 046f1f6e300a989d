//! A terminal of 80×24 for a program, and what is to be seen on it.

#![allow(unsafe_code)]

use std::io::{ErrorKind, Read, Write};
use std::mem::MaybeUninit;
use std::num::NonZero;
use std::os::fd::AsRawFd;
use std::process::{Child, ExitStatus};

use pty_process::Size;
use pty_process::blocking::{Command, Pty, open};

/// A program in a terminal of its own. Killed when dropped.
pub(crate) struct Terminal {
    pty: Pty,
    child: Child,
    screen: vt100::Parser,
}

/// What stands on a terminal before the program is started.
const BEFORE: &str = "$ what was there\r\n$ ";

impl Terminal {
    /// Starts the tool.
    pub(crate) fn run(arguments: &[&str]) -> Terminal {
        Terminal::start(Command::new(env!("CARGO_BIN_EXE_shmstate")).args(arguments))
    }

    pub(crate) fn start(command: Command) -> Terminal {
        let (pty, pts) = open().expect("a pseudo-terminal");
        pty.resize(Size::new(24, 80)).expect("it has any size");
        let mut screen = vt100::Parser::new(nonzero(24), nonzero(80), 0);
        screen.process(BEFORE.as_bytes());
        let child = command.env("TERM", "xterm-256color").spawn(pts);
        Terminal {
            pty,
            child: child.expect("the program starts"),
            screen,
        }
    }

    pub(crate) fn press(&mut self, keys: &str) {
        self.pty.write_all(keys.as_bytes()).expect("it is open");
    }

    pub(crate) fn resize(&mut self, rows: u16, columns: u16) {
        self.pty
            .resize(Size::new(rows, columns))
            .expect("it has any size");
        self.screen
            .screen_mut()
            .set_size(nonzero(rows), nonzero(columns));
    }

    pub(crate) fn signal(&self, signal: i32) {
        // SAFETY: the call takes numbers; the child is not reaped, so the id is its own.
        unsafe { libc::kill(self.child.id().cast_signed(), signal) };
    }

    /// Reads what is drawn until it is as `wanted`, and returns it. (The watchdog ends the test if it never is.)
    #[track_caller]
    pub(crate) fn until(&mut self, wanted: impl Fn(&Shown) -> bool) -> Shown {
        loop {
            let shown = self.shown();
            if wanted(&shown) {
                return shown;
            }
            assert!(self.read(), "it ended, and has shown\n{}", shown.text);
        }
    }

    /// Until this is to be read.
    #[track_caller]
    pub(crate) fn until_text(&mut self, text: &str) -> Shown {
        self.until(|shown| shown.text.contains(text))
    }

    /// Reads to the end, and waits for it.
    pub(crate) fn end(&mut self) -> (ExitStatus, Shown) {
        while self.read() {}
        (self.child.wait().expect("a child"), self.shown())
    }

    /// Takes the terminal away, as when its window is closed, and waits for the end.
    pub(crate) fn hang_up(mut self) -> ExitStatus {
        let (other, _) = open().expect("a pseudo-terminal");
        drop(std::mem::replace(&mut self.pty, other));
        self.child.wait().expect("a child")
    }

    /// Waits until the program is stopped.
    pub(crate) fn until_stopped(&self) {
        let mut status = 0;
        // SAFETY: `status` lives; the child is ours.
        let id = unsafe {
            libc::waitpid(
                self.child.id().cast_signed(),
                &raw mut status,
                libc::WUNTRACED,
            )
        };
        assert!(id > 0 && libc::WIFSTOPPED(status), "it ended: {status:#x}");
    }

    fn read(&mut self) -> bool {
        let mut bytes = [0; 4096];
        match self.pty.read(&mut bytes) {
            Ok(0) => false,
            Ok(count) => {
                self.screen.process(&bytes[..count]);
                true
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => true,
            // What is read of a terminal that no program has any more.
            Err(error) if error.raw_os_error() == Some(libc::EIO) => false,
            Err(error) => panic!("the terminal: {error}"),
        }
    }

    fn shown(&self) -> Shown {
        let screen = self.screen.screen();
        let lines = screen.rows(0, screen.size().1.get());
        let lines: Vec<String> = lines.map(|line| line.trim_end().to_owned()).collect();
        Shown {
            text: lines.join("\n"),
            lines,
            alternate: screen.alternate_screen(),
            cursor: !screen.hide_cursor(),
            settings: self.settings(),
        }
    }

    /// How the terminal is set: whether lines are read whole, keys shown, and so on.
    fn settings(&self) -> [u32; 4] {
        let mut settings = MaybeUninit::<libc::termios>::zeroed();
        // SAFETY: `settings` is large enough. On Linux, the program's side of it answers.
        let got = unsafe { libc::tcgetattr(self.pty.as_raw_fd(), settings.as_mut_ptr()) };
        assert_eq!(got, 0, "tcgetattr: {}", std::io::Error::last_os_error());
        // SAFETY: all of its fields are numbers, and were written.
        let settings = unsafe { settings.assume_init() };
        [
            settings.c_iflag,
            settings.c_oflag,
            settings.c_cflag,
            settings.c_lflag,
        ]
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What is to be seen of a terminal.
#[derive(Clone)]
pub(crate) struct Shown {
    pub(crate) text: String,
    pub(crate) lines: Vec<String>,
    alternate: bool,
    cursor: bool,
    settings: [u32; 4],
}

impl Shown {
    /// Whether a program draws on all of it.
    pub(crate) fn is_taken(&self) -> bool {
        self.alternate && !self.cursor
    }

    /// Whether no program does, any more.
    pub(crate) fn is_given_back(&self) -> bool {
        !self.alternate && self.cursor
    }

    /// Fails unless the terminal is as it was before. Returns what stands behind what stood there.
    #[track_caller]
    pub(crate) fn as_before(&self, untouched: &Shown) -> &str {
        assert!(!self.alternate, "the other screen is still shown");
        assert!(self.cursor, "the cursor is still hidden");
        assert_eq!(
            self.settings, untouched.settings,
            "the terminal is set otherwise"
        );
        let before = untouched.text.trim_end();
        let more = self.text.strip_prefix(before);
        more.unwrap_or_else(|| panic!("what was there is gone: {}", self.text))
            .trim()
    }
}

fn nonzero(number: u16) -> NonZero<u16> {
    NonZero::new(number).expect("terminals are larger")
}

/// A terminal that nothing was done to, to compare with.
pub(crate) fn untouched() -> Shown {
    let mut terminal = Terminal::start(Command::new("true"));
    terminal.end().1
}
