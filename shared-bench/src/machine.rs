//! What the figures are of: the machine, and the versions.

use std::fs;
use std::process::Command;
use std::time::Duration;

use crate::harness::pin::processors;
use crate::peers;

/// A name and a value for each line.
pub(crate) fn describe() -> Vec<(&'static str, String)> {
    let mut lines = vec![
        ("processor", format!("{}, {} used", cpu(), processors())),
        (
            "hypervisor",
            if hypervisor() { "yes" } else { "no" }.to_owned(),
        ),
        ("kernel", first_line("/proc/sys/kernel/osrelease")),
        ("C library", libc_version()),
        ("compiler", run("rustc", &["--version"])),
        ("busy before", load()),
        ("date", run("date", &["-u", "+%Y-%m-%d"])),
    ];
    lines.push(("versions", versions().join(", ")));
    lines
}

fn cpu() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |name: &str| {
        let line = info.lines().find(|line| line.starts_with(name))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    let name = field("model name").unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    match (field("cpu family"), field("model\t")) {
        (Some(family), Some(model)) => format!("{name}, family {family}, model {model}"),
        _ => name,
    }
}

fn hypervisor() -> bool {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    info.split_whitespace().any(|flag| flag == "hypervisor")
}

/// How busy the processors are, while this program waits.
fn load() -> String {
    let times = || -> (u64, u64) {
        let line = first_line("/proc/stat");
        let times: Vec<u64> = line
            .split_whitespace()
            .skip(1)
            .filter_map(|time| time.parse().ok())
            .collect();
        let idle = times.iter().skip(3).take(2).sum();
        (idle, times.iter().take(8).sum())
    };
    let (idle, all) = times();
    std::thread::sleep(Duration::from_secs(1));
    let (idle, all) = (times().0 - idle, (times().1 - all).max(1));
    let busy = (all.saturating_sub(idle)) * 100 / all;
    match busy {
        0..=5 => format!("{busy} %"),
        _ => {
            format!("{busy} %: **others were at work, so do not trust what needs two processors**")
        }
    }
}

fn first_line(path: &str) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines().next().unwrap_or("unknown").to_owned()
}

fn libc_version() -> String {
    let text = run("ldd", &["--version"]);
    text.lines().next().unwrap_or("unknown").to_owned()
}

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    text.ok()
        .filter(|text| !text.is_empty())
        .unwrap_or_else(|| "unknown".to_owned())
}

/// The version that this crate has of a package.
fn version<'a>(lock: &'a str, name: &str) -> Option<&'a str> {
    let after = |text: &'a str, what: &str| text.split_once(what)?.1.split('"').next();
    let ours = lock.split_once("name = \"shared-bench\"")?.1;
    let ours = ours.split("[[package]]").next()?;
    // It is named there if there are several.
    after(ours, &format!("\"{name} "))
        .or_else(|| after(lock, &format!("name = \"{name}\"\nversion = \"")))
}

/// Of the peers: what the lock file says, and what is there on the machine.
fn versions() -> Vec<String> {
    const CRATES: [&str; 7] = [
        "shmstate",
        "iceoryx2",
        "mmap-sync",
        "parking_lot",
        "raw_sync",
        "redis",
        "shared_memory",
    ];
    let lock = include_str!("../../Cargo.lock");
    let mut versions: Vec<String> = CRATES
        .iter()
        .filter_map(|name| Some(format!("`{name}` {}", version(lock, name)?)))
        .collect();
    for (name, version) in peers::versions() {
        versions.push(format!("{name} {}", version.as_deref().unwrap_or("absent")));
    }
    versions
}
