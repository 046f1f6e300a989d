use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State<'a> {
    of: std::marker::PhantomData<&'a u8>,
}

fn main() {
    let _ = Shared::<State<'static>>::open("state");
}
