//! The example `prefork`, as a server with real clients, whose workers are killed while they serve.

#![allow(unsafe_code)] // `kill`

#[path = "../../examples/prefork/client.rs"]
mod client;
#[allow(dead_code)] // only read here
#[path = "../../examples/prefork/scoreboard.rs"]
mod scoreboard;

use shared_testkit::{self as support, Test, os, tests};

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{LazyLock, Mutex};
use std::thread;

use shmstate::{OpenError, ReadOnly};

use super::programs::example;
use client::{get, insist, ticket};
use scoreboard::{Scoreboard, State};
use support::{assert_success, name, watchdog};

static PREFORK: LazyLock<PathBuf> = LazyLock::new(|| example("prefork"));

/// Builds it, once for all tests: they are forks.
pub(crate) fn build() {
    LazyLock::force(&PREFORK);
}

pub(crate) const TESTS: &[Test] = tests![
    no_count_is_lost_while_workers_are_killed,
    a_worker_that_is_asked_to_stop_finishes_its_request,
    a_server_that_is_killed_takes_its_workers_with_it,
    another_process_sees_the_scoreboard_by_its_name,
    what_is_no_request_is_not_counted,
    a_path_that_is_too_long_is_noted_up_to_a_whole_character,
    the_demo_loses_no_request,
    wrong_options_are_an_error,
];

struct Server {
    process: Child,
    output: BufReader<ChildStdout>,
    address: SocketAddr,
}

impl Server {
    fn start(options: &[&str]) -> Server {
        let mut command = Command::new(&*PREFORK);
        let mut process = command
            .args(options)
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let output = BufReader::new(process.stdout.take().expect("piped"));
        let mut server = Server {
            process,
            output,
            address: ([0; 4], 0).into(),
        };
        let line = server.line();
        let address = line
            .strip_prefix("listening on http://")
            .and_then(|rest| rest.strip_suffix("/status\n"));
        server.address = address
            .and_then(|text| text.parse().ok())
            .unwrap_or_else(|| panic!("no address: {line}"));
        server
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("text");
        line
    }

    fn signal(&self, signal: i32) {
        send(self.process.id(), signal);
    }

    /// Waits until it has ended, and with it all that had its output; returns what it printed at last.
    fn end(mut self) -> Board {
        let mut text = String::new();
        self.output.read_to_string(&mut text).expect("text");
        assert_success(self.process.wait().expect("a child"));
        Board::parse(&text)
    }

    fn stop(self) -> Board {
        self.signal(libc::SIGTERM);
        self.end()
    }
}

fn send(process: u32, signal: i32) {
    assert!(process > 1, "neither a group nor everybody");
    // SAFETY: the call takes numbers; the process is the server or a worker that it has not reaped.
    let sent = unsafe { libc::kill(process.cast_signed(), signal) };
    assert_eq!(sent, 0);
}

/// The scoreboard as text.
#[derive(Debug)]
struct Board {
    workers: Vec<Row>,
    requests: u64,
    restarts: u64,
}

#[derive(Debug)]
struct Row {
    pid: u32,
    state: String,
    requests: u64,
    restarts: u64,
    last_path: String,
}

impl Board {
    #[track_caller]
    fn parse(text: &str) -> Board {
        Self::rows(text).unwrap_or_else(|| panic!("no scoreboard: {text}"))
    }

    fn rows(text: &str) -> Option<Board> {
        let table = text.split_once("last path\n")?.1;
        let (rows, total) = table.split_once("total: ")?;
        let mut total = total.split(' ');
        let count: usize = total.next()?.parse().ok()?;
        let row = |line: &str| {
            let mut words = line.split_whitespace().skip(1);
            Some(Row {
                pid: words.next()?.parse().ok()?,
                state: words.next()?.to_owned(),
                requests: words.nth(1)?.parse().ok()?, // behind how long it has been in that state
                restarts: words.next()?.parse().ok()?,
                last_path: words.next().unwrap_or_default().to_owned(),
            })
        };
        let workers: Vec<Row> = rows.lines().map(row).collect::<Option<_>>()?;
        let board = Board {
            requests: total.nth(1)?.parse().ok()?,
            restarts: total.nth(1)?.parse().ok()?,
            workers,
        };
        (board.workers.len() == count).then_some(board)
    }
}

/// What all clients of a test have sent and got.
#[derive(Default)]
struct Traffic {
    sent: AtomicU64,
    paths: Mutex<BTreeSet<String>>,
    tickets: Mutex<Vec<u64>>,
}

