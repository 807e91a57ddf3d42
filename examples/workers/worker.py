#!/usr/bin/env python3
"""A foreign worker in Python: consumes and answers messages over mechanisms that the standard library knows.

    ipcbench run --worker 'python3 examples/workers/worker.py' --transport python-pipe,pipe --placement same-cpu

The lines on descriptor 3 and the payload are described in docs/foreign-workers.md.
"""
import ctypes
import json
import mmap
import os
import platform
import select
import socket
import sys
import threading

GAMMA, STEP, MASK = 0x9E3779B97F4A7C15, 0xD1342543DE82EF95, (1 << 64) - 1
FACTS = {
    "protocol": 1,
    "name": "python",
    "version": "1.0",
    "subject": "CPython " + platform.python_version(),
    "language": "Python",
    "transports": ["pipe", "fifo", "socketpair", "unix-stream", "unix-seqpacket", "tcp"]
    + (["posix-shm", "memfd"] if platform.machine() == "x86_64" else []),  # see fence()
    "waits": ["block"],
    "payload": "touched",
}


class Payload:
    """Writes and checks the words of messages of one size, from one writer."""

    def __init__(self, key, words, size):
        self.key = int(key, 16)
        stride = 8 if words == "full" else 64
        count = 1 if words == "header" else (size - 1) // stride + 1
        # Where each word lies; the last one is cut at the message's end.
        self.places = [(n * STEP, n * stride, min(n * stride + 8, size)) for n in range(count)]

    def write(self, message, sequence):
        first = self.key + sequence * GAMMA
        for step, begin, end in self.places:
            message[begin:end] = ((first + step) & MASK).to_bytes(8, "little")[: end - begin]

    def is_intact(self, message, sequence):
        first = self.key + sequence * GAMMA
        return all(
            message[begin:end] == ((first + step) & MASK).to_bytes(8, "little")[: end - begin]
            for step, begin, end in self.places
        )


class Stream:
    """Messages over descriptors without boundaries."""

    def __init__(self, incoming, outgoing):
        self.incoming, self.outgoing = incoming, outgoing

    def receive(self, message):
        view = memoryview(message)
        while view:
            size = os.readv(self.incoming, [view])
            if size == 0:
                raise EOFError("the producer has closed its side")
            view = view[size:]

    def send(self, message):
        view = memoryview(message)
        while view:
            view = view[os.write(self.outgoing, view):]


class Messages(Stream):
    """Messages with boundaries."""

    def receive(self, message):
        size = os.readv(self.incoming, [message])
        if size != len(message):
            raise EOFError(f"{size} bytes came where a message has {len(message)}")


LIBC = ctypes.CDLL(None)  # multiprocessing's semaphores have no name that an unrelated process could open
FENCE = threading.Lock()


def fence():
    """Keeps a store before it apart from a load after it, as x86-64's locked instructions do; Python has no fences."""
    with FENCE:
        pass


def called(result, what):
    if result != 0:
        raise OSError(f"{what} returned {result}")


class FutexWake:
    """Sleeps on the word itself, while it is 1."""

    def __init__(self, word, peer):
        self.word, self.peer = ctypes.c_void_p(word), ctypes.c_void_p(peer)

    def sleep(self):
        LIBC.syscall(202, self.word, 0, 1, None)

    def wake(self):
        LIBC.syscall(202, self.peer, 1, 1)


class SemaphoreWake:
    """Sleeps on a POSIX semaphore, 8 bytes behind the word; who sleeps there makes it."""

    def __init__(self, word, peer):
        self.own, self.peer = ctypes.c_void_p(word + 8), ctypes.c_void_p(peer + 8)
        called(LIBC.sem_init(self.own, 1, 0), "sem_init")

    def sleep(self):
        LIBC.sem_wait(self.own)  # a signal may end it: the caller looks again

    def wake(self):
        called(LIBC.sem_post(self.peer), "sem_post")


