//! The middleware `iceoryx2`: its blackboard, entries of which one writer stores and many readers load whole, and its
//! event. The blackboard has no read-modify-write, and only one writer for the whole service.
//!
//! Part of what it makes are files in a folder of its own, which is on the disk here as it is by default.

use std::path::PathBuf;

use ::iceoryx2::port::listener::Listener;
use ::iceoryx2::port::notifier::Notifier;
use ::iceoryx2::port::reader::EntryHandle;
use ::iceoryx2::port::writer::EntryHandleMut;
use ::iceoryx2::prelude::*;
use ::iceoryx2::service::port_factory::blackboard::PortFactory as Blackboard;

use super::lock::OneWord;
use super::run::unique;
use crate::harness::job::{Entry, Op};
use crate::harness::processes;
use crate::rows::{BLACKBOARD, ICEORYX2_EVENT};
use crate::work::counter::CounterJob;
use crate::work::hand_over::{self, HandOver};
use crate::work::peer::Peer;
use crate::work::record::{Record, RecordJob, Words};
use crate::work::recovery;
use crate::work::segment::{Segment, SegmentJob};

const ONE_WRITER: &str = "one writer, and no read-modify-write";

/// The only key.
const KEY: u64 = 0;

const NAMES_ONLY: &str = "it has names only";

pub(super) struct Iceoryx2;

impl Peer for Iceoryx2 {
    fn counters(&self) -> Vec<Entry> {
        let join = |worker| CounterJob(OneWord(Board::<1>::join(worker)));
        let contender = processes(join).without(Op::Add, ONE_WRITER);
        vec![Entry::new(BLACKBOARD, contender)]
    }

    fn records<const N: usize>(&self) -> Vec<Entry> {
        let join = |worker| RecordJob::new(Board::<N>::join(worker));
        let contender = processes(join).without(Op::Change, ONE_WRITER);
        vec![Entry::new(BLACKBOARD, contender)]
    }

    fn segments(&self) -> Vec<Entry> {
        let join = |_| SegmentJob(Services::new());
        let contender = processes(join)
            .without(Op::OpenOrCreate, "it has no such call")
            .without(Op::CreateUnnamed, NAMES_ONLY)
            .without(Op::Inherit, NAMES_ONLY);
        vec![Entry::new(BLACKBOARD, contender)]
    }

    fn hand_overs(&self) -> Vec<Entry> {
        vec![hand_over::entry(ICEORYX2_EVENT, Events::join)]
    }

    fn holders(&self) -> Vec<recovery::Entry> {
        vec![(
            BLACKBOARD,
            Err("nothing is held: a value is not there until it is whole".to_owned()),
        )]
    }
}

/// Each process has its own. All that they make has a name of this run, so that it can be removed: one segment stays.
fn node() -> Node<ipc::Service> {
    set_log_level(LogLevel::Error);
    let mut config = Config::default();
    let path = root().to_string_lossy().into_owned();
    let path = Path::new(path.as_bytes()).expect("a path");
    config.global.set_root_path(&path);
    config.global.prefix = FileName::new(unique("").as_bytes()).expect("a name");
    NodeBuilder::new()
        .config(&config)
        .signal_handling_mode(SignalHandlingMode::Disabled)
        .create()
        .expect("a node")
}

/// On the disk, as by default.
fn root() -> PathBuf {
    std::env::temp_dir().join(unique("iceoryx2"))
}

/// Removes the folder of all nodes.
pub(super) fn clean_up() {
    let _ = std::fs::remove_dir_all(root());
}

fn name(what: &str) -> ServiceName {
    what.try_into().expect("a name")
}

type Value<const N: usize> = [u64; N];

/// Fields are dropped in this order: what uses something before it.
struct Board<const N: usize> {
    reader: EntryHandle<ipc::Service, u64, Value<N>>,
    /// Made when it is first written: there can be one in all processes.
    writer: Option<EntryHandleMut<ipc::Service, u64, Value<N>>>,
    service: Blackboard<ipc::Service, u64>,
    _node: Node<ipc::Service>,
}

