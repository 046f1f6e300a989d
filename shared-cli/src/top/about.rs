//! What is said of a segment as a whole.

use shmstate::Inspector;

use crate::output::{self, clean};
use crate::target;

/// What `top` says of a segment above its fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// What it is: one line.
    pub what: String,
    /// Who has it: one line.
    pub processes: String,
}

impl About {
    /// Looks through `/proc`.
    pub(super) fn of(name: &str, inspector: &Inspector) -> About {
        let type_name = match inspector.type_name() {
            "" => String::new(),
            name => format!("{}, ", clean(name)),
        };
        let told = inspector.description();
        let what = format!(
            "{}: {type_name}{}, created {} ago by pid {}",
            clean(name),
            output::size(inspector.size()),
            output::age(told.created),
            output::creator(told.creator, told.creator_lives),
        );
        let processes = match target::info(name) {
            // Somebody may have taken its name.
            Ok(info)
                if info
                    .description
                    .as_ref()
                    .is_ok_and(|it| it.id != inspector.id()) =>
            {
                "removed: another segment has its name".to_owned()
            }
            Ok(info) => {
                // This one has it, too.
                let me = std::process::id();
                let others = info.processes.found.iter().filter(|it| it.pid != me);
                let others: Vec<String> = others.map(output::process).collect();
                match others.len() {
                    0 => "no other process is seen to have it".to_owned(),
                    1 => format!("1 process: {}", others[0]),
                    n => format!("{n} processes: {}", others.join(", ")),
                }
            }
            Err(_) => "removed: no process will find it".to_owned(),
        };
        About { what, processes }
    }
}
