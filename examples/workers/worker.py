#!/usr/bin/env python3
"""A foreign worker in Python: consumes and answers messages over mechanisms that the standard library knows.

    ipcbench run --worker 'python3 examples/workers/worker.py' --transport python-pipe,pipe --placement same-cpu

The lines on descriptor 3 and the payload are described in docs/foreign-workers.md.
"""
import json
import os
import platform
import socket
import sys

GAMMA, STEP, MASK = 0x9E3779B97F4A7C15, 0xD1342543DE82EF95, (1 << 64) - 1
FACTS = {
    "protocol": 1,
    "name": "python",
    "version": "1.0",
    "subject": "CPython " + platform.python_version(),
    "language": "Python",
    "transports": ["pipe", "fifo", "socketpair", "unix-stream", "unix-seqpacket", "tcp"],
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


def open_side(transport, ticket):
    """Opens the consumer's side, from what its ticket holds."""
    text, descriptors = ticket["text"], ticket["descriptors"]
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
    side = open_side(task["transport"], task["ticket"])
    tell({"open": True})
    line = orders.readline()
    if line:
        serve(orders, side, json.loads(line)["loop"])


if __name__ == "__main__":
    try:
        main()
    except (BrokenPipeError, ConnectionError, EOFError) as error:
        print(error, file=sys.stderr)  # the producer has gone: the launch is over
