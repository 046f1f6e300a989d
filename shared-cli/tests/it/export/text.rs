//! The text.

use std::time::Duration;

use openmetrics_parser::openmetrics::parse_openmetrics;
use openmetrics_parser::{MetricNumber, OpenMetricsType, OpenMetricsValue};
use shmstate::{Shared, SharedState};

use crate::support::{name, pipe, start, watchdog};
use crate::tool;

#[derive(SharedState, Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Phase {
    #[default]
    Idle,
    Running,
}

#[derive(SharedState, Default)]
#[shared(lock)]
pub(crate) struct Window {
    pub(crate) low: u64,
    /// The upper "end", with a \ in it.
    #[shared(counter)]
    pub(crate) moved: u32,
}

#[derive(SharedState, Default)]
pub(crate) struct Worker {
    #[shared(counter, help = "Requests served.")]
    pub(crate) served: u64,
    pub(crate) busy: bool,
}

#[derive(SharedState, Default)]
pub(crate) struct HttpServer {
    /// Requests that wait.
    pub(crate) waiting: u32,
    pub(crate) ratio: f64,
    pub(crate) balance: i64,
    pub(crate) phase: Phase,
    pub(crate) workers: [Worker; 2],
    pub(crate) grid: [[u8; 2]; 2],
    pub(crate) uptime: Duration,
    pub(crate) limit: Option<u32>,
    #[shared(capacity = 4)]
    pub(crate) recent: Vec<u32>,
    pub(crate) window: Window,
    #[shared(capacity = 8)]
    pub(crate) label: String,
}

/// A metric: its type, its help, and the values by their labels but the segment's, in order.
pub(crate) struct Metric {
    counter: bool,
    help: String,
    pub(crate) values: Vec<(Vec<(String, String)>, f64)>,
}

