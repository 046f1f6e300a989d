use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct Signal<T: SharedState> {
    #[shared(watch)]
    value: T,
}

impl<T: SharedState + shmstate::slot::Scalar> SignalSlots<T> {
    fn raise(&self, value: T) {
        self.value.set(value);
    }
}

pub fn main() {
    let _ = Shared::<Signal<u32>>::open("state").map(|signal| signal.raise(1));
}
