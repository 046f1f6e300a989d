//! What `--demo` does to the server.

use std::error::Error;
use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::client::{insist, ticket};
use crate::scoreboard::ScoreboardSlots;

const CLIENTS: usize = 4;
const REQUESTS: usize = 100; // of each

/// Sends requests from several threads, kills a worker meanwhile, and checks that each answer was counted.
pub(crate) fn run(server: SocketAddr, board: &ScoreboardSlots) -> Result<(), Box<dyn Error>> {
    let mut tickets = thread::scope(|scope| {
        let start = |number| scope.spawn(move || client(number, server, board));
        let clients: Vec<_> = (0..CLIENTS).map(start).collect();
        let tickets = clients
            .into_iter()
            .flat_map(|client| client.join().expect("no panic"));
        tickets.collect::<Vec<u64>>()
    });
    let answers = tickets.len();
    tickets.sort_unstable();
    tickets.dedup();
    let restarted = |restarts: &u64| *restarts == 1;
    board
        .restarts
        .wait_until_for(Duration::from_secs(10), restarted)?;
    let last = tickets.last().copied();
    println!(
        "{answers} answers, {} different tickets, 1 worker killed",
        tickets.len()
    );
    let none_lost = answers == CLIENTS * REQUESTS
        && tickets.len() == answers
        && last < Some(board.requests.get());
    if none_lost {
        Ok(())
    } else {
        Err("requests were lost".into())
    }
}

/// Sends requests, and returns the tickets of the answers.
fn client(number: usize, server: SocketAddr, board: &ScoreboardSlots) -> Vec<u64> {
    let request = |request| {
        if (number, request) == (0, REQUESTS / 2) {
            kill_one(board);
        }
        let answer = insist(server, &format!("/client/{number}/request/{request}"));
        ticket(&answer.ok()?)
    };
    (0..REQUESTS).filter_map(request).collect()
}

fn kill_one(board: &ScoreboardSlots) {
    let mut pids = board.workers.iter().map(|worker| worker.pid.get());
    let pid = pids.find(|pid| *pid != 0).expect("somebody has answered");
    let pid = Pid::from_raw(i32::try_from(pid).expect("process ids are small numbers"));
    kill(pid, Signal::SIGKILL).expect("it has not been reaped, as its place has a pid");
}
