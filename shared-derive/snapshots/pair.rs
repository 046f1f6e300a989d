pub struct Pair<A: SharedState = u64, const N: usize = 4>
where
    A: Copy,
{
    first: A,
    #[shared(cache_padded)]
    rest: [A; N],
    #[shared(watch)]
    watched: A,
    count: u32,
    of: PhantomData<Self>,
}
