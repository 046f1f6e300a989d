use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(watch)]
    limit: Option<std::num::NonZeroU32>,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
