//! Tokens: a short text that opens one instance, and no other.

#![allow(unsafe_code)]

use std::ffi::CString;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::fs::OpenOptionsExt;
use std::process::Stdio;

use shmstate::{OpenError, ReadOnly, Shared};

use super::State;
use super::support::{arguments, assert_success, name, pipe, spawn_self, start};

/// A named and an anonymous one.
fn both() -> [State; 2] {
    let named = Shared::create(&name("token"), [0; 4]).unwrap();
    [named, Shared::new([0; 4]).unwrap()]
}

pub(crate) fn a_token_opens_the_same_instance_in_a_child() {
    for state in both() {
        // Also that of a handle which was itself opened by token.
        let again = State::from_token(&state.token()).unwrap();
        assert_eq!(Shared::id(&again), Shared::id(&state));
        assert_eq!(Shared::name(&again), Shared::name(&state));
        for (handle, amount) in [(&state, "1"), (&again, "10")] {
            let mut child = spawn_self("add", |command| {
                command.args(["token", &handle.token(), amount]);
            });
            assert_success(child.wait().unwrap());
        }
        assert_eq!(state[0].get(), 11);
        again[1].set(5);
        assert_eq!(state[1].get(), 5);
    }
}

/// Creates a segment, prints its token, and waits until the parent has closed the pipe.
pub(crate) fn maker() {
    let state = match arguments().first() {
        Some(name) => State::create(name, [7, 8, 9, 10]),
        None => State::new([7, 8, 9, 10]),
    };
    let state = state.unwrap();
    println!("{}", state.token());
    std::io::stdout().flush().unwrap();
    std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
    assert_eq!(state.snapshot(), [99, 8, 9, 10]);
}

pub(crate) fn a_childs_token_opens_the_same_instance_in_the_parent() {
    for made in [Some(name("made")), None] {
        let mut child = spawn_self("maker", |command| {
            command.args(&made);
            command.stdin(Stdio::piped()).stdout(Stdio::piped());
        });
        let mut token = String::new();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        output.read_line(&mut token).unwrap();
        let state = State::from_token(token.trim_end()).unwrap();
        assert_eq!(state.snapshot(), [7, 8, 9, 10]);
        state[0].set(99);
        drop(child.stdin.take());
        assert_success(child.wait().unwrap());

        // The maker is gone: what is open stays, and nothing new can be opened.
        assert_eq!(state.snapshot(), [99, 8, 9, 10]);
        let error = State::from_token(token.trim_end()).unwrap_err();
        match made {
            Some(made) => {
                assert!(matches!(error, OpenError::NotFound { name, .. } if name == made));
            }
            None => assert!(matches!(error, OpenError::Gone { pid } if pid == child.id())),
        }
    }
}

/// Otherwise the line break would be taken for a part of the name, and no segment be found.
pub(crate) fn a_token_that_was_read_as_a_line_opens() {
    let named = State::create(&name("line"), [5; 4]).unwrap();
    for state in [named, State::new([5; 4]).unwrap()] {
        for end in ["\n", "\r\n"] {
            let opened = State::from_token(&(state.token() + end)).unwrap();
            assert_eq!(Shared::id(&opened), Shared::id(&state));
        }
    }
}

pub(crate) fn a_tokens_length_does_not_depend_on_the_data() {
    let (short, long) = (name("s"), name("l"));
    let small = Shared::create(&short, 0_u8).unwrap();
    let large = Shared::<[[u64; 1000]; 1000]>::create_zeroed(&long).unwrap();
    assert_eq!(small.token().len(), large.token().len());
    let before = small.token();
    small.set(u8::MAX);
    assert_eq!(small.token(), before);
    assert!(before.len() < 60 + short.len(), "{before}");

    let small = Shared::new(0_u8).unwrap();
    let large = Shared::<[[u64; 1000]; 1000]>::zeroed().unwrap();
    let digits = |token: &str| token.rsplit(':').next().unwrap().len();
    let (small, large) = (small.token(), large.token());
    // The descriptors may be 9 and 10.
    assert_eq!(small.len() - digits(&small), large.len() - digits(&large));
}

pub(crate) fn a_token_finds_nothing_once_the_segment_is_removed() {
    let name = name("removed");
    let state = State::create(&name, [1; 4]).unwrap();
    let token = state.token();
    shmstate::remove(&name).unwrap();
    let error = State::from_token(&token).unwrap_err();
    assert!(matches!(error, OpenError::NotFound { .. }), "{error}");
    assert_eq!(state[3].get(), 1, "who has it keeps it");

    let state = State::new([1; 4]).unwrap();
    let token = state.token();
    let copy = state.clone();
    drop(state);
    assert!(State::from_token(&token).is_ok(), "a handle is left");
    drop(copy);
    let error = State::from_token(&token).unwrap_err();
    let me = std::process::id();
    assert!(
        matches!(error, OpenError::Gone { pid } if pid == me),
        "{error}"
    );
}

