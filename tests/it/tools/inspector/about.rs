//! What people are told of a field.

use shmstate::inspect::Inspector;
use shmstate::{Shared, SharedState};

#[derive(SharedState, Clone, Debug, Default)]
struct Told {
    /// Lines that were
    /// read so far.
    ///
    /// Not the empty ones.
    #[shared(counter)]
    lines: u64,
    /// Not this.
    #[shared(help = "bytes by worker", counter, lock)]
    bytes: [u128; 2],
    plain: u8,
    /// Silenced.
    #[shared(help = "")]
    silent: u8,
    /** How far,
     * in parts. */
    window: Window,
}

#[derive(SharedState, Clone, Debug, Default)]
#[shared(lock)]
struct Window {
    /// The first line ("0" is none).
    low: u32,
    #[shared(counter)]
    moves: f64,
}

/// The same, with nothing told.
mod untold {
    use shmstate::SharedState;

    #[derive(SharedState, Clone, Debug, Default)]
    pub(super) struct Told {
        lines: u64,
        #[shared(lock)]
        bytes: [u128; 2],
        plain: u8,
        silent: u8,
        window: Window,
    }

    #[derive(SharedState, Clone, Debug, Default)]
    #[shared(lock)]
    struct Window {
        low: u32,
        moves: f64,
    }
}

// If wrong: the text, and the field.
pub(crate) fn help_and_counters_are_in_the_table() {
    let told = Shared::new(Told::default()).expect("create");
    let inspector = Inspector::from_token(&told.token()).expect("open");
    for (path, help, counter) in [
        ("lines", "Lines that were read so far.", true),
        ("bytes", "bytes by worker", true),
        ("bytes[1]", "bytes by worker", true),
        ("plain", "", false),
        ("silent", "", false),
        ("window", "How far, in parts.", false),
        ("window.low", "The first line (\"0\" is none).", false),
        ("window.moves", "", true),
    ] {
        let field = inspector.field(path).expect(path);
        assert_eq!(
            (field.help(), field.is_counter()),
            (help, counter),
            "{path}"
        );
    }
    let schema = inspector.schema();
    assert_eq!(schema, Shared::<Told>::schema());
    let lines = &schema.fields()[0];
    assert_eq!(
        (lines.help(), lines.is_counter()),
        ("Lines that were read so far.", true)
    );
}

// If wrong: a segment that cannot be opened by who has changed a comment.
pub(crate) fn help_does_not_change_the_fingerprint() {
    let told = Shared::new(Told::default()).expect("create");
    let token = told.token();
    assert_eq!(
        Shared::<Told>::schema().fingerprint(),
        Shared::<untold::Told>::schema().fingerprint()
    );
    Shared::<untold::Told>::from_token(&token).expect("the same fields");
}
