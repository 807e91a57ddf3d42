#!/usr/bin/env node
// A foreign worker in JavaScript: consumes and answers messages over Node.js' streams.
//
//   ipcbench run --worker 'node examples/workers/worker.mjs' --transport node-unix-stream,unix-stream
//
// The lines on descriptor 3 and the payload are described in docs/foreign-workers.md.
import net from "node:net";

const GAMMA = 0x9e3779b97f4a7c15n;
const STEP = 0xd1342543de82ef95n;
const FACTS = {
  protocol: 1,
  name: "node",
  version: "1.0",
  subject: `Node.js ${process.versions.node}`,
  language: "JavaScript",
  transports: ["pipe", "unix-stream", "tcp"],
  waits: ["block"],
  payload: "touched",
};

// Writes and checks the words of messages of one size, from one writer.
class Payload {
  constructor(key, words, size) {
    this.key = BigInt(key);
    this.stride = words === "full" ? 8 : 64;
    this.count = words === "header" ? 1 : Math.floor((size - 1) / this.stride) + 1;
    this.word = Buffer.alloc(8);
  }

  // Calls visit(place, word, bytes) for each word; the last one is cut at the message's end.
  visit(size, sequence, visit) {
    let word = this.key + BigInt(sequence) * GAMMA;
    for (let n = 0, at = 0; n < this.count; ++n, at += this.stride, word += STEP) {
      this.word.writeBigUInt64LE(BigInt.asUintN(64, word));
      if (!visit(at, this.word, Math.min(8, size - at))) return false;
    }
    return true;
  }

  write(message, sequence) {
    this.visit(message.length, sequence, (at, word, bytes) => (word.copy(message, at, 0, bytes), true));
  }

  isIntact(message, sequence) {
    return this.visit(message.length, sequence, (at, word, bytes) => message.compare(word, 0, bytes, at, at + bytes) === 0);
  }
}

const orders = new net.Socket({ fd: 3, readable: true, writable: true });
const tell = (said) => orders.write(`${JSON.stringify(said)}\n`);

// Opens the consumer's side, and calls opened(incoming, outgoing).
function openSide(transport, ticket, opened) {
  if (transport === "pipe") {
    const { in: incoming, out: outgoing } = ticket.descriptors;
    opened(new net.Socket({ fd: incoming, readable: true, writable: false }),
           new net.Socket({ fd: outgoing, readable: false, writable: true }));
    return;
  }
  const server = net.createServer((connection) => {
    if (transport === "tcp") connection.setNoDelay(true);
    server.close();
    opened(connection, connection);
  });
  server.listen({ fd: ticket.descriptors.listener });
}

// Carries out orders, each of a number of messages, in the order in which they come.
class Service {
  constructor(outgoing, loop) {
    this.outgoing = outgoing;
    this.loop = loop;
    this.message = Buffer.alloc(loop.message_size);
    this.answer = Buffer.alloc(loop.answer_size);
    this.received = new Payload(loop.payload.received, loop.payload.words, loop.message_size);
    this.sent = new Payload(loop.payload.sent, loop.payload.words, loop.answer_size);
    this.filled = 0;
    this.sequence = 0;
    this.orders = [];
    this.ready = 0;  // messages that no order has been reported for
  }

  order(messages) {
    this.orders.push(messages);
    this.report();
  }

  take(bytes) {
    for (let at = 0; at < bytes.length;) {
      const part = bytes.copy(this.message, this.filled, at);
      at += part;
      this.filled += part;
      if (this.filled < this.message.length) return;
      this.filled = 0;
      this.takeMessage();
    }
  }

  takeMessage() {
    if (!this.received.isIntact(this.message, this.sequence)) return tell({ wrong: this.sequence });
    if (this.loop.answers) {
      this.sent.write(this.answer, this.sequence);
      this.outgoing.write(Buffer.from(this.answer));  // the stream keeps what it hasn't written
    }
    ++this.sequence;
    ++this.ready;
    this.report();
  }

  report() {
    while (this.orders.length > 0 && this.ready >= this.orders[0]) {
      this.ready -= this.orders[0];
      tell({ done: this.orders.shift() });
    }
  }
}

function answerTo(task) {
  if (task.protocol !== FACTS.protocol) return tell({ error: `protocol ${task.protocol} is not known` });
  if (task.task === "describe") return tell(FACTS);
  return openSide(task.transport, task.ticket, (incoming, outgoing) => {
    incoming.pause();
    for (const stream of [incoming, outgoing]) stream.on("error", () => process.exit(0));  // the launch is over
    open = { incoming, outgoing };
    tell({ open: true });
  });
}

let open = null;
let service = null;
let text = "";
orders.on("data", (bytes) => {
  text += bytes;
  const lines = text.split("\n");
  text = lines.pop();
  for (const line of lines.map(JSON.parse)) {
    if (line.task) {
      answerTo(line);
    } else if (line.loop) {
      service = new Service(open.outgoing, line.loop);
      open.incoming.on("data", (part) => service.take(part));
      open.incoming.resume();
    } else {
      service.order(line.messages);
    }
  }
});
orders.on("end", () => process.exit(0));
orders.on("error", () => process.exit(0));