pub(crate) fn the_token_of_a_name_that_was_used_again_is_refused() {
    let name = name("again");
    let first = State::create(&name, [1; 4]).unwrap();
    let (token, id) = (first.token(), Shared::id(&first));
    drop(first);
    let second = State::create(&name, [2; 4]).unwrap();
    // A child, as it would happen: it got the token before the name changed hands.
    assert_success(super::support::in_child(|| {
        let error = State::from_token(&token).unwrap_err();
        let OpenError::WrongInstance {
            expected, found, ..
        } = &error
        else {
            panic!("{error}");
        };
        assert_eq!((*expected, *found), (id, Shared::id(&second)));
        assert!(error.to_string().contains("the token is stale"), "{error}");
    }));
    assert_eq!(second.snapshot(), [2; 4]);
}

pub(crate) fn the_token_of_a_descriptor_that_was_used_again_is_refused() {
    // If the number alone counted, this would open what came after the segment.
    let first = State::new([1; 4]).unwrap();
    let token = first.token();
    drop(first);
    let second = State::new([2; 4]).unwrap();
    let number = |token: &str| token.rsplit(':').next().map(str::to_owned);
    assert_eq!(number(&second.token()), number(&token), "used again");
    let error = State::from_token(&token).unwrap_err();
    let me = std::process::id();
    assert!(
        matches!(error, OpenError::Gone { pid } if pid == me),
        "{error}"
    );
    drop(second);

    // Likewise where another process has used its number again. If wrong: "the token is stale", as of a name.
    let (from_child, to_parent) = pipe();
    let child = start(move || {
        let first = State::new([1; 4]).unwrap();
        let stale = first.token();
        drop(first);
        let second = State::new([2; 4]).unwrap();
        assert_eq!(number(&second.token()), number(&stale), "used again");
        to_parent.send(format!("{stale}\n{}\n", second.token()).as_bytes());
        loop {
            std::thread::park();
        }
    });
    let (stale, live) = (from_child.line(), from_child.line());
    let id = child.id();
    for error in [
        State::from_token(&stale).unwrap_err(),
        ReadOnly::<[u64; 4]>::from_token(&stale).unwrap_err(),
    ] {
        assert!(
            matches!(error, OpenError::Gone { pid } if pid == id),
            "{error}"
        );
    }
    assert_eq!(State::from_token(&live).unwrap().snapshot(), [2; 4]);
    child.kill();

    // A pipe, a file, and a folder. If a writer of the pipe was waited for, this would never end.
    let base = token.rsplit_once(':').unwrap().0;
    for other in [
        OwnedFd::from(named_pipe(&name("pipe"))),
        File::open("/proc/self/stat").unwrap().into(),
        File::open("/dev/shm").unwrap().into(),
    ] {
        let token = format!("{base}:{}", other.as_raw_fd());
        let errors = [
            State::from_token(&token).unwrap_err(),
            ReadOnly::<[u64; 4]>::from_token(&token).unwrap_err(),
        ];
        for error in errors {
            let known = matches!(
                error,
                OpenError::Gone { .. }
                    | OpenError::System { .. }
                    | OpenError::PermissionDenied { .. }
            );
            assert!(known, "{error:?}");
        }
    }
}

/// The reading end of a new pipe, which is gone from its folder. One from `pipe` would not do: it is
/// never waited for.
fn named_pipe(name: &str) -> File {
    let path = format!("/dev/shm/{name}");
    let c_path = CString::new(path.as_str()).unwrap();
    // SAFETY: the path is a C string.
    assert_eq!(unsafe { libc::mkfifo(c_path.as_ptr(), 0o600) }, 0);
    let mut options = File::options();
    let file = options
        .read(true)
        .custom_flags(libc::O_NONBLOCK)
        .open(&path);
    std::fs::remove_file(&path).unwrap();
    file.unwrap()
}

pub(crate) fn the_token_of_a_process_that_was_killed_is_refused() {
    let (from_child, to_parent) = pipe();
    let child = start(move || {
        let state = State::new([1; 4]).unwrap();
        to_parent.send(format!("{}\n", state.token()).as_bytes());
        loop {
            std::thread::park();
        }
    });
    let token = from_child.line();
    assert!(State::from_token(&token).is_ok());
    let id = child.id();
    child.signal(libc::SIGKILL);
    from_child.rest(); // closed by its death, though nobody has waited for it yet
    let error = State::from_token(&token).unwrap_err();
    assert!(
        matches!(error, OpenError::Gone { pid } if pid == id),
        "{error:?}"
    );
    child.wait();
    let error = State::from_token(&token).unwrap_err();
    assert!(
        matches!(error, OpenError::Gone { pid } if pid == id),
        "{error:?}"
    );
}
