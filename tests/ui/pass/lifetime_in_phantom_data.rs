use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    of: std::marker::PhantomData<&'static u8>,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
