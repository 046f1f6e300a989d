//! Circles among files, and among folders.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write as _;

use super::source::Import;

/// The circles among files, each told by its imports; a shortest one of those that hang together.
pub(crate) fn of_files(imports: &[Import]) -> Vec<String> {
    of(imports, str::to_owned)
}

/// The circles among the folders of a crate; a file beside them stands for itself.
pub(crate) fn of_folders(imports: &[Import]) -> Vec<String> {
    of(imports, |path| {
        path.split('/').next().unwrap_or(path).to_owned()
    })
}

fn of(imports: &[Import], place: impl Fn(&str) -> String) -> Vec<String> {
    let mut graph: BTreeMap<String, BTreeMap<String, &Import>> = BTreeMap::new();
    for import in imports {
        let (from, to) = (place(&import.from), place(&import.to));
        if from != to {
            graph.entry(from).or_default().entry(to).or_insert(import);
        }
    }
    let (mut told, mut circles) = (BTreeSet::new(), Vec::new());
    for start in graph.keys() {
        if told.contains(start) {
            continue;
        }
        let Some(circle) = way_back(&graph, start) else {
            continue;
        };
        let mut text = circle[0].clone();
        for step in circle.windows(2) {
            let _ = write!(text, " -> {}", step[1]);
        }
        for step in circle.windows(2) {
            let import = graph[&step[0]][&step[1]];
            let _ = write!(
                text,
                "\n    {}:{} takes something from {}",
                import.from, import.line, import.to
            );
        }
        circles.push(text);
        told.extend(circle);
    }
    circles
}

/// The shortest way from there to there.
fn way_back(
    graph: &BTreeMap<String, BTreeMap<String, &Import>>,
    start: &String,
) -> Option<Vec<String>> {
    let mut come_from: BTreeMap<&String, &String> = BTreeMap::new();
    let mut to_see = VecDeque::from([start]);
    while let Some(at) = to_see.pop_front() {
        for next in graph.get(at).into_iter().flat_map(BTreeMap::keys) {
            if next == start {
                let mut way = vec![start.clone(), at.clone()];
                let mut at = at;
                while at != start {
                    at = come_from[at];
                    way.push(at.clone());
                }
                if way.len() == 2 {
                    return Some(way);
                }
                way.reverse();
                return Some(way);
            }
            if !come_from.contains_key(next) {
                come_from.insert(next, at);
                to_see.push_back(next);
            }
        }
    }
    None
}
