#[shared(slots = Events)]
enum Event {
    Started,
    Stopped { code: u8 },
}
