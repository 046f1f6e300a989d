//! A pre-fork HTTP server: its workers count in one scoreboard, which survives each of them.
//!
//! Run `cargo run --release --example prefork -- --demo`. The server then is its own client: four threads
//! send 400 requests, a worker is killed while they do, and another takes its place. No request is lost
//! (one that the killed worker had counted and not answered yet is sent again, and counted twice):
//!
//! ```text
//! listening on http://127.0.0.1:39653/status
//! 400 answers, 400 different tickets, 1 worker killed
//! worker  pid      state     requests  restarts  last path
//! 0       0        Dead      97        1         /client/2/request/99
//! 1       0        Dead      104       0         /client/1/request/99
//! 2       0        Dead      95        0         /client/0/request/99
//! 3       0        Dead      105       0         /client/3/request/99
//! total: 4 workers, 401 requests, 1 restarts
//! ```
//!
//! Without `--demo` it serves until `SIGTERM` or Ctrl-C, and then lets its workers finish what they do. Any
//! worker shows the scoreboard: `curl http://127.0.0.1:39653/status`; the parent does on `SIGUSR1` and at the
//! end. Options: the address (`127.0.0.1:8080`; a free port is taken otherwise), `--workers N` (4), and
//! `--name NAME`: then any other process can watch, with `ReadOnly::<Scoreboard>::open(NAME)`.

#![allow(unsafe_code)] // `fork`

mod client;
mod demo;
mod scoreboard;
mod worker;

use std::error::Error;
use std::net::TcpListener;
use std::os::fd::AsRawFd;
use std::process;

use lexopt::prelude::*;
use nix::errno::Errno;
use nix::sys::prctl;
use nix::sys::signal::{SigSet, Signal};
use nix::sys::socket::{Shutdown, shutdown};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{self, ForkResult, Pid};
use shmstate::prelude::*;

use scoreboard::{MOST, Scoreboard, State};

type Done = Result<(), Box<dyn Error>>;

struct Server {
    listener: TcpListener,
    board: Shared<Scoreboard>,
    workers: Vec<Pid>, // by their place on the scoreboard, where any of them could have put another number
}

fn main() -> Done {
    let (mut address, mut name, mut count, mut demo) = ("127.0.0.1:0".to_owned(), None, 4, false);
    let mut options = lexopt::Parser::from_env();
    while let Some(option) = options.next()? {
        match option {
            Long("demo") => demo = true,
            Long("name") => name = Some(options.value()?.string()?),
            Long("workers") => count = options.value()?.parse()?,
            Value(text) => address = text.string()?,
            other => Err(other.unexpected())?,
        }
    }
    if !(1..=MOST).contains(&count) {
        Err(format!("{count} workers: there is room for 1 to {MOST}"))?;
    }

    // From now on signals wait until they are asked for. In the workers too: Ctrl-C, which goes to all, is the
    // parent's to act on.
    let signals = [
        Signal::SIGCHLD,
        Signal::SIGINT,
        Signal::SIGTERM,
        Signal::SIGUSR1,
    ];
    let signals: SigSet = signals.into_iter().collect();
    signals.thread_block()?;

    let options = Shared::<Scoreboard>::creating().fresh(); // replaces that of a server that was killed
    let mut server = Server {
        board: match name {
            Some(name) => options.create_zeroed(&name)?,
            None => Shared::zeroed()?,
        },
        listener: TcpListener::bind(address)?,
        workers: Vec::new(),
    };
    let address = server.listener.local_addr()?;
    println!("listening on http://{address}/status");
    for number in 0..count {
        let worker = server.start(number)?;
        server.workers.push(worker);
    }
    let demo = if demo {
        Some(fork(|| demo::run(address, &server.board))?)
    } else {
        None
    };
    let done = server.supervise(&signals, demo);
    server.stop()?;
    print!("{}", server.board.snapshot());
    done
}

impl Server {
    /// Until a signal says to end, or the demo has ended: replaces each worker that ends.
    fn supervise(&mut self, signals: &SigSet, demo: Option<Pid>) -> Done {
        loop {
            match signals.wait()? {
                Signal::SIGUSR1 => print!("{}", self.board.snapshot()),
                Signal::SIGCHLD => loop {
                    // One signal may stand for several children.
                    let ended = waitpid(None, Some(WaitPidFlag::WNOHANG))?;
                    match ended {
                        WaitStatus::StillAlive => break,
                        WaitStatus::Exited(pid, 0) if Some(pid) == demo => return Ok(()),
                        _ if ended.pid() == demo => Err(format!("the demo failed: {ended:?}"))?,
                        _ => self.replace(ended)?,
                    }
                },
                _ => return Ok(()),
            }
        }
    }

    fn replace(&mut self, ended: WaitStatus) -> Done {
        let Some(number) = self.note(ended) else {
            return Ok(());
        };
        eprintln!("prefork: worker {number} ended: {ended:?}");
        self.workers[number] = self.start(number)?;
        self.board.workers[number].restarts.fetch_add(1);
        self.board.restarts.fetch_add(1);
        Ok(())
    }

    fn start(&self, number: usize) -> nix::Result<Pid> {
        self.board.workers[number].state.set(State::Starting);
        fork(|| worker::work(&self.listener, &self.board, number))
    }

    /// Notes on the scoreboard that a worker has ended; returns which.
    fn note(&self, ended: WaitStatus) -> Option<usize> {
        let number = self
            .workers
            .iter()
            .position(|pid| Some(*pid) == ended.pid())?;
        let place = &self.board.workers[number];
        place.pid.set(0); // the number may become another process's
        place.state.set(State::Dead);
        Some(number)
    }

    fn stop(&self) -> Done {
        self.board.stopping.set(true);
        // The workers have the same socket: this ends the `accept` in which they wait, and each later one.
        // Connections that nobody has accepted yet are reset.
        shutdown(self.listener.as_raw_fd(), Shutdown::Both)?;
        loop {
            match waitpid(None, None) {
                Err(Errno::ECHILD) => return Ok(()),
                ended => self.note(ended?),
            };
        }
    }
}

/// Runs `work` in a forked child, which ends with it, or with its parent.
fn fork(work: impl FnOnce() -> Done) -> nix::Result<Pid> {
    let parent = unistd::getpid();
    // SAFETY: this process has one thread, so the child may do what its parent may.
    let forked = unsafe { unistd::fork() }?;
    let ForkResult::Parent { child } = forked else {
        let bound = prctl::set_pdeathsig(Signal::SIGKILL);
        let bound = bound.map(|()| unistd::getppid() == parent); // or it has ended before
        let done = if bound == Ok(true) {
            work()
        } else {
            Err("the parent has ended".into())
        };
        if let Err(error) = &done {
            eprintln!("prefork: process {}: {error}", process::id());
        }
        process::exit(i32::from(done.is_err()));
    };
    Ok(child)
}