class EventfdWake:
    """Sleeps on an eventfd."""

    def __init__(self, own, peer):
        self.own, self.peer = own, peer

    def sleep(self):
        os.read(self.own, 8)

    def wake(self):
        os.write(self.peer, b"\1\0\0\0\0\0\0\0")


class Ring:
    """One direction of a channel in shared memory: docs/foreign-workers.md, "Shared memory"."""

    def __init__(self, memory, ticket, options, writer):
        shape = {name[5:]: int(value) for name, value in ticket["text"].items() if name.startswith("ring-")}
        self.memory = memory
        self.words = memoryview(memory).cast("Q")
        self.flags = memoryview(memory).cast("I")
        self.blocks, self.block_slots = shape["blocks"], shape["block-slots"]
        self.stride, self.offset, self.room = shape["stride"], shape["payload-offset"], shape["slot-payload"]
        self.state = writer * 512
        self.slots = 1024 + writer * shape["opposite"]
        self.fills = [0] * self.blocks
        self.slot = self.end = 0
        self.entered = 0  # blocks
        own, peer = (256, 384) if writer == 0 else (384, 256)  # where the reader and the writer sleep
        self.own, self.peer = (self.state + own) // 4, (self.state + peer) // 4
        if options["wake"] == "eventfd":
            wakes = [ticket["descriptors"][f"wake-in-{2 * writer + role}"] for role in (1, 0)]
            self.wait = EventfdWake(*wakes)
        else:
            base = ctypes.addressof(ctypes.c_char.from_buffer(memory)) + self.state
            self.wait = {"futex": FutexWake, "posix-sem": SemaphoreWake}[options["wake"]](base + own, base + peer)

    def enter(self, block):
        self.entered += 1
        self.fills[block] += 1
        self.slot = self.slots + block * self.block_slots * self.stride
        self.end = self.slot + self.block_slots * self.stride
        self.tag = self.fills[block] & 0xFFFFFFFF

    def wait_until(self, is_ready):
        while not is_ready():
            self.flags[self.own] = 1
            fence()
            if not is_ready():
                self.wait.sleep()
            self.flags[self.own] = 0

    def announce(self, place, value):
        self.words[place // 8] = value
        fence()
        if self.flags[self.peer]:
            self.flags[self.peer] = 0
            self.wait.wake()


class RingReader(Ring):
    """Receives; it tells the writer what it has read after each block, and before it sleeps."""

    def __init__(self, memory, ticket, options):
        super().__init__(memory, ticket, options, writer=0)
        self.consumed = self.published = 0

    def receive(self, message):
        at, more, size = 0, True, len(message)
        while more:
            if self.slot == self.end:
                entry = (self.state + 128) // 8 + self.entered % 16
                self.wait_for(lambda: self.words[entry] >> 8 == self.entered + 1)
                self.enter(self.words[entry] & 0xFF)
            place, tag = self.slot // 8, self.tag
            self.wait_for(lambda: self.words[place] >> 32 == tag)
            length, more = self.words[place] & 0x7FFFFFFF, self.words[place] >> 31 & 1
            payload = self.slot + self.offset
            message[at : at + length] = self.memory[payload : payload + length]
            at += length
            self.slot += self.stride
            self.consumed += 1
            if self.slot == self.end:
                self.publish()
        if at != size:
            raise EOFError(f"{at} bytes came where a message has {size}")

    def wait_for(self, is_ready):
        if not is_ready():
            self.publish()
            self.wait_until(is_ready)

    def publish(self):
        if self.published != self.consumed:
            self.published = self.consumed
            self.announce(self.state, self.consumed)


class RingWriter(Ring):
    """Sends; it fills the blocks in a circle."""

    def __init__(self, memory, ticket, options):
        super().__init__(memory, ticket, options, writer=1)

    def send(self, message):
        for at in range(0, len(message), self.room):
            part = message[at : at + self.room]
            if self.slot == self.end:
                needed = (self.entered - self.blocks + 1) * self.block_slots
                self.wait_until(lambda: self.words[self.state // 8] >= needed)
                number, block = self.entered, self.entered % self.blocks
                self.enter(block)
                self.words[(self.state + 128) // 8 + number % 16] = (number + 1) << 8 | block
            payload = self.slot + self.offset
            self.memory[payload : payload + len(part)] = part
            more = at + self.room < len(message)
            slot, self.slot = self.slot, self.slot + self.stride
            self.announce(slot, self.tag << 32 | more << 31 | len(part))


class Rings:
    """A channel in shared memory. It doesn't see its peer's end: a thread ends the process with descriptor 3."""

    def __init__(self, transport, ticket, options):
        if options["wake"] not in ("futex", "posix-sem", "eventfd"):
            tell({"error": f"wake={options['wake']} isn't known here: futex, posix-sem or eventfd"})
            sys.exit()
        if transport == "memfd":
            descriptor = ticket["descriptors"]["memory"]
        else:  # multiprocessing.shared_memory would start a process, before Python 3.13, that unlinks what isn't its own
            descriptor = os.open("/dev/shm" + ticket["text"]["name"], os.O_RDWR)
        memory = mmap.mmap(descriptor, 0)
        self.receive = RingReader(memory, ticket, options).receive
        self.send = RingWriter(memory, ticket, options).send
        threading.Thread(target=self.end_with_orders, daemon=True).start()

    @staticmethod
    def end_with_orders():
        orders = select.poll()
        orders.register(3, select.POLLRDHUP)
        orders.poll()
        os._exit(0)


def open_side(transport, ticket, options):
    """Opens the consumer's side, from what its ticket holds."""
    text, descriptors = ticket["text"], ticket["descriptors"]
    if transport in ("posix-shm", "memfd"):
        return Rings(transport, ticket, options)
    if transport == "pipe":
        return Stream(descriptors["in"], descriptors["out"])
    if transport == "fifo":
        incoming = os.open(text["forward"], os.O_RDONLY)
        return Stream(incoming, os.open(text["backward"], os.O_WRONLY))
    if transport == "socketpair":
        return Stream(descriptors["socket"], descriptors["socket"])
    listener = socket.socket(fileno=descriptors["listener"])
    connection, _ = listener.accept()
    if transport == "tcp":
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    kind = Messages if transport == "unix-seqpacket" else Stream
    descriptor = connection.detach()
    return kind(descriptor, descriptor)


def serve(orders, side, loop):
    """Carries out orders until there are no more: each is a number of messages."""
    size, answer_size, answers = loop["message_size"], loop["answer_size"], loop["answers"]
    message, answer = bytearray(size), bytearray(answer_size)
    received = Payload(loop["payload"]["received"], loop["payload"]["words"], size)
    sent = Payload(loop["payload"]["sent"], loop["payload"]["words"], answer_size)
    sequence = 0
    for line in orders:
        count = json.loads(line)["messages"]
        for sequence in range(sequence, sequence + count):
            side.receive(message)
            if not received.is_intact(message, sequence):
                tell({"wrong": sequence})
                return
            if answers:
                sent.write(answer, sequence)
                side.send(answer)
        sequence += 1 if count else 0
        tell({"done": count})


def tell(said):
    os.write(3, json.dumps(said).encode() + b"\n")


def main():
    orders = os.fdopen(os.dup(3), "r", encoding="utf-8")
    task = json.loads(orders.readline())
    if task["protocol"] != FACTS["protocol"]:
        return tell({"error": f"protocol {task['protocol']} is not known"})
    if task["task"] == "describe":
        return tell(FACTS)
    side = open_side(task["transport"], task["ticket"], task["options"])
    tell({"open": True})
    line = orders.readline()
    if line:
        serve(orders, side, json.loads(line)["loop"])


if __name__ == "__main__":
    try:
        main()
    except (BrokenPipeError, ConnectionError, EOFError) as error:
        print(error, file=sys.stderr)  # the producer has gone: the launch is over
