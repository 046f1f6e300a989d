//! Redis, over loopback: each access is a request to a server that answers one after the other. A number is a field of
//! a hash; a record is a string, which is changed in a transaction that is tried again when somebody else was faster.

#![allow(unsafe_code)]

use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use ::redis::{Client, Commands, Connection};

use crate::harness::job::{Contender, Entry};
use crate::harness::processes;
use crate::rows::REDIS;
use crate::work::counter::{Counter, CounterJob};
use crate::work::fields::{Fields, FieldsJob};
use crate::work::peer::Peer;
use crate::work::record::{Record, RecordJob, Words};
use crate::work::recovery;

pub(super) struct Redis;

impl Peer for Redis {
    fn counters(&self) -> Vec<Entry> {
        vec![entry(|port| {
            processes(move |_| CounterJob(Hash::connect(port, "counter")))
        })]
    }

    fn records<const N: usize>(&self) -> Vec<Entry> {
        vec![entry(|port| {
            processes(move |_| RecordJob::new(Bytes::<N>::connect(port)))
        })]
    }

    fn fields(&self, count: usize) -> Vec<Entry> {
        vec![entry(|port| {
            let join = move |_| {
                let mut hash = Hash::connect(port, "fields");
                hash.fill(count);
                FieldsJob::new(hash, count)
            };
            processes(join)
        })]
    }

    fn holders(&self) -> Vec<recovery::Entry> {
        vec![(
            REDIS,
            Err("nothing is held: the server does all of a transaction, or nothing".to_owned()),
        )]
    }
}

/// The server's version, if it is there.
pub(crate) fn version() -> Option<String> {
    let output = Command::new("redis-server")
        .arg("--version")
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let version = text.split_once("v=")?.1.split(' ').next()?;
    Some(version.to_owned())
}

/// Started when it is first asked for.
static SERVER: Mutex<Option<Server>> = Mutex::new(None);

struct Server {
    child: Child,
    port: u16,
}

fn entry(contender: impl FnOnce(u16) -> Contender) -> Entry {
    let mut server = SERVER.lock().expect("no panic");
    if server.is_none() {
        match start() {
            Ok(started) => *server = Some(started),
            Err(why) => return Entry::absent(REDIS, why),
        }
    }
    let port = server.as_ref().expect("just started").port;
    Entry::new(REDIS, contender(port))
}

fn start() -> Result<Server, String> {
    // One that is free now.
    let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let port = free.map_err(|error| error.to_string())?.port();
    let mut command = Command::new("redis-server");
    command
        .args(["--bind", "127.0.0.1", "--port", &port.to_string()])
        .args(["--save", "", "--appendonly", "no"])
        .stdout(Stdio::null());
    let ends_with_us = || {
        // SAFETY: the call takes numbers.
        unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) };
        Ok(())
    };
    // SAFETY: the call is allowed after a fork.
    unsafe { command.pre_exec(ends_with_us) };
    let mut child = command
        .spawn()
        .map_err(|error| format!("there is no `redis-server` ({error})"))?;
    let start = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        if start.elapsed() > Duration::from_secs(5) {
            let _ = child.kill();
            let _ = child.wait();
            return Err("`redis-server` does not answer".to_owned());
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(Server { child, port })
}

/// Ends the server, if there is one.
pub(super) fn stop() {
    if let Some(mut server) = SERVER.lock().expect("no panic").take() {
        let _ = server.child.kill();
        let _ = server.child.wait();
    }
}

fn connect(port: u16) -> Connection {
    let client = Client::open(format!("redis://127.0.0.1:{port}")).expect("an address");
    client.get_connection().expect("a connection")
}

struct Hash {
    connection: Connection,
    key: &'static str,
}

impl Hash {
    fn connect(port: u16, key: &'static str) -> Self {
        let mut connection = connect(port);
        let _: () = connection.hset_nx(key, 0, 0).expect("answered");
        Hash { connection, key }
    }

    /// Makes exactly `count` fields, each 0.
    fn fill(&mut self, count: usize) {
        let _: () = self.connection.del(self.key).expect("answered");
        let all: Vec<(usize, u64)> = (0..count).map(|index| (index, 0)).collect();
        for some in all.chunks(10_000) {
            let _: () = self
                .connection
                .hset_multiple(self.key, some)
                .expect("answered");
        }
    }
}

impl Counter for Hash {
    fn get(&mut self) -> u64 {
        Fields::get(self, 0)
    }

    fn set(&mut self, value: u64) {
        let _: () = self.connection.hset(self.key, 0, value).expect("answered");
    }

    fn add(&mut self) {
        Fields::add(self, 0);
    }
}

impl Fields for Hash {
    fn get(&mut self, index: usize) -> u64 {
        self.connection.hget(self.key, index).expect("answered")
    }

    fn add(&mut self, index: usize) {
        let _: () = self.connection.hincr(self.key, index, 1).expect("answered");
    }
}

/// A record, as the bytes of its words.
struct Bytes<const N: usize> {
    connection: Connection,
    key: String,
}

impl<const N: usize> Bytes<N> {
    fn connect(port: u16) -> Self {
        let mut joined = Bytes {
            connection: connect(port),
            key: format!("record-{N}"),
        };
        let zero: &[u8] = bytemuck::cast_slice(&Words::<N>::ZERO.words);
        let _: () = joined
            .connection
            .set_nx(&joined.key, zero)
            .expect("answered");
        joined
    }
}

fn copy<const N: usize>(bytes: &[u8], out: &mut Words<N>) {
    bytemuck::cast_slice_mut(&mut out.words).copy_from_slice(bytes);
}

impl<const N: usize> Record<N> for Bytes<N> {
    fn read(&mut self, out: &mut Words<N>) {
        let bytes: Vec<u8> = self.connection.get(&self.key).expect("answered");
        copy(&bytes, out);
    }

    fn write(&mut self, value: &Words<N>) {
        let bytes: &[u8] = bytemuck::cast_slice(&value.words);
        let _: () = self.connection.set(&self.key, bytes).expect("answered");
    }

    fn change(&mut self, mut f: impl FnMut(&mut Words<N>)) {
        let mut value = Words::ZERO;
        loop {
            let watch = ::redis::cmd("WATCH")
                .arg(&self.key)
                .exec(&mut self.connection);
            watch.expect("answered");
            self.read(&mut value);
            f(&mut value);
            if self.commit(&value) {
                return;
            }
        }
    }
}

impl<const N: usize> Bytes<N> {
    /// Writes the value, and returns whether that was done: not if somebody has changed it since it was watched.
    fn commit(&mut self, value: &Words<N>) -> bool {
        let bytes: &[u8] = bytemuck::cast_slice(&value.words);
        let done: Option<()> = ::redis::pipe()
            .atomic()
            .set(&self.key, bytes)
            .ignore()
            .query(&mut self.connection)
            .expect("answered");
        done.is_some()
    }
}
