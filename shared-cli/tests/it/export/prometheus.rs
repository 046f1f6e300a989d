//! A real Prometheus, as Debian packages it.

use std::env;
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::Value;
use shmstate::Shared;

use super::http::{Server, ask};
use super::text::HttpServer;
use crate::support::{name, skip, watchdog};

/// So often it is asked whether it is as far as that.
const PAUSE: Duration = Duration::from_millis(100);

/// Where the program is, if it is installed.
fn program() -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let programs = env::split_paths(&path).map(|folder| folder.join("prometheus"));
    programs.into_iter().find(|program| program.is_file())
}

struct Prometheus {
    child: Child,
    address: String,
    folder: PathBuf,
}

impl Prometheus {
    fn start(program: &Path, target: &str) -> Prometheus {
        let folder = env::temp_dir().join(name("prometheus"));
        fs::create_dir(&folder).expect("a folder for temporary files");
        let settings = folder.join("prometheus.yml");
        let text = format!(
            "scrape_configs:\n- job_name: shmstate\n  scrape_interval: 100ms\n  scrape_timeout: 100ms\n  static_configs:\n  - targets: ['{target}']\n"
        );
        fs::write(&settings, text).expect("it can be written");
        // It cannot choose a free port itself, and what is free now may not be a moment later: then it ends.
        loop {
            let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
            let address = free.expect("a free port").to_string();
            let data = folder.join("data");
            let mut child = Command::new(program)
                .arg(format!("--config.file={}", settings.display()))
                .arg(format!("--storage.tsdb.path={}", data.display()))
                .arg(format!("--web.listen-address={address}"))
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .expect("it starts");
            while child.try_wait().expect("its state").is_none() {
                if TcpStream::connect(&address).is_ok() {
                    return Prometheus {
                        child,
                        address,
                        folder,
                    };
                }
                thread::sleep(PAUSE);
            }
        }
    }

    /// What it answers to a query: each value as text, with its labels.
    fn query(&self, query: &str) -> Vec<Value> {
        if TcpStream::connect(&self.address).is_err() {
            return Vec::new();
        }
        let (_, body) = ask(&self.address, &format!("GET /api/v1/query?query={query}"));
        // It may come in chunks: the JSON lies between the first and the last brace.
        let json = body
            .find('{')
            .zip(body.rfind('}'))
            .map(|(start, end)| &body[start..=end]);
        let answer: Value = json
            .and_then(|json| serde_json::from_str(json).ok())
            .unwrap_or_default();
        answer["data"]["result"]
            .as_array()
            .cloned()
            .unwrap_or_default()
    }

    /// Asks until there is an answer that is as wanted. (The watchdog ends the test if there never is.)
    fn until(&self, query: &str, wanted: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        loop {
            let found = self.query(query);
            if wanted(&found) {
                return found;
            }
            thread::sleep(PAUSE);
        }
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

// If it did not take the text, `up` would stay 0 and the metrics unknown: the watchdog would print that somebody hangs.
pub(crate) fn prometheus_scrapes_it() {
    let Some(program) = program() else {
        skip("there is no `prometheus` here: apt-get install prometheus");
    };
    watchdog(120);
    let name = name("scraped");
    let server = Shared::create(&name, HttpServer::default()).expect("a segment");
    server.waiting.set(3);
    server.workers[1].served.set(12);
    let http = Server::start(&[&name]);
    let prometheus = Prometheus::start(&program, &http.address);
    let is = |value: &'static str| {
        move |found: &[Value]| found.len() == 1 && found[0]["value"][1] == value
    };
    prometheus.until("up", is("1"));
    let found = prometheus.until("http_server_waiting", is("3"));
    assert_eq!(found[0]["metric"]["segment"], name.as_str());
    let served = prometheus.until("http_server_workers_served_total", |found| found.len() == 2);
    let second = served
        .iter()
        .find(|series| series["metric"]["index"] == "1");
    assert_eq!(second.expect("it is labelled")["value"][1], "12");
    prometheus.until("http_server_uptime_seconds", is("0"));
    server.waiting.set(4);
    prometheus.until("http_server_waiting", is("4"));
    // It knows which are counters, and what they are for.
    let (_, body) = ask(&prometheus.address, "GET /api/v1/metadata");
    assert!(
        body.contains(r#""type":"counter","help":"Requests served.""#),
        "{body}"
    );
}
