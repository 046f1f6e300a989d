//! The view of a segment, drawn for a screen that is not there, by a clock that is not.

use std::time::{Duration, Instant};

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use shared_cli::top::{About, Action, Fields, View};
use shmstate::{Inspector, Shared, SharedState};

#[derive(SharedState, Default)]
#[shared(lock)]
struct Window {
    low: u64,
    high: u64,
}

#[derive(SharedState, Default)]
struct Progress {
    done: u64,
    #[shared(counter)]
    served: u32,
    left: i64,
    ratio: f64,
    running: bool,
    per_worker: [u32; 3],
    #[shared(capacity = 32)]
    label: String,
    window: Window,
}

/// A view, and the screen that it is drawn on.
struct Watched<'a> {
    view: Fields<'a>,
    terminal: Terminal<TestBackend>,
    now: Instant,
}

impl<'a> Watched<'a> {
    fn new(inspector: &'a Inspector, width: u16, height: u16) -> Self {
        let about = About {
            what: "progress: Progress".to_owned(),
            processes: "1 process: 412 maker".to_owned(),
        };
        let view = Fields::new(inspector, Box::new(move |_| about.clone()));
        let terminal = Terminal::new(TestBackend::new(width, height)).expect("it never fails");
        let now = Instant::now();
        let mut watched = Watched {
            view,
            terminal,
            now,
        };
        watched.view.update(now);
        watched
    }

    /// A second later.
    fn second(&mut self) {
        self.now += Duration::from_secs(1);
        self.view.update(self.now);
    }

    fn press(&mut self, keys: &str) {
        for key in keys.chars() {
            let code = match key {
                '\n' => KeyCode::Enter,
                '\u{1b}' => KeyCode::Esc,
                key => KeyCode::Char(key),
            };
            let done = self.view.key(KeyEvent::new(code, KeyModifiers::NONE));
            assert_eq!(done, Action::Stay, "{key:?}");
        }
    }

    fn screen(&mut self) -> Vec<String> {
        let view = &mut self.view;
        let drawn = self.terminal.draw(|frame| view.draw(frame));
        drawn.expect("it never fails");
        let buffer = self.terminal.backend().buffer();
        let width = usize::from(buffer.area.width);
        buffer
            .content
            .chunks(width)
            .map(|line| {
                let line: String = line.iter().map(ratatui::buffer::Cell::symbol).collect();
                line.trim_end().to_owned()
            })
            .collect()
    }

    /// The names of the fields, as they stand.
    fn fields(&mut self) -> Vec<String> {
        let screen = self.screen();
        let rows = screen[4..screen.len() - 1].iter();
        let names = rows.filter_map(|row| row.split_whitespace().next());
        names.map(str::to_owned).collect()
    }
}

fn progress() -> (Shared<Progress>, Inspector) {
    let progress = Shared::new(Progress::default()).expect("a segment");
    let inspector = Inspector::from_token(&progress.token()).expect("it can be read");
    (progress, inspector)
}

#[test]
fn fields_are_shown_with_their_rates_and_their_last_minute() {
    let (progress, inspector) = progress();
    progress.label.set("reading \u{1b}[2J").expect("it fits");
    let mut watched = Watched::new(&inspector, 80, 24);
    for i in 0..20 {
        progress.done.fetch_add(1_500);
        progress.served.fetch_add(if i % 2 == 0 { 10 } else { 30 });
        progress.left.fetch_sub(2);
        progress.ratio.set(0.25);
        progress.window.modify(|window| window.low += 1);
        watched.second();
    }
    progress.running.set(true);
    progress.per_worker[1].set(7);
    watched.second();
    let expected = "\
progress: Progress
1 process: 412 maker
no lock is held
FIELD                    VALUE            CHANGE/S LAST MINUTE     LOCK
done                     30000                   0          ▁▂▄▅▇█
served                   400                     0          ▁█████
left                     -40                     0          █▇▆▄▃▁
ratio                    0.25                    0          ▁▁▁▁▁▁
running                  true                               ▁▁▁▁▁█
per_worker[0]            0                       0          ▁▁▁▁▁▁
per_worker[1]            7                     7.0          ▁▁▁▁▁█
per_worker[2]            0                       0          ▁▁▁▁▁▁
label                    \"reading \\u{1b}[                          version 2
window                                                             version 21
window.low               20                      0          ▁▂▄▅▇█
window.high              0                       0          ▁▁▁▁▁▁







q quit  s sort: place  r reverse  / filter  p pause";
    assert_eq!(watched.screen().join("\n"), expected);
    progress.done.fetch_add(2_400_000);
    watched.second();
    let row = &watched.screen()[4];
    assert!(
        row.starts_with("done                     2430000              2.4M"),
        "{row}"
    );
}

