//! One process telling another that it has come so far.

use std::io::{PipeReader, PipeWriter, Read, Write};
use std::process::Stdio;

/// The end that waits.
pub struct Listener(PipeReader);

/// The end that tells.
pub struct Teller(PipeWriter);

/// A pipe between processes. Move the far end into the child's closure, so that only the child has it:
/// then a child that dies early is an error here instead of a wait without end.
pub fn pipe() -> (Listener, Teller) {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    (Listener(reader), Teller(writer))
}

/// The streams of a program that is started.
impl From<Listener> for Stdio {
    fn from(listener: Listener) -> Stdio {
        listener.0.into()
    }
}

impl From<Teller> for Stdio {
    fn from(teller: Teller) -> Stdio {
        teller.0.into()
    }
}

impl Teller {
    /// Lets one [`Listener::wait`] return.
    #[track_caller]
    pub fn tell(&self) {
        self.send(&[1]);
    }

    /// Sends bytes.
    #[track_caller]
    pub fn send(&self, bytes: &[u8]) {
        (&self.0).write_all(bytes).expect("somebody listens");
    }
}

impl Listener {
    /// Waits for one [`Teller::tell`].
    #[track_caller]
    pub fn wait(&self) {
        let mut byte = [0];
        let told = (&self.0).read(&mut byte).expect("the pipe can be read");
        assert_eq!(told, 1, "the other process ended before it came so far");
    }

    /// Waits for a line of text, and returns it without its end.
    #[track_caller]
    pub fn line(&self) -> String {
        let mut line = Vec::new();
        let mut byte = [0];
        while (&self.0).read(&mut byte).expect("the pipe can be read") == 1 && byte != *b"\n" {
            line.push(byte[0]);
        }
        String::from_utf8(line).expect("text")
    }

    /// Waits for a number that was sent as eight bytes.
    #[track_caller]
    pub fn number(&self) -> u64 {
        let mut bytes = [0; 8];
        let read = (&self.0).read_exact(&mut bytes);
        read.expect("the other process ended before it came so far");
        u64::from_le_bytes(bytes)
    }

    /// Waits until every process has closed its [`Teller`], and returns what was sent.
    pub fn rest(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let _ = (&self.0).read_to_end(&mut bytes);
        bytes
    }
}
