//! Round trips between tasks, each alone in a runtime of its process.

use std::os::unix::net;
use std::time::Instant;

use shmstate::Shared;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

use super::pin::pin;
use super::{Both, fork, nanoseconds, report, wait_for};

pub(super) fn trips(state: &Shared<Both>, what: &str, processors: [usize; 2]) {
    const TURNS: u32 = 2_000;
    let by_watch = || {
        state.there.set(0);
        state.back.set(0);
        let here = async |number| {
            state.there.set(number);
            state.back.wait_until_async(|now| *now == number).await;
        };
        let there = async |number| {
            state.there.wait_until_async(|now| *now == number).await;
            state.back.set(number);
        };
        trip(TURNS, processors, here, there)
    };
    let by_socket = || {
        let [here, there] = sockets();
        let (mut here, mut there) = (Socket::of(here), Socket::of(there));
        let here = async |_| {
            here.send().await;
            here.receive().await;
        };
        let there = async |_| {
            there.receive().await;
            there.send().await;
        };
        trip(TURNS, processors, here, there)
    };
    report(what, f64::INFINITY, || [by_watch(), by_socket()]);
}

fn trip(
    turns: u32,
    processors: [usize; 2],
    mut here: impl AsyncFnMut(u32),
    mut there: impl AsyncFnMut(u32),
) -> f64 {
    let child = fork(|| {
        pin(processors[1]);
        runtime().block_on(async {
            for number in 1..=turns {
                there(number).await;
            }
        });
    });
    pin(processors[0]);
    let time = runtime().block_on(async {
        // The first warms up, and waits until the other has come.
        let mut start = Instant::now();
        for number in 1..=turns {
            here(number).await;
            if number == 1 {
                start = Instant::now();
            }
        }
        nanoseconds(start.elapsed(), turns - 1)
    });
    wait_for(child);
    time
}

fn runtime() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_io().build().expect("a runtime")
}

fn sockets() -> [net::UnixStream; 2] {
    let (here, there) = net::UnixStream::pair().expect("sockets");
    [here, there]
}

/// A socket that joins the runtime in which it is first used.
struct Socket {
    plain: Option<net::UnixStream>,
    joined: Option<UnixStream>,
}

impl Socket {
    fn of(socket: net::UnixStream) -> Socket {
        socket.set_nonblocking(true).expect("a socket");
        Socket {
            plain: Some(socket),
            joined: None,
        }
    }

    fn joined(&mut self) -> &mut UnixStream {
        if let Some(plain) = self.plain.take() {
            self.joined = Some(UnixStream::from_std(plain).expect("a runtime"));
        }
        self.joined.as_mut().expect("it was plain before")
    }

    async fn send(&mut self) {
        self.joined().write_all(&[1]).await.expect("it is open");
    }

    async fn receive(&mut self) {
        let read = self.joined().read_exact(&mut [0]).await;
        read.expect("it is open");
    }
}
