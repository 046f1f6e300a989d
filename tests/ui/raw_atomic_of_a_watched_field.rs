use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(watch)]
    value: u32,
}

fn main() {
    let set = |state: Shared<State>| state.value.raw().store(1, std::sync::atomic::Ordering::Relaxed);
    let _ = Shared::<State>::open("state").map(set);
}
