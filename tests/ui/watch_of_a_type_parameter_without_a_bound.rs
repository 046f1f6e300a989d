use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct Signal<T: SharedState> {
    #[shared(watch)]
    value: T,
}

impl<T: SharedState> SignalSlots<T> {
    fn raise(&self, value: T) {
        self.value.set(value);
    }
}

fn main() {
    let _ = Shared::<Signal<u32>>::open("state").map(|signal| signal.raise(1));
}
