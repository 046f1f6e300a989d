struct Mixed<'a, T: SharedState> {
    good: T,
    text: &'a str,
    #[shared(lock)]
    list: Vec<T>,
    #[shared(locked)]
    count: u32,
}
