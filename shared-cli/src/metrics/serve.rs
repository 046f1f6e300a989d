//! Metrics over HTTP.

use std::convert::Infallible;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{ALLOW, CONTENT_TYPE};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// The content type that the format prescribes.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
const PLAIN: &str = "text/plain; charset=utf-8";

/// How long a client may take to send its request. Prometheus allows 10 s for a whole scrape.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a connection may last in all, so that a client that does not read its response does not stay for ever.
const LONGEST: Duration = Duration::from_secs(60);
/// The most clients at a time; others wait to be accepted.
const MOST: usize = 32;

/// Where the metrics are.
const PATH: &str = "/metrics";

/// Serves what `text` gives under `/metrics`, until the process is ended. `listening` is told the address, with the
/// port that the system has chosen where none was asked for.
///
/// # Errors
///
/// If the address cannot be listened on.
pub(crate) fn serve<E: fmt::Display>(
    address: SocketAddr,
    listening: impl FnOnce(&str),
    text: impl Fn() -> Result<String, E> + Send + Sync + 'static,
) -> io::Result<Infallible> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(address).await?;
        listening(&format!("http://{}{PATH}", listener.local_addr()?));
        let text = Arc::new(text);
        let places = Arc::new(Semaphore::new(MOST));
        loop {
            let place = Arc::clone(&places).acquire_owned().await;
            // The client is gone again, or there are too many: the server goes on.
            let Ok((stream, _)) = listener.accept().await else {
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            };
            let text = Arc::clone(&text);
            let service = service_fn(move |request| {
                let answer = answer(&request, &*text);
                async move { Ok::<_, Infallible>(answer) }
            });
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(PATIENCE)
                .serve_connection(TokioIo::new(stream), service);
            // An error with one client does not concern the others.
            tokio::task::spawn(async move {
                let _ = timeout(LONGEST, connection).await;
                drop(place);
            });
        }
    })
}

fn answer<E: fmt::Display>(
    request: &Request<Incoming>,
    text: &impl Fn() -> Result<String, E>,
) -> Response<Full<Bytes>> {
    let (status, kind, body) = match (request.method(), request.uri().path()) {
        (&Method::GET | &Method::HEAD, PATH) => match text() {
            Ok(text) => (StatusCode::OK, OPEN_METRICS, text),
            Err(error) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                PLAIN,
                format!("{error}\n"),
            ),
        },
        (&Method::GET | &Method::HEAD, _) => (
            StatusCode::NOT_FOUND,
            PLAIN,
            format!("the metrics are at {PATH}\n"),
        ),
        _ => (
            StatusCode::METHOD_NOT_ALLOWED,
            PLAIN,
            "metrics are only to be read\n".to_owned(),
        ),
    };
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, kind.parse().expect("it is a valid value"));
    if status == StatusCode::METHOD_NOT_ALLOWED {
        headers.insert(ALLOW, "GET, HEAD".parse().expect("it is a valid value"));
    }
    response
}
