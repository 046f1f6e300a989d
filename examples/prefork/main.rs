//! A pre-fork HTTP server: its workers count in one scoreboard, which survives each of them.
//!
//! Run `cargo run --release --example prefork -- --demo`. With `--demo` the server is its own client: four threads
//! send 400 requests. Meanwhile a worker is killed, and another takes its place. No request is lost. (A request that
//! the killed worker had counted, but not yet answered, is sent again and counted twice.) It prints, with other numbers
//! for each worker:
//!
//! ```text
//! listening on http://127.0.0.1:39653/status
//! 400 answers, 400 different tickets, 1 worker killed
//! worker  pid      state     for      requests  restarts  last path
//! 0       0        Dead      0.04s    97        1         /client/2/request/99
//! 1       0        Dead      0.00s    104       0         /client/1/request/99
//! 2       0        Dead      0.04s    95        0         /client/0/request/99
//! 3       0        Dead      0.04s    105       0         /client/3/request/99
//! total: 4 workers, 401 requests, 1 restarts
//! ```
//!
//! Without `--demo` it serves until `SIGTERM` or Ctrl-C, and then lets its workers finish what they do. Every worker
//! can show the scoreboard (`curl http://127.0.0.1:39653/status`); the parent prints it on `SIGUSR1` and at the end.
//! Options: an address such as `127.0.0.1:8080` (default: a free port), `--workers N` (default: 4), and `--name NAME`,
//! with which any other process can watch: `ReadOnly::<Scoreboard>::open(NAME)`.

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
    workers: Vec<Pid>, // in the order of the scoreboard, where a faulty worker could overwrite them
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

    // From now on these signals are only taken where the parent waits for them. The workers inherit that, so Ctrl-C,
    // which the terminal sends to all processes, does not end them.
    let signals = [
        Signal::SIGCHLD,
        Signal::SIGINT,
        Signal::SIGTERM,
        Signal::SIGUSR1,
    ];
    let signals: SigSet = signals.into_iter().collect();
    signals.thread_block()?;

    let options = Shared::<Scoreboard>::creating().fresh(); // replaces what a killed server has left
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
    /// Replaces each worker that ends, until a signal says to stop, or the demo has ended.
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
        self.board.workers[number].enter(State::Starting);
        fork(|| worker::work(&self.listener, &self.board, number))
    }

    /// Notes on the scoreboard that a worker has ended. Returns its number, or `None` if it was not a worker.
    fn note(&self, ended: WaitStatus) -> Option<usize> {
        let number = self
            .workers
            .iter()
            .position(|pid| Some(*pid) == ended.pid())?;
        let place = &self.board.workers[number];
        place.pid.set(0); // another process may get this pid
        place.enter(State::Dead);
        Some(number)
    }

    fn stop(&self) -> Done {
        self.board.stopping.set(true);
        // The workers share the socket: `accept`, where they wait, fails now and from here on. Connections that no
        // worker has accepted yet are reset.
        shutdown(self.listener.as_raw_fd(), Shutdown::Both)?;
        loop {
            match waitpid(None, None) {
                Err(Errno::ECHILD) => return Ok(()),
                ended => self.note(ended?),
            };
        }
    }
}

/// Runs `work` in a forked child. The child ends when `work` does, or when its parent does.
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
            let line = format!("prefork: process {}: {error}\n", process::id());
            eprint!("{line}"); // one write, which those of the others do not get into
        }
        process::exit(i32::from(done.is_err()));
    };
    Ok(child)
}
