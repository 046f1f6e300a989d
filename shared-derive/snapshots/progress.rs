/// How far the work is.
pub struct Progress {
    /// Set by the first worker.
    pub started: bool,
    pub(crate) phase: Phase,
    /// How many lines
    /// each has read.
    ///
    /// Not the empty ones.
    #[shared(cache_padded, counter)]
    per_worker: [u32; 8],
    limits: Limits,
    r#type: u8,
}
