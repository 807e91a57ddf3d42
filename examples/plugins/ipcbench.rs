//! The plug-in interface of ipcbench in Rust: the structures of ipcbench/transport.h, which says more of each member,
//! and traits over it. A panic never crosses it: it becomes an error with its text. Rust 1.63 or later, no crates.
#![allow(dead_code)]

use std::ffi::{c_void, CStr, CString};
use std::io;
use std::mem::size_of;
use std::os::raw::{c_char, c_int};
use std::os::unix::io::{FromRawFd, IntoRawFd, OwnedFd};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::ptr::null;
use std::slice::{from_raw_parts, from_raw_parts_mut};

pub const ABI: u32 = 1;
pub const STREAM: u32 = 1; // shapes
pub const BLOCK: u32 = 1; // waits
pub const SPIN: u32 = 2;
pub const SEES_PEER_CLOSE: u32 = 4; // traits
pub const POLLABLE: u32 = 8;
pub const TWO_WAY_OBJECT: u32 = 64;
const ECANCELED: i32 = 125;

#[repr(C)]
pub struct Info {
    pub size: usize,
    pub name: *const c_char,
    pub summary: *const c_char,
    pub family: *const c_char,
    pub subject: *const c_char,
    pub language: *const c_char,
    pub shape: u32,
    pub waits: u32,
    pub traits: u32,
    pub largest_message: u64,
    pub copies: f64,
    pub options: *const c_void,
    pub option_count: usize,
}

/// A text of an Info; it must end with NUL.
pub const fn text(ended: &'static str) -> *const c_char {
    assert!(ended.as_bytes()[ended.len() - 1] == 0, "a text ends with \\0");
    ended.as_ptr() as *const c_char
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Place {
    pub role: u32, // 0: the producer, 1: the consumer
    pub index: u32,
}

#[repr(C)]
pub struct Asked {
    size: usize,
    pub message_size: u64,
    pub wait: u32,
    options: *const c_void,
    option_count: usize,
}

#[repr(C)]
pub struct Seat {
    size: usize,
    pub place: Place,
    pub message_size: u64,
    pub wait: u32,
    pub hybrid_spin_ns: u64,
    pub quiet_ns: u64,
    options: *const c_void,
    option_count: usize,
}

/// What ipcbench does for a plug-in during a call.
#[repr(C)]
pub struct Program {
    size: usize,
    fail: unsafe extern "C" fn(*const Program, *const c_char),
    claim_name: unsafe extern "C" fn(*const Program, u32, *const c_char, *mut c_char, usize) -> c_int,
    put_text: unsafe extern "C" fn(*const Program, *const c_char, *const c_char) -> c_int,
    put_descriptor: unsafe extern "C" fn(*const Program, *const c_char, c_int) -> c_int,
    get_text: unsafe extern "C" fn(*const Program, *const c_char) -> *const c_char,
    take_descriptor: unsafe extern "C" fn(*const Program, *const c_char) -> c_int,
    publish: unsafe extern "C" fn(*const Program, *const c_char) -> c_int,
    await_peer: unsafe extern "C" fn(*const Program) -> *const c_char,
}

fn checked(result: c_int) -> io::Result<c_int> {
    if result < 0 {
        Err(io::Error::from_raw_os_error(-result))
    } else {
        Ok(result)
    }
}

impl Program {
    /// In ticket(): what the worker gets. The descriptor is ipcbench's from then on.
    pub fn put_text(&self, name: &str, text: &str) -> io::Result<()> {
        let (name, text) = (CString::new(name)?, CString::new(text)?);
        checked(unsafe { (self.put_text)(self, name.as_ptr(), text.as_ptr()) }).map(drop)
    }
    pub fn put_descriptor(&self, name: &str, descriptor: OwnedFd) -> io::Result<()> {
        let name = CString::new(name)?;
        checked(unsafe { (self.put_descriptor)(self, name.as_ptr(), descriptor.into_raw_fd()) }).map(drop)
    }
    /// In join(): what ticket() has put in.
    pub fn get_text(&self, name: &str) -> io::Result<String> {
        let key = CString::new(name)?;
        let found = unsafe { (self.get_text)(self, key.as_ptr()) };
        if found.is_null() {
            return Err(io::Error::new(io::ErrorKind::NotFound, format!("the ticket has no text {}", name)));
        }
        Ok(unsafe { CStr::from_ptr(found) }.to_string_lossy().into_owned())
    }
    pub fn take_descriptor(&self, name: &str) -> io::Result<OwnedFd> {
        let name = CString::new(name)?;
        let descriptor = checked(unsafe { (self.take_descriptor)(self, name.as_ptr()) })?;
        Ok(unsafe { OwnedFd::from_raw_fd(descriptor) })
    }
    fn tell(&self, what: &str) {
        if let Ok(text) = CString::new(what.replace('\0', " ")) {
            unsafe { (self.fail)(self, text.as_ptr()) }
        }
    }
}

#[repr(C)]
pub struct EndpointOps {
    size: usize,
    write_some: Option<unsafe extern "C" fn(*mut c_void, *const c_void, usize) -> isize>,
    read_some: Option<unsafe extern "C" fn(*mut c_void, *mut c_void, usize) -> isize>,
    others: [Option<unsafe extern "C" fn()>; 8], // send to await
    watched: Option<unsafe extern "C" fn(*const c_void) -> c_int>,
}

#[repr(C)]
pub struct Transport {
    size: usize,
    info: *const Info,
    ops: *const EndpointOps,
    probe: Option<unsafe extern "C" fn(*const Program) -> c_int>,
    create: unsafe extern "C" fn(*const Program, *const Asked, *mut *mut c_void) -> c_int,
    ticket: unsafe extern "C" fn(*const Program, *mut c_void, Place) -> c_int,
    attached: Option<unsafe extern "C" fn(*mut c_void)>,
    broker: Option<unsafe extern "C" fn(*const c_void) -> i64>,
    destroy: unsafe extern "C" fn(*mut c_void),
    join: unsafe extern "C" fn(*const Program, *const Seat, *mut *mut c_void) -> c_int,
    close: unsafe extern "C" fn(*mut c_void),
}

#[repr(C)]
pub struct Library {
    pub abi: u32,
    pub count: u32,
    pub version: *const c_char,
    pub transports: *const &'static Transport,
}

// They hold nothing but pointers to what never changes.
unsafe impl Sync for Info {}
unsafe impl Sync for Transport {}
unsafe impl Sync for Library {}

/// The objects of a launch, in its host.
pub trait Session: Sized {
    fn create(program: &Program, asked: &Asked) -> io::Result<Self>; // required
    /// Optional: without it, tickets are empty.
    fn ticket(&mut self, _program: &Program, _place: Place) -> io::Result<()> {
        Ok(())
    }
}

/// An open side of STREAM, in its worker. EINTR and EAGAIN are dealt with behind it.
pub trait Stream: Sized {
    fn join(program: &Program, seat: &Seat) -> io::Result<Self>; // required
    fn write_some(&mut self, bytes: &[u8]) -> io::Result<usize>; // required
    fn read_some(&mut self, bytes: &mut [u8]) -> io::Result<usize>; // required
    fn watched(&self) -> c_int; // required of POLLABLE
}

pub const fn info_of_stream(name: &'static str, summary: &'static str, subject: &'static str) -> Info {
    Info {
        size: size_of::<Info>(),
        name: text(name),
        summary: text(summary),
        family: null(),
        subject: text(subject),
        language: text("Rust\0"),
        shape: STREAM,
        waits: BLOCK,
        traits: 0,
        largest_message: 0,
        copies: 0.0,
        options: null(),
        option_count: 0,
    }
}

pub const fn stream_ops<E: Stream>() -> EndpointOps {
    EndpointOps {
        size: size_of::<EndpointOps>(),
        write_some: Some(write_some::<E>),
        read_some: Some(read_some::<E>),
        others: [None; 8],
        watched: Some(watched::<E>),
    }
}

pub const fn transport<S: Session, E: Stream>(info: &'static Info, ops: &'static EndpointOps) -> Transport {
    Transport {
        size: size_of::<Transport>(),
        info,
        ops,
        probe: None,
        create: create::<S>,
        ticket: ticket::<S>,
        attached: None,
        broker: None,
        destroy: destroy::<S>,
        join: join::<E>,
        close: destroy::<E>,
    }
}

/// Runs `body`; its error, or its panic, is told with its text.
fn guarded(program: &Program, body: impl FnOnce() -> io::Result<()>) -> c_int {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => 0,
        Ok(Err(error)) => match error.raw_os_error() {
            Some(number) => -number,
            None => {
                program.tell(&error.to_string());
                -ECANCELED
            }
        },
        Err(panic) => {
            let text = panic.downcast_ref::<&str>().copied();
            let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
            program.tell(&format!("panic: {}", text.unwrap_or("without a text")));
            -ECANCELED
        }
    }
}