#[test]
fn rows_are_sorted_by_what_the_keys_say() {
    let (progress, inspector) = progress();
    let mut watched = Watched::new(&inspector, 80, 24);
    progress.left.set(-9);
    progress.per_worker[2].set(5);
    progress.done.set(3);
    watched.second();
    let place = watched.fields();
    assert_eq!(place[..2], ["done", "served"]);
    watched.press("s");
    let mut names = place.clone();
    names.sort();
    assert_eq!(watched.fields(), names);
    watched.press("s"); // by value
    assert_eq!(watched.fields()[..2], ["per_worker[2]", "done"]);
    watched.press("s"); // by change, up or down
    assert_eq!(watched.fields()[..3], ["left", "per_worker[2]", "done"]);
    // A look sorts anew: the arrow is not left where the values were.
    progress.served.set(100);
    watched.second();
    assert_eq!(watched.fields()[0], "served");
    watched.press("r");
    assert_eq!(watched.fields().last().map(String::as_str), Some("served"));
    watched.press("s");
    assert_eq!(watched.fields(), place);
}

#[test]
fn a_filter_leaves_the_fields_with_that_text() {
    let (_progress, inspector) = progress();
    let mut watched = Watched::new(&inspector, 80, 24);
    watched.press("/ow");
    assert_eq!(watched.fields(), ["window", "window.low", "window.high"]);
    let foot = watched.screen().pop().expect("lines");
    assert_eq!(foot, "filter: ow▏  (Enter: keep it, Esc: clear it)");
    // Keys are letters there, and mean something again behind it.
    watched.press(".q\u{1b}/window.\n");
    assert_eq!(watched.fields(), ["window.low", "window.high"]);
    watched.press("s");
    let foot = watched.screen().pop().expect("lines");
    assert_eq!(
        foot,
        "q quit  s sort: name  r reverse  / filter [window.]  p pause"
    );
    watched.press("\u{1b}");
    assert_eq!(watched.fields().len(), 12);
}

#[test]
fn a_pause_is_told_and_asked_for() {
    let (_progress, inspector) = progress();
    let mut watched = Watched::new(&inspector, 80, 24);
    assert!(!watched.view.is_paused());
    watched.press("p");
    assert!(watched.view.is_paused());
    let head = watched.screen().remove(0);
    assert!(
        head.starts_with("progress: Progress") && head.ends_with(" PAUSED"),
        "{head}"
    );
    watched.press(" ");
    assert!(!watched.view.is_paused());
}

#[test]
fn rows_that_do_not_fit_are_scrolled_to() {
    let zeros = Shared::<[u64; 1_000]>::zeroed().expect("a segment");
    let inspector = Inspector::from_token(&zeros.token()).expect("it can be read");
    let mut watched = Watched::new(&inspector, 80, 24);
    let all =
        |from: usize| -> Vec<String> { (from..from + 19).map(|i| format!("[{i}]")).collect() };
    assert_eq!(watched.fields(), all(0));
    watched.press("jj");
    assert_eq!(watched.fields(), all(0));
    watched.press("G");
    assert_eq!(watched.fields(), all(981));
    watched.press("k");
    assert_eq!(watched.fields(), all(981));
    watched.press("g");
    assert_eq!(watched.fields(), all(0));
}

#[test]
fn a_state_with_more_fields_than_rows_says_so() {
    let zeros = Shared::<[u8; 30_000]>::zeroed().expect("a segment");
    let inspector = Inspector::from_token(&zeros.token()).expect("it can be read");
    let mut watched = Watched::new(&inspector, 80, 24);
    assert_eq!(
        watched.screen()[2],
        "no lock is held; only the first 20000 fields"
    );
}

#[test]
fn a_screen_of_any_size_is_drawn_on() {
    let (_progress, inspector) = progress();
    for (width, height) in [(1, 1), (5, 2), (20, 4), (79, 5), (300, 100)] {
        let mut watched = Watched::new(&inspector, width, height);
        watched.press("jjs/x\u{1b}");
        assert_eq!(watched.screen().len(), usize::from(height));
    }
}
