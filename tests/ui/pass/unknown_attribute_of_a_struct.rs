use shmstate::{Shared, SharedState};

#[derive(SharedState)]
#[shared(slots = Live)]
struct State {
    value: u8,
}

impl Live {
    fn reset(&self) {
        self.value.set(0);
    }
}

pub fn main() {
    let _ = Shared::<State>::open("state").map(|state| state.reset());
}