impl<const N: usize> Board<N> {
    /// The first worker joins before the others, and creates it.
    fn join(worker: usize) -> Self {
        let node = node();
        let name = name(&format!("record-{N}"));
        let builder = node.service_builder(&name);
        let service = if worker == 0 {
            let creator = builder.blackboard_creator::<u64>();
            creator
                .add::<Value<N>>(KEY, [0; N])
                .create()
                .expect("created")
        } else {
            builder.blackboard_opener::<u64>().open().expect("opened")
        };
        let reader = service.reader_builder().create().expect("a reader");
        Board {
            reader: reader.entry(&KEY).expect("the entry"),
            writer: None,
            service,
            _node: node,
        }
    }
}

impl<const N: usize> Record<N> for Board<N> {
    fn read(&mut self, out: &mut Words<N>) {
        out.words = *self.reader.get();
    }

    fn write(&mut self, value: &Words<N>) {
        let writer = self.writer.get_or_insert_with(|| {
            let writer = self.service.writer_builder().create().expect("the writer");
            writer.entry(&KEY).expect("the entry")
        });
        writer.update_with_copy(value.words);
    }

    fn change(&mut self, _: impl FnMut(&mut Words<N>)) {
        unreachable!("it lacks that")
    }
}

/// One for each direction. A notification is one hand-over, whatever the number.
struct Events {
    events: [(Notifier<ipc::Service>, Listener<ipc::Service>); 2],
    _node: Node<ipc::Service>,
}

impl Events {
    fn join() -> Self {
        let node = node();
        let events = ["there", "back"].map(|what| {
            let service = node.service_builder(&name(what)).event();
            let service = service.open_or_create().expect("an event");
            (
                service.notifier_builder().create().expect("a notifier"),
                service.listener_builder().create().expect("a listener"),
            )
        });
        Events {
            events,
            _node: node,
        }
    }
}

impl HandOver for Events {
    fn set(&mut self, which: usize, _number: u32) {
        self.events[which].0.notify().expect("notified");
    }

    fn wait(&mut self, which: usize, _number: u32) {
        self.events[which].1.blocking_wait(|_| {}).expect("waited");
    }
}

/// Services with an entry of 8 bytes. The node is there before, and not in the time.
struct Services {
    _existing: Blackboard<ipc::Service, u64>,
    name: ServiceName,
    fresh: ServiceName,
    node: Node<ipc::Service>,
}

impl Services {
    fn new() -> Self {
        let (node, name, fresh) = (node(), name("segment"), name("segment-fresh"));
        let creator = node.service_builder(&name).blackboard_creator::<u64>();
        let existing = creator.add::<u64>(KEY, 0).create().expect("created");
        Services {
            _existing: existing,
            name,
            fresh,
            node,
        }
    }
}

impl Segment for Services {
    type Made = Blackboard<ipc::Service, u64>;

    fn create(&mut self) -> Self::Made {
        let creator = self
            .node
            .service_builder(&self.fresh)
            .blackboard_creator::<u64>();
        let service = creator.add::<u64>(KEY, 0).create().expect("created");
        let writer = service.writer_builder().create().expect("the writer");
        let entry = writer.entry::<u64>(&KEY).expect("the entry");
        entry.update_with_copy(1);
        service
    }

    fn create_unnamed(&mut self) -> Self::Made {
        unreachable!("it lacks that")
    }

    fn open(&mut self) -> Self::Made {
        let opener = self
            .node
            .service_builder(&self.name)
            .blackboard_opener::<u64>();
        let service = opener.open().expect("opened");
        let reader = service.reader_builder().create().expect("a reader");
        let entry = reader.entry::<u64>(&KEY).expect("the entry");
        std::hint::black_box(*entry.get());
        service
    }

    fn open_or_create(&mut self) -> Self::Made {
        unreachable!("it lacks that")
    }

    fn inherit(&mut self) -> Self::Made {
        unreachable!("it lacks that")
    }
}
