//! `shmstate export`

use std::collections::HashSet;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use super::tell;
use crate::args::Export;
use crate::failure::Failure;
use crate::metrics::{self, Collected};

pub(super) fn run(args: &Export, trusting: bool, out: &mut dyn Write) -> Result<(), Failure> {
    if let Some(address) = args.listen {
        // As in `--listen ADDRESS`, which would be served elsewhere.
        if let Some(address) = args.names.iter().find(|name| is_address(name)) {
            return Err(Failure::Address {
                given: address.clone(),
            });
        }
        return serve(args.clone(), address, trusting);
    }
    let Collected {
        families,
        left_out,
        failures,
    } = metrics::collect(args, trusting);
    for sentence in &left_out {
        warn(sentence);
    }
    for failure in &failures {
        tell(failure);
    }
    let text = metrics::text(families).map_err(|error| Failure::Io {
        action: "write the metrics".to_owned(),
        source: io::Error::other(error),
    })?;
    out.write_all(text.as_bytes())
        .map_err(Failure::io("write the output"))?;
    if failures.is_empty() {
        Ok(())
    } else {
        Err(Failure::Told { code: 1 })
    }
}

/// Segments may come and go: `shmstate_segment_up` says which are there. What is left out is told once.
fn serve(args: Export, address: SocketAddr, trusting: bool) -> Result<(), Failure> {
    let told: Arc<Mutex<HashSet<String>>> = Arc::default();
    let text = move || {
        let collected = metrics::collect(&args, trusting);
        for sentence in collected.left_out {
            if told
                .lock()
                .is_ok_and(|mut told| told.insert(sentence.clone()))
            {
                warn(&sentence);
            }
        }
        metrics::text(collected.families)
    };
    let listening = |url: &str| warn(&format!("serving {url}"));
    match metrics::serve(address, listening, text) {
        Ok(never) => match never {},
        Err(error) => Err(Failure::io(&format!("listen on {address}"))(error)),
    }
}

fn is_address(name: &str) -> bool {
    name.parse::<SocketAddr>().is_ok()
}

fn warn(sentence: &str) {
    let _ = writeln!(io::stderr(), "shmstate: {sentence}");
}
