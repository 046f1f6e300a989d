use shmstate::{Shared, SharedState};

#[derive(SharedState)]
#[shared(slot = Live)]
struct State {
    label: String,
    #[shared(locked)]
    done: u64,
    at: std::time::Instant,
    #[shared(cache_padded, cache_padded)]
    good: u32,
    parts: [Vec<u8>; 2],
}

impl StateSlots {
    fn start(&self) {
        self.done.fetch_add(1);
        self.good.set(7);
    }
}

fn main() {
    let state = Shared::<State>::open("state").unwrap();
    state.start();
    let _: u64 = state.snapshot().done;
}
