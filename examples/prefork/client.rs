//! A client of the server: one connection for each request.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};

/// Sends one request; returns the body of the answer, if that comes whole.
pub(crate) fn get(server: SocketAddr, path: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(server)?;
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: {server}\r\n\r\n").as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    whole_body(&answer)
        .map(str::to_owned)
        .ok_or_else(|| ErrorKind::UnexpectedEof.into())
}

/// `None` if the answer is cut off.
fn whole_body(answer: &str) -> Option<&str> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let mut lengths = head
        .lines()
        .filter_map(|line| line.strip_prefix("Content-Length: "));
    (lengths.next()?.parse() == Ok(body.len())).then_some(body)
}

/// [`get`], repeated for as long as there is a server: when a worker is killed, its client's connection breaks.
pub(crate) fn insist(server: SocketAddr, path: &str) -> io::Result<String> {
    loop {
        match get(server, path) {
            Err(error) if error.kind() != ErrorKind::ConnectionRefused => {}
            done => return done,
        }
    }
}

/// The number on the first line of an answer.
pub(crate) fn ticket(body: &str) -> Option<u64> {
    body.lines().next()?.strip_prefix("ticket ")?.parse().ok()
}