impl Traffic {
    /// Sends a request until it is answered.
    fn ask(&self, server: SocketAddr, path: &str) -> String {
        self.paths.lock().unwrap().insert(path.to_owned());
        loop {
            self.sent.fetch_add(1, Relaxed);
            if let Ok(body) = get(server, path) {
                let ticket = ticket(&body).expect("each answer has a ticket");
                self.tickets.lock().unwrap().push(ticket);
                return body;
            }
        }
    }

    fn board(&self, server: SocketAddr) -> Board {
        Board::parse(&self.ask(server, "/status"))
    }
}

/// If the workers counted in memory of their own, or nobody replaced the killed, this would print the
/// watchdog's "somebody hangs"; if a ticket were read first and counted later, "a ticket was given twice";
/// if a place on the scoreboard began anew with its next worker, "a worker's count is lost".
fn no_count_is_lost_while_workers_are_killed() {
    watchdog(120);
    let server = Server::start(&[]);
    let address = server.address;
    let (traffic, enough) = (&Traffic::default(), &AtomicBool::new(false));
    let mut kills = 0;
    thread::scope(|scope| {
        for client in 0..6 {
            scope.spawn(move || {
                let mut request = 0;
                while request < 100 || !enough.load(Relaxed) {
                    let path = format!("/{client}/{request}/{}", "wörter€🦀".repeat(request % 4));
                    traffic.ask(address, &path);
                    request += 1;
                }
            });
        }
        for round in 0..48 {
            // All killed ones are reaped by now, so the scoreboard names the living.
            let living = loop {
                let rows = traffic.board(address).workers;
                let pids: Vec<u32> = rows.iter().map(|row| row.pid).filter(|p| *p > 0).collect();
                if pids.len() == 4 {
                    break pids;
                }
            };
            // Sometimes nobody is left.
            for pid in &living[..=round % 4] {
                send(*pid, libc::SIGKILL);
                kills += 1;
            }
            while traffic.board(address).restarts < kills {}
        }
        enough.store(true, Relaxed);
    });
    let board = server.stop();

    let mut tickets = traffic.tickets.lock().unwrap().clone();
    let answers = tickets.len() as u64;
    let sent = traffic.sent.load(Relaxed);
    println!("{answers} answers to {sent} requests, {kills} kills: {board:?}");
    tickets.sort_unstable();
    tickets.dedup();
    assert_eq!(tickets.len() as u64, answers, "a ticket was given twice");
    let last = tickets.last().copied();
    assert!(last < Some(board.requests), "an answer is not in the count");
    assert!(board.requests >= answers && board.requests <= sent);
    // A worker adds to the total first, and may be killed before it adds to its own.
    let own: u64 = board.workers.iter().map(|row| row.requests).sum();
    let missing = board.requests.checked_sub(own);
    assert!(
        missing <= Some(kills) && missing.is_some(),
        "a worker's count is lost"
    );
    let restarts: u64 = board.workers.iter().map(|row| row.restarts).sum();
    assert_eq!((restarts, board.restarts), (kills, kills));
    let paths = traffic.paths.lock().unwrap();
    for row in &board.workers {
        assert!(paths.contains(&row.last_path), "not one of those: {row:?}");
        assert_eq!((row.pid, &*row.state), (0, "Dead"));
    }
}

/// If a worker were ended as it is, or ended at Ctrl-C by itself, the client would get no answer.
fn a_worker_that_is_asked_to_stop_finishes_its_request() {
    watchdog(60);
    let name = name("scoreboard");
    let server = Server::start(&["--workers", "2", "--name", &name]);
    let view = ReadOnly::<Scoreboard>::open(&name).expect("it listens");
    let mut client = TcpStream::connect(server.address).expect("it listens");
    client.write_all(b"GET /half HT").expect("sent");
    let reader = loop {
        let mut workers = view.workers.iter();
        if let Some(reader) = workers.find(|worker| worker.state.get() == State::Reading) {
            break reader;
        }
        thread::yield_now();
    };
    send(reader.pid.get(), libc::SIGINT); // as a terminal does, to all
    server.signal(libc::SIGINT);
    while !view.stopping.get() {
        thread::yield_now();
    }
    client.write_all(b"TP/1.1\r\n\r\n").expect("sent");
    let mut answer = String::new();
    client.read_to_string(&mut answer).expect("answered");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(answer.ends_with("\r\n\r\nticket 0\n"), "{answer}");
    let board = server.end();
    assert_eq!((board.requests, board.restarts), (1, 0));
    let gone = ReadOnly::<Scoreboard>::open(&name);
    assert!(matches!(gone, Err(OpenError::NotFound { .. })), "{gone:?}");
}

