//! A worker: takes connections one after the other, and answers one request of each.

use std::error::Error;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process;
use std::time::{Duration, Instant};

use crate::scoreboard::{ScoreboardSlots, State, WorkerSlots};

/// How long a client may keep a worker, also when the server is to stop.
const PATIENCE: Duration = Duration::from_secs(5);

/// Works until the server is to stop.
pub(crate) fn work(
    listener: &TcpListener,
    board: &ScoreboardSlots,
    number: usize,
) -> Result<(), Box<dyn Error>> {
    let me = &board.workers[number];
    me.pid.set(process::id());
    loop {
        me.enter(State::Idle);
        match listener.accept() {
            // An error here concerns this client alone: it has gone away, or is too slow.
            Ok((client, _)) => drop(serve(&client, board, me)),
            Err(_) if board.stopping.get() => return Ok(()),
            Err(error) if error.kind() == ErrorKind::ConnectionAborted => {}
            Err(error) => Err(error)?,
        }
    }
}

fn serve(mut client: &TcpStream, board: &ScoreboardSlots, me: &WorkerSlots) -> io::Result<()> {
    me.enter(State::Reading);
    client.set_write_timeout(Some(PATIENCE))?;
    let Some(path) = read_path(client)? else {
        return write!(
            client,
            "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"
        );
    };
    me.enter(State::Writing);
    me.last_path.set_truncated(&path); // its beginning, if it is long
    // Count before answering, so that every answer is in the count. If the worker is killed between these two
    // lines, its own count is one too low.
    let ticket = board.requests.fetch_add(1);
    me.requests.fetch_add(1);
    let mut body = format!("ticket {ticket}\n");
    if path == "/status" {
        body += &board.snapshot().to_string();
    }
    let length = body.len();
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close";
    client.write_all(format!("{head}\r\nContent-Length: {length}\r\n\r\n{body}").as_bytes())
}

/// What the request asks for; `None` if it is not a request.
fn read_path(mut client: &TcpStream) -> io::Result<Option<String>> {
    let start = Instant::now();
    let (mut buffer, mut length) = ([0; 8192], 0);
    loop {
        let left = PATIENCE.saturating_sub(start.elapsed());
        client.set_read_timeout(Some(left.max(Duration::from_millis(1))))?;
        let read = client.read(&mut buffer[length..])?;
        length += read;
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut request = httparse::Request::new(&mut headers);
        match request.parse(&buffer[..length]) {
            Ok(status) if status.is_complete() => return Ok(request.path.map(str::to_owned)),
            Ok(_) if read > 0 => {} // there is more to come
            _ => return Ok(None),
        }
    }
}
