//! Processes that start at one moment, report, and keep what they have until all have reported.

use std::fmt::Display;

use crate::{Listener, Process, Teller, assert_success, pipe, start};

pub struct Crowd {
    members: Vec<(Process, Listener)>,
    start: Teller,
    end: Teller,
}

/// What each process of a crowd has.
pub struct Member<'a> {
    report: Teller,
    end: &'a Listener,
}

impl Member<'_> {
    /// Says in one line how it went, and waits until all have: what this process holds, it holds until
    /// then.
    pub fn report(&self, text: impl Display) {
        self.report.send(format!("{text}\n").as_bytes());
        self.end.wait();
    }
}

impl Crowd {
    /// Forks `count` processes that wait for [`go`](Self::go) and then do `f`, which ends with a report.
    pub fn new(count: usize, f: impl Fn(&Member<'_>)) -> Crowd {
        let (wait_start, start_all) = pipe();
        let (wait_end, end_all) = pipe();
        let members = (0..count).map(|_| {
            // Its far end is in the one process only, so it ends with that.
            let (reports, report) = pipe();
            let (f, wait_start, end) = (&f, &wait_start, &wait_end);
            let process = start(move || {
                let member = Member { report, end };
                member.report.tell();
                wait_start.wait();
                f(&member);
            });
            (process, reports)
        });
        Crowd {
            members: members.collect(),
            start: start_all,
            end: end_all,
        }
    }

    /// Lets all run as soon as all are there.
    pub fn go(&self) {
        self.members.iter().for_each(|(_, reports)| reports.wait());
        self.start.send(&vec![1; self.members.len()]);
    }

    /// Waits for the reports of all.
    pub fn reports(&self) -> Vec<String> {
        let reports = self.members.iter().map(|(process, reports)| {
            let line = reports.line();
            assert!(!line.is_empty(), "process {} ended early", process.id());
            line
        });
        reports.collect()
    }

    pub fn ids(&self) -> impl Iterator<Item = u32> {
        self.members.iter().map(|(process, _)| process.id())
    }

    /// Lets all end, which must be without a panic.
    pub fn end(self) {
        self.end.send(&vec![1; self.members.len()]);
        for (process, _) in self.members {
            assert_success(process.wait());
        }
    }
}
