//! The same over HTTP.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use shmstate::Shared;

use super::text::{HttpServer, metric};
use crate::support::{name, watchdog};
use crate::tool;

/// A server, and where it listens. Killed when dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
}

impl Server {
    pub(crate) fn start(arguments: &[&str]) -> Server {
        let all = [
            &["export", "--prometheus", "--listen=127.0.0.1:0"],
            arguments,
        ]
        .concat();
        let mut child = tool::command(&all)
            .stderr(Stdio::piped())
            .spawn()
            .expect("the tool starts");
        let mut line = String::new();
        let stderr = child.stderr.take().expect("it is piped");
        BufReader::new(stderr)
            .read_line(&mut line)
            .expect("it says where it listens");
        let address = line.trim().strip_prefix("shmstate: serving http://");
        let address = address.and_then(|address| address.strip_suffix("/metrics"));
        let address = address.unwrap_or_else(|| panic!("{line}")).to_owned();
        Server { child, address }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The answer's head and body.
pub(crate) fn ask(address: &str, request: &str) -> (String, String) {
    let mut stream = TcpStream::connect(address).expect("it listens");
    let request = format!("{request} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("it listens");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    (head.to_owned(), body.to_owned())
}

pub(crate) fn the_metrics_are_served_as_they_are_at_that_time() {
    watchdog(60);
    let name = name("serve");
    let server = Shared::create(&name, HttpServer::default()).expect("a segment");
    let http = Server::start(&[&name]);
    assert!(http.address.starts_with("127.0.0.1:"), "{}", http.address);
    for waiting in [3, 4] {
        server.waiting.set(waiting);
        let (head, body) = ask(&http.address, "GET /metrics");
        assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
        let kind = "content-type: application/openmetrics-text; version=1.0.0; charset=utf-8";
        assert!(head.contains(kind), "{head}");
        assert_eq!(
            metric(&body, "http_server_waiting").values[0].1,
            f64::from(waiting)
        );
    }
}

pub(crate) fn a_segment_may_come_and_go_while_it_is_served() {
    watchdog(60);
    let name = name("later");
    let http = Server::start(&[&name]);
    let up = || metric(&ask(&http.address, "GET /metrics").1, "shmstate_segment_up").values[0].1;
    assert_eq!(up(), 0.0);
    let server = Shared::create(&name, HttpServer::default()).expect("a segment");
    assert_eq!(up(), 1.0);
    drop(server);
    assert_eq!(up(), 0.0);
}

pub(crate) fn what_is_not_asked_for_properly_is_answered_so() {
    watchdog(60);
    let name = name("ask");
    let _server = Shared::create(&name, HttpServer::default()).expect("a segment");
    let http = Server::start(&[&name]);
    for (request, status) in [
        ("GET /", "404"),
        ("POST /metrics", "405"),
        ("HEAD /metrics", "200"),
        ("nonsense", "400"),
    ] {
        let (head, body) = ask(&http.address, request);
        assert!(
            head.starts_with(&format!("HTTP/1.1 {status} ")),
            "{request}: {head}"
        );
        assert!(!body.contains("http_server_waiting"), "{request}: {body}");
    }
    // Those that ask nothing do not keep it from the others. (Each is waited for longer than the watchdog's tenth.)
    let idle = || TcpStream::connect(&http.address).expect("it listens");
    let _idle: Vec<TcpStream> = (0..10).map(|_| idle()).collect();
    let (head, _) = ask(&http.address, "GET /metrics");
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
}

// If it were not refused, it would serve at another address: the watchdog would print that somebody hangs.
pub(crate) fn an_address_behind_a_space_is_told() {
    watchdog(60);
    let message = tool::error(
        &["export", "--prometheus", "x", "--listen", "127.0.0.1:19999"],
        2,
    );
    assert_eq!(
        message,
        "`127.0.0.1:19999` is an address, not a segment: write `--listen=127.0.0.1:19999`"
    );
}

pub(crate) fn an_address_that_is_taken_is_an_error() {
    watchdog(60);
    let name = name("taken");
    let _server = Shared::create(&name, HttpServer::default()).expect("a segment");
    let http = Server::start(&[&name]);
    let listen = format!("--listen={}", http.address);
    let message = tool::error(&["export", "--prometheus", &name, &listen], 1);
    assert!(
        message.starts_with(&format!("could not listen on {}: ", http.address)),
        "{message}"
    );
}