/// What the parser makes of it. Fails if it is not what the format asks for.
#[track_caller]
pub(crate) fn metric(text: &str, name: &str) -> Metric {
    let parsed = parse_openmetrics(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let family = parsed
        .families
        .get(name)
        .unwrap_or_else(|| panic!("no `{name}` in\n{text}"));
    let labels = family.get_label_names();
    let values = family.iter_samples().map(|sample| {
        let number = match &sample.value {
            OpenMetricsValue::Gauge(number) => number,
            OpenMetricsValue::Counter(counter) => &counter.value,
            other => panic!("{other:?}"),
        };
        let number = match number {
            MetricNumber::Float(number) => *number,
            MetricNumber::Int(number) => number.to_string().parse().expect("a number"),
        };
        let values = sample.get_labelset().expect("it has labels");
        let labels = labels.iter().filter(|label| *label != "segment");
        let labels = labels.map(|label| {
            (
                label.clone(),
                values.get_label_value(label).unwrap_or_default().to_owned(),
            )
        });
        (labels.collect(), number)
    });
    Metric {
        counter: family.family_type == OpenMetricsType::Counter,
        help: family.help.clone(),
        values: values.collect(),
    }
}

fn labelled(labels: &[(&str, &str)], number: f64) -> (Vec<(String, String)>, f64) {
    let labels = labels
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    (labels.collect(), number)
}

pub(crate) fn every_number_is_a_metric_that_a_parser_reads() {
    let name = name("server");
    let server = Shared::create(&name, HttpServer::default()).expect("a segment");
    server.waiting.set(3);
    server.ratio.set(-0.25);
    server.balance.set(-7);
    server.phase.set(Phase::Running);
    server.workers[1].served.set(12);
    server.workers[0].busy.set(true);
    server.grid[1][0].set(9);
    server.uptime.set(Duration::from_millis(1_500));
    server.limit.set(Some(4));
    server.recent.set([5, 6]).expect("they fit");
    server.window.modify(|window| window.moved = 8);
    let text = tool::out(&["export", "--prometheus", &name]);
    assert!(text.ends_with("# EOF\n"));
    for (name, expected) in [
        ("http_server_waiting", vec![labelled(&[], 3.0)]),
        ("http_server_ratio", vec![labelled(&[], -0.25)]),
        ("http_server_balance", vec![labelled(&[], -7.0)]),
        (
            "http_server_phase",
            vec![
                labelled(&[("state", "Idle")], 0.0),
                labelled(&[("state", "Running")], 1.0),
            ],
        ),
        (
            "http_server_workers_served",
            vec![
                labelled(&[("index", "0")], 0.0),
                labelled(&[("index", "1")], 12.0),
            ],
        ),
        (
            "http_server_workers_busy",
            vec![
                labelled(&[("index", "0")], 1.0),
                labelled(&[("index", "1")], 0.0),
            ],
        ),
        ("http_server_uptime_seconds", vec![labelled(&[], 1.5)]),
        ("http_server_limit", vec![labelled(&[], 4.0)]),
        (
            "http_server_recent",
            vec![
                labelled(&[("index", "0")], 5.0),
                labelled(&[("index", "1")], 6.0),
            ],
        ),
        ("http_server_window_moved", vec![labelled(&[], 8.0)]),
        ("shmstate_segment_up", vec![labelled(&[], 1.0)]),
    ] {
        let metric = metric(&text, name);
        assert_eq!(metric.values, expected, "{name}");
        let counts = ["http_server_workers_served", "http_server_window_moved"];
        assert_eq!(metric.counter, counts.contains(&name), "{name}");
    }
    let grid = metric(&text, "http_server_grid").values;
    assert!(
        grid.contains(&labelled(&[("index", "1"), ("index_2", "0")], 9.0)),
        "{grid:?}"
    );
    assert_eq!(grid.len(), 4);
    // Counters end so in the text, as the format wants.
    assert!(
        text.contains(&format!(
            "\nhttp_server_window_moved_total{{segment=\"{name}\"}} 8\n"
        )),
        "{text}"
    );

    let help = |name: &str| metric(&text, name).help;
    assert_eq!(help("http_server_waiting"), "Requests that wait.");
    assert_eq!(help("http_server_workers_served"), "Requests served.");
    assert_eq!(
        help("http_server_ratio"),
        "The field `ratio` of `HttpServer`."
    );
    assert!(
        text.contains(r#"# HELP http_server_window_moved The upper \"end\", with a \\ in it."#),
        "{text}"
    );
}

pub(crate) fn segments_share_their_metrics_by_label() {
    let (first, second) = (name("one"), name("two"));
    let one = Shared::create(&first, HttpServer::default()).expect("a segment");
    let _two = Shared::create(&second, HttpServer::default()).expect("a segment");
    one.waiting.set(5);
    let text = tool::out(&["export", "--prometheus", &first, &second]);
    assert_eq!(metric(&text, "http_server_waiting").values.len(), 2);
    assert_eq!(text.matches("# TYPE http_server_waiting gauge").count(), 1);
    for (name, value) in [(&first, 5), (&second, 0)] {
        let line = format!("\nhttp_server_waiting{{segment=\"{name}\"}} {value}\n");
        assert!(text.contains(&line), "{text}");
    }
    let text = tool::out(&["export", "--prometheus", &first, "--prefix", "my app"]);
    assert_eq!(metric(&text, "my_app_waiting").values, [labelled(&[], 5.0)]);
}

#[derive(SharedState, Default)]
struct Inner {
    b: u8,
}

#[derive(SharedState, Default)]
struct Clash {
    a_b: u8,
    a: Inner,
    #[shared(counter)]
    n: u8,
    n_total: u8,
    t: Duration,
    t_seconds: u8,
}

// If two fields came to one name, the parser would refuse the text, or one value be missing.
pub(crate) fn fields_that_would_share_a_name_do_not() {
    let name = name("clash");
    let clash = Shared::create(&name, Clash::default()).expect("a segment");
    clash.a_b.set(1);
    clash.a.b.set(2);
    clash.n.set(3);
    clash.n_total.set(4);
    clash.t.set(Duration::from_secs(5));
    clash.t_seconds.set(6);
    let text = tool::out(&["export", "--prometheus", &name]);
    for (metric_name, value) in [
        ("clash_a_b", 1.0),
        ("clash_a_b_2", 2.0),
        ("clash_n", 3.0),
        ("clash_n_total_2", 4.0),
        ("clash_t_seconds", 5.0),
        ("clash_t_seconds_2", 6.0),
    ] {
        assert_eq!(
            metric(&text, metric_name).values,
            [labelled(&[], value)],
            "{metric_name}"
        );
    }
}

#[derive(SharedState, Default)]
struct Odd {
    letter: char,
    #[shared(capacity = 8)]
    text: String,
    none: Option<u32>,
    #[shared(counter)]
    negative: i32,
    nan: f64,
    infinite: f64,
    large: u128,
    precise: u64,
}

pub(crate) fn what_is_no_number_is_no_metric() {
    let name = name("odd");
    let odd = Shared::create(&name, Odd::default()).expect("a segment");
    odd.negative.set(-1); // no count is
    odd.nan.set(f64::NAN);
    odd.infinite.set(f64::NEG_INFINITY);
    odd.large.set(1 << 100);
    odd.precise.set(u64::MAX);
    let text = tool::out(&["export", "--prometheus", &name]);
    for absent in ["letter", "text", "none", "negative"] {
        assert!(!text.contains(&format!("odd_{absent}")), "{absent}: {text}");
    }
    assert!(metric(&text, "odd_nan").values[0].1.is_nan());
    assert_eq!(metric(&text, "odd_infinite").values[0].1, f64::NEG_INFINITY);
    assert_eq!(metric(&text, "odd_large").values[0].1, 2_f64.powi(100));
    // Digit by digit: as a float it would be another.
    let line = format!("odd_precise{{segment=\"{name}\"}} 18446744073709551615\n");
    assert!(text.contains(&line), "{text}");
}

#[derive(SharedState)]
struct Long {
    one: u8,
    many: [u8; 300],
    rows: [[u8; 20]; 20],
}

pub(crate) fn arrays_that_are_too_long_are_left_out_and_told() {
    let name = name("long");
    let long = Shared::create(
        &name,
        Long {
            one: 1,
            many: [0; 300],
            rows: [[0; 20]; 20],
        },
    );
    let _long = long.expect("a segment");
    let export = |most: &str| tool::run(&["export", "--prometheus", &name, "--most-series", most]);
    let ran = export("200");
    assert_eq!(ran.code, Some(0));
    assert!(
        !ran.out.contains("long_many{") && !ran.out.contains("long_rows{"),
        "{}",
        ran.out
    );
    assert_eq!(metric(&ran.out, "long_one").values.len(), 1);
    assert_eq!(ran.err.lines().count(), 2, "{}", ran.err);
    let told = format!(
        "shmstate: segment `{name}`: left out `many`, which has 300 numbers; to have them, add `--most-series 300` (200 now)\n"
    );
    assert!(ran.err.contains(&told), "{}", ran.err);
    let ran = export("400");
    assert!(ran.err.is_empty(), "{}", ran.err);
    assert_eq!(metric(&ran.out, "long_many").values.len(), 300);
    assert_eq!(metric(&ran.out, "long_rows").values.len(), 400);
}

pub(crate) fn a_segment_that_is_not_there_is_told_and_the_others_exported() {
    let (here, absent) = (name("here"), name("absent"));
    let _here = Shared::create(&here, HttpServer::default()).expect("a segment");
    let ran = tool::run(&["export", "--prometheus", &absent, &here]);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.err
            .starts_with(&format!("shmstate: no segment named `{absent}`")),
        "{ran:?}"
    );
    let up = metric(&ran.out, "shmstate_segment_up").values;
    assert_eq!(up, [labelled(&[], 0.0), labelled(&[], 1.0)]);
    assert_eq!(metric(&ran.out, "http_server_waiting").values.len(), 1);
}

// If it counted itself, or the dead, the watchdog would print that somebody hangs.
pub(crate) fn the_processes_of_a_segment_are_counted() {
    watchdog(60);
    let name = name("dead");
    let (made, tell) = pipe();
    let process = {
        let name = name.clone();
        start(move || {
            let _server = Shared::create(&name, HttpServer::default()).expect("a segment");
            tell.tell();
            loop {
                std::thread::park();
            }
        })
    };
    made.wait();
    let count = || {
        let text = tool::out(&["export", "--prometheus", &name]);
        assert_eq!(metric(&text, "shmstate_segment_up").values[0].1, 1.0);
        metric(&text, "shmstate_segment_processes").values[0].1
    };
    // Who looks at all segments at that moment counts, too.
    while count() != 1.0 {}
    process.kill();
    while count() != 0.0 {}
    tool::insist(&["rm", &name]);
}
