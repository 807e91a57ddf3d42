//! A plug-in for ipcbench: a pair of connected UNIX stream sockets, unix(7), in Rust with its standard library alone.
//!
//!   rustc --edition 2021 --crate-type cdylib -O -o libstream_pair.so stream_pair.rs
//!   ipcbench run --plugin ./libstream_pair.so --transport rust-socketpair,socketpair

mod ipcbench;

use std::io::{self, Read, Write};
use std::os::raw::c_int;
use std::os::unix::io::{AsRawFd, OwnedFd};
use std::os::unix::net::UnixStream;

use ipcbench::{Asked, EndpointOps, Info, Library, Place, Program, Seat, Transport};

/// The objects of a launch, in the host process.
struct Ends([Option<UnixStream>; 2]); // by role; None once they are in a ticket

impl ipcbench::Session for Ends {
    fn create(_program: &Program, asked: &Asked) -> io::Result<Self> {
        let (producer, consumer) = UnixStream::pair()?;
        for end in [&producer, &consumer] {
            end.set_nonblocking(asked.wait == ipcbench::SPIN)?;
        }
        Ok(Ends([Some(producer), Some(consumer)]))
    }

    /// Gives the end away: one that stays open here would hide a worker's death.
    fn ticket(&mut self, program: &Program, place: Place) -> io::Result<()> {
        let end = self.0[place.role as usize].take().expect("a ticket for each role, once");
        program.put_descriptor("socket", OwnedFd::from(end))
    }
}

/// An open side, in a worker.
struct Side(UnixStream);

impl ipcbench::Stream for Side {
    fn join(program: &Program, _seat: &Seat) -> io::Result<Self> {
        Ok(Side(UnixStream::from(program.take_descriptor("socket")?)))
    }
    fn write_some(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }
    fn read_some(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.0.read(bytes)
    }
    fn watched(&self) -> c_int {
        self.0.as_raw_fd()
    }
}

static INFO: Info = Info {
    family: ipcbench::text("example\0"),
    waits: ipcbench::BLOCK | ipcbench::SPIN,
    traits: ipcbench::SEES_PEER_CLOSE | ipcbench::POLLABLE | ipcbench::TWO_WAY_OBJECT,
    ..ipcbench::info_of_stream(
        "rust-socketpair\0",
        "the Rust example: a pair of connected UNIX stream sockets\0",
        "std::os::unix::net\0",
    )
};
static OPS: EndpointOps = ipcbench::stream_ops::<Side>();
static TRANSPORT: Transport = ipcbench::transport::<Ends, Side>(&INFO, &OPS);
static TRANSPORTS: [&Transport; 1] = [&TRANSPORT];
static LIBRARY: Library =
    Library { abi: ipcbench::ABI, count: 1, version: ipcbench::text("1.0\0"), transports: TRANSPORTS.as_ptr() };

#[no_mangle]
pub extern "C" fn ipcbench_plugin() -> *const Library {
    &LIBRARY
}
