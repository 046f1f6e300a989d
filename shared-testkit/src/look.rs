//! What this process has open and mapped, by the kernel's word.

use std::collections::BTreeMap;
use std::fs;

/// The open descriptors, each with what it leads to.
pub fn descriptors() -> BTreeMap<i32, String> {
    let entries = fs::read_dir("/proc/self/fd").expect("/proc is mounted");
    entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let number = entry.file_name().to_str()?.parse().ok()?;
            let target = fs::read_link(entry.path()).ok()?;
            Some((number, target.to_string_lossy().into_owned()))
        })
        // The one that lists the others.
        .filter(|(_, target)| !(target.starts_with("/proc/") && target.ends_with("/fd")))
        .collect()
}

/// The open descriptors that lead to segments, anonymous or named.
pub fn our_descriptors() -> BTreeMap<i32, String> {
    let mut found = descriptors();
    found.retain(|_, target| is_segment(target));
    found
}

/// The mappings of segments: `rw-s /dev/shm/name` and such.
pub fn mappings() -> Vec<String> {
    let maps = fs::read_to_string("/proc/self/maps").expect("/proc is mounted");
    maps.lines()
        .filter_map(|line| {
            let mut fields = line.split_ascii_whitespace();
            let access = fields.nth(1)?;
            let path = fields.nth(3)?;
            is_segment(path).then(|| format!("{access} {path}"))
        })
        .collect()
}

fn is_segment(path: &str) -> bool {
    path.starts_with("/memfd:shmstate") || path.starts_with("/dev/shm/")
}
