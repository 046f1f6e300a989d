::core::compile_error! {
    "this field has no slot: `String` needs `#[shared(capacity = N)]`, the most bytes of text it may hold"
}
::core::compile_error! {
    "this field has no slot: `Vec<u64>` needs `#[shared(capacity = N)]`, the most elements it may hold"
}
::core::compile_error! {
    "this field has no slot: `Vec<Vec<u8>>` needs `#[shared(capacity = [N1, N2])]`; in `(N1) Vec<(N2) Vec<u8>>`, N1 is the most elements, N2 is the most elements"
}
::core::compile_error! {
    "this field has no slot: `String` needs `#[shared(capacity = N)]`, the most bytes of text it may hold"
}
::core::compile_error! {
    "this field has no slot: `::std::time::Instant` means nothing in another process; store a `shmstate::Timestamp`, or a `SystemTime`"
}
::core::compile_error! {
    "this field has no slot: `std::collections::HashMap<u8, u8>` lives on the heap of one process; use `Vec<(u8, u8)>` with `#[shared(capacity = N)]`"
}
::core::compile_error! {
    "this field has no slot: `std::collections::VecDeque<u8>` lives on the heap of one process; use `Vec<u8>` with `#[shared(capacity = N)]`"
}
::core::compile_error! {
    "this field has no slot: `Box<u8>` is a pointer, which means nothing in another process; store the value itself, `u8`, or an index"
}
::core::compile_error! {
    "this field has no slot: `std::rc::Rc<Limits>` is a pointer, which means nothing in another process; store the value itself, `Limits`, or an index"
}
::core::compile_error! {
    "this field has no slot: `std::cell::RefCell<u8>` works within one process only; write the plain type `u8`, a slot is shared by itself"
}
::core::compile_error! {
    "this field has no slot: `std::sync::Mutex<bool>` works within one process only; write the plain type `bool`, a slot is shared by itself"
}
::core::compile_error! {
    "this field has no slot: `std::sync::OnceLock<u8>` works within one process only; write the plain type `u8`, a slot is shared by itself"
}
::core::compile_error! {
    "this field has no slot: `std::sync::atomic::AtomicUsize` is not a plain value; write `usize`, whose slot is an atomic"
}
::core::compile_error! {
    "this field has no slot: `std::path::PathBuf` has no fixed length; use `String` (or `Vec<u8>`) with `#[shared(capacity = N)]`"
}
::core::compile_error! {
    "this field has no slot: `std::ffi::CString` has no fixed length; use `String` (or `Vec<u8>`) with `#[shared(capacity = N)]`"
}
::core::compile_error! {
    "this field has no slot: `&'static str` is a reference, which means nothing in another process; use `String` with `#[shared(capacity = N)]`"
}
::core::compile_error! {
    "this field has no slot: `*mut u8` is a pointer, which means nothing in another process; store the value itself, `u8`, or an index"
}
::core::compile_error! {
    "this field has no slot: `fn (u8) -> u8` is a function pointer, which means nothing in another process; store a fieldless enum and `match` on it"
}
::core::compile_error! {
    "this field has no slot: `Vec<u8>` needs `#[shared(capacity = N)]`, the most elements it may hold"
}
::core::compile_error! {
    "this field has no slot: `[u8]` has no fixed length; use an array `[u8; N]`, or `Vec<u8>` with `#[shared(capacity = N)]`"
}
::core::compile_error! {
    "this field has no slot: `dyn Send` is a trait object, whose methods another process does not have; use a fieldless enum"
}
::core::compile_error! {
    "this field has no slot: `!` has no value to store; remove the field"
}
::core::compile_error! {
    "this field has no slot: `impl Sized` is not a type that a field can have; name the type"
}
/// The live fields of a [`NoSlot`] in shared memory.
#[repr(C)]
struct NoSlotSlots<A: ::shmstate::__private::Access = ::shmstate::__private::Write> {
    /// The slot of the field `a`.
    a: <u128 as ::shmstate::__private::Field<::shmstate::__private::Inline>>::Slot<A>,
    /// The slot of the field `b`.
    b: <(
        u8,
        u8,
    ) as ::shmstate::__private::Field<::shmstate::__private::Inline>>::Slot<A>,
    /// The slot of the field `c`.
    c: <core::time::Duration as ::shmstate::__private::Field<
        ::shmstate::__private::If<
            {
                ::shmstate::__private::has_slot!(
                    core::time::Duration, ::shmstate::__private::Inline
                )
            },
            ::shmstate::__private::Inline,
        >,
    >>::Slot<A>,
    /// The slot of the field `d`.
    d: <Option<
        u32,
    > as ::shmstate::__private::Field<::shmstate::__private::Inline>>::Slot<A>,
    /// The slot of the field `e`.
    e: <Option<
        bool,
    > as ::shmstate::__private::Field<::shmstate::__private::Inline>>::Slot<A>,
    /// The slot of the field `f`.
    f: <Option<
        (u8, u8),
    > as ::shmstate::__private::Field<::shmstate::__private::Inline>>::Slot<A>,
    /// The slot of the field `g`.
    g: <() as ::shmstate::__private::Field<::shmstate::__private::Refused>>::Slot<A>,
    /// The slot of the field `h`.
    h: <() as ::shmstate::__private::Field<::shmstate::__private::Refused>>::Slot<A>,
    /// The slot of the field `i`.
    i: <() as ::shmstate::__private::Field<::shmstate::__private::Refused>>::Slot<A>,
    /// The slot of the field `j`.
    j: <() as ::shmstate::__private::Field<::shmstate::__private::Refused>>::Slot<A>,
    /// The slot of the field `k`.
    k: <std::time::SystemTime as ::shmstate::__private::Field<
        ::shmstate::__private::If<
            {
                ::shmstate::__private::has_slot!(
                    std::time::SystemTime, ::shmstate::__private::Inline
                )
            },
            ::shmstate::__private::Inline,
        >,
    >>::Slot<A>,
    /// The slot of the field `l`.
    l: <() as ::shmstate::__private::Field<::shmstate::__private::Refused>>::Slot<A>,
    /// The slot of the field `m`.
    m: <std::net::IpAddr as ::shmstate::__private::Field<
        ::shmstate::__private::If<
            {
                ::shmstate::__private::has_slot!(
                    std::net::IpAddr, ::shmstate::__private::Inline
                )
            },
            ::shmstate::__private::Inline,
        >,
    >>::Slot<A>,
    /// The slot of the field `n`.
    n: <std::net::Ipv4Addr as ::shmstate::__private::Field<
        ::shmstate::__private::If<
            {
                ::shmstate::__private::has_slot!(
                    std::net::Ipv4Addr, ::shmstate::__private::Inline
                )
            },
            ::shmstate::__private::Inline,
        >,
    >>::Slot<A>,
    /// The slot of the field `o`.
    o: <std::net::Ipv6Addr as ::shmstate::__private::Field<
        ::shmstate::__private::If<
            {
                ::shmstate::__private::has_slot!(
                    std::net::Ipv6Addr, ::shmstate::__private::Inline
                )
            },
            ::shmstate::__private::Inline,
        >,
    >>::Slot<A>,
    /// The slot of the field `p`.
    p: <std::net::SocketAddr as ::shmstate::__private::Field<
        ::shmstate::__private::If<
            {
                ::shmstate::__private::has_slot!(
                    std::net::SocketAddr, ::shmstate::__private::Inline
                )
            },
            ::shmstate::__private::Inline,
        >,
    >>::Slot<A>,
    /// The slot of the field `q`.
    q: <() as ::shmstate::__private::Field<::shmstate::__private::Refused>>::Slot<A>,
    /// The slot of the field `r`.
    r: <() as ::shmstate::__private::Field<::shmstate::__private::Refused>>::Slot<A>,
    /// The slot of the field `s`.
    s: <() as ::shmstate::__private::Field<::shmstate::__private::Refused>>::Slot<A>,
    /// The slot of the field `t`.
    t: <() as ::shmstate::__private::Field<::shmstate::__private::Refused>>::Slot<A>,
    /// The slot of the field `u`.
    u: <() as ::shmstate::__private::Field<::shmstate::__private::Refused>>::Slot<A>,
    /// The slot of the field `v`.
    v: <() as ::shmstate::__private::Field<::shmstate::__private::Refused>>::Slot<A>,
    /// The slot of the field `w`.
    w: <() as ::shmstate::__private::Field<::shmstate::__private::Refused>>::Slot<A>,
    /// The slot of the field `x`.
    x: <() as ::shmstate::__private::Field<::shmstate::__private::Refused>>::Slot<A>,
    /// The slot of the field `y`.
    y: <() as ::shmstate::__private::Field<::shmstate::__private::Refused>>::Slot<A>,
    /// The slot of the field `z`.
    z: <() as ::shmstate::__private::Field<::shmstate::__private::Refused>>::Slot<A>,
    /// The slot of the field `aa`.
    aa: <() as ::shmstate::__private::Field<::shmstate::__private::Refused>>::Slot<A>,
    /// The slot of the field `bb`.
    bb: <() as ::shmstate::__private::Field<::shmstate::__private::Refused>>::Slot<A>,
    /// The slot of the field `cc`.
    cc: <() as ::shmstate::__private::Field<::shmstate::__private::Refused>>::Slot<A>,
    /// The slot of the field `dd`.
    dd: <() as ::shmstate::__private::Field<::shmstate::__private::Refused>>::Slot<A>,
    /// The slot of the field `ee`.
    ee: <() as ::shmstate::__private::Field<::shmstate::__private::Refused>>::Slot<A>,
    /// The slot of the field `ff`.
    ff: <() as ::shmstate::__private::Field<::shmstate::__private::Refused>>::Slot<A>,
    /// The slot of the field `gg`.
    gg: <() as ::shmstate::__private::Field<::shmstate::__private::Refused>>::Slot<A>,
    /// The slot of the field `hh`.
    hh: <() as ::shmstate::__private::Field<::shmstate::__private::Refused>>::Slot<A>,
    __parameters: ::core::marker::PhantomData<fn() -> (A,)>,
}
