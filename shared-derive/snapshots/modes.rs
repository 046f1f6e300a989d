struct Modes<const N: usize> {
    total: u128,
    #[shared(lock)]
    window: Window,
    #[shared(lock)]
    numbers: [u32; 2],
    #[shared(capacity = 64)]
    label: String,
    #[shared(capacity = N)]
    names: [Option<String>; 2],
    #[shared(capacity = 4, cache_padded)]
    recent: Vec<Window>,
    #[shared(watch)]
    generation: u32,
    #[shared(watch, cache_padded)]
    phases: [Phase; 2],
    #[shared(pod)]
    points: [[Point; 2]; 3],
}