/// If workers outlived their server, this would print the watchdog's "somebody hangs"; if its scoreboard
/// stayed, the second server would not start.
fn a_server_that_is_killed_takes_its_workers_with_it() {
    watchdog(60);
    os::adopt_orphans();
    let name = name("scoreboard");
    let options = ["--workers", "3", "--name", &name];
    let mut first = Server::start(&options);
    let all_started = || {
        let board = Board::parse(&insist(first.address, "/status").expect("an answer"));
        board.workers.len() == 3 && board.workers.iter().all(|row| row.pid > 0)
    };
    while !all_started() {}
    first.process.kill().expect("sent");
    first.process.wait().expect("a child");
    for _ in 0..3 {
        assert_eq!(os::wait_for_orphan().signal(), Some(libc::SIGKILL));
    }
    let second = Server::start(&options);
    insist(second.address, "/").expect("an answer");
    assert_eq!(second.stop().requests, 1);
}

/// If the scoreboard were the server's alone, it would print zeros.
fn another_process_sees_the_scoreboard_by_its_name() {
    watchdog(60);
    let name = name("scoreboard");
    let mut server = Server::start(&["--name", &name]);
    let view = ReadOnly::<Scoreboard>::open(&name).expect("it listens");
    for done in 1..=5 {
        insist(server.address, "/seen").expect("an answer");
        assert_eq!(view.requests.get(), done);
        let own = view.workers.iter().map(|worker| worker.requests.get());
        assert_eq!(own.sum::<u64>(), done);
    }
    server.signal(libc::SIGUSR1);
    let lines: String = (0..6).map(|_| server.line()).collect();
    let shown = Board::parse(&lines);
    assert_eq!((shown.requests, shown.workers.len()), (5, 4));
    assert!(shown.workers.iter().any(|row| row.last_path == "/seen"));
    assert_eq!(server.stop().requests, 5);
    assert_eq!(view.requests.get(), 5, "the view outlives the server");
}

/// What the server answers to these bytes.
fn raw(server: SocketAddr, request: &[u8]) -> String {
    let mut client = TcpStream::connect(server).expect("it listens");
    client.write_all(request).expect("sent");
    client.shutdown(std::net::Shutdown::Write).expect("open");
    let mut answer = String::new();
    client.read_to_string(&mut answer).expect("answered");
    answer
}

fn what_is_no_request_is_not_counted() {
    watchdog(60);
    let server = Server::start(&["--workers", "1"]);
    let long = [b"GET /".as_slice(), &[b'a'; 8192 - 5]].concat();
    for request in [
        b"".as_slice(),
        b"\0\xff\r\n\r\n",
        b"GET / HTTP/1.1\r\n",
        &long,
    ] {
        let answer = raw(server.address, request);
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    }
    assert_eq!(insist(server.address, "/").expect("answered"), "ticket 0\n");
    let board = server.stop();
    assert_eq!((board.requests, board.restarts), (1, 0));
}

/// If it were cut at a byte, the worker would panic at each attempt: the watchdog's "somebody hangs".
fn a_path_that_is_too_long_is_noted_up_to_a_whole_character() {
    watchdog(60);
    let server = Server::start(&["--workers", "1"]);
    let path = format!("/a{}", "€".repeat(30)); // the 21st ends at byte 65
    let answer = insist(server.address, &path).expect("an answer");
    assert_eq!(answer, "ticket 0\n");
    let noted = format!("/a{}", "€".repeat(20));
    assert_eq!(server.stop().workers[0].last_path, noted);
}

fn the_demo_loses_no_request() {
    watchdog(60);
    let mut server = Server::start(&["--demo"]);
    let line = server.line();
    assert_eq!(
        line,
        "400 answers, 400 different tickets, 1 worker killed\n"
    );
    let board = server.end();
    assert!((400..=401).contains(&board.requests), "{board:?}");
    assert_eq!(board.restarts, 1);
}

fn wrong_options_are_an_error() {
    watchdog(60);
    for (options, expected) in [
        (["--workers", "0"], "0 workers: there is room for 1 to 64"),
        (["--workers", "65"], "65 workers: there is room for 1 to 64"),
        (["--name", "a/b"], "a/b"),
        (["--demo", "--what"], "--what"),
    ] {
        let output = Command::new(&*PREFORK).args(options).output();
        let output = output.expect("it runs");
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{errors}");
        assert!(errors.contains(expected), "{errors}");
    }
}