/// Repeats `call` until bytes have moved: returns how many, 0 if the peer has closed, or a negative errno. The text of a
/// panic is on standard error already.
fn moved(mut call: impl FnMut() -> io::Result<usize>) -> isize {
    loop {
        match catch_unwind(AssertUnwindSafe(&mut call)) {
            Ok(Ok(size)) => return size as isize,
            Ok(Err(error)) => match error.kind() {
                io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock => continue,
                io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset => return 0,
                _ => return -error.raw_os_error().unwrap_or(ECANCELED) as isize,
            },
            Err(_) => return -ECANCELED as isize,
        }
    }
}

unsafe extern "C" fn create<S: Session>(program: *const Program, asked: *const Asked, made: *mut *mut c_void) -> c_int {
    guarded(&*program, || {
        *made = Box::into_raw(Box::new(S::create(&*program, &*asked)?)) as *mut c_void;
        Ok(())
    })
}

unsafe extern "C" fn ticket<S: Session>(program: *const Program, session: *mut c_void, place: Place) -> c_int {
    guarded(&*program, || (*(session as *mut S)).ticket(&*program, place))
}

unsafe extern "C" fn join<E: Stream>(program: *const Program, seat: *const Seat, endpoint: *mut *mut c_void) -> c_int {
    guarded(&*program, || {
        *endpoint = Box::into_raw(Box::new(E::join(&*program, &*seat)?)) as *mut c_void;
        Ok(())
    })
}

unsafe extern "C" fn destroy<T>(object: *mut c_void) {
    let _ = catch_unwind(AssertUnwindSafe(|| drop(Box::from_raw(object as *mut T))));
}

unsafe extern "C" fn write_some<E: Stream>(endpoint: *mut c_void, bytes: *const c_void, size: usize) -> isize {
    moved(|| (*(endpoint as *mut E)).write_some(from_raw_parts(bytes as *const u8, size)))
}

unsafe extern "C" fn read_some<E: Stream>(endpoint: *mut c_void, bytes: *mut c_void, size: usize) -> isize {
    moved(|| (*(endpoint as *mut E)).read_some(from_raw_parts_mut(bytes as *mut u8, size)))
}

unsafe extern "C" fn watched<E: Stream>(endpoint: *const c_void) -> c_int {
    catch_unwind(AssertUnwindSafe(|| (*(endpoint as *const E)).watched())).unwrap_or(-1)
}
