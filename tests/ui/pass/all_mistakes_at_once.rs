use shmstate::{Shared, SharedState};

#[derive(SharedState)]
#[shared(slots = Live)]
struct State {
    label: [u8; 16],
    #[shared(cache_padded)]
    done: u64,
    at: u64,
    #[shared(cache_padded)]
    good: u32,
    parts: [[u8; 8]; 2],
}

impl Live {
    fn start(&self) {
        self.done.fetch_add(1);
        self.good.set(7);
    }
}

pub fn main() {
    if let Ok(state) = Shared::<State>::open("state") {
        state.start();
        let _: u64 = state.snapshot().done;
    }
}
