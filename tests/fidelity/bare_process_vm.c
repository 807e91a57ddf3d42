// Bare reference for ping-pong/process-vm/block: blocking round trips of messages that the receiver copies out of the
// sender's memory, announced by two pipes.

#include <sys/uio.h>

#include "tests/fidelity/bare.h"

// One side: its pipes, the message that the peer copies, its copy of the peer's, and where the peer has that.
struct side {
  int in, out;
  char *sent, *received;
  pid_t peer;
  void* peer_sent;
};

struct introduction {
  pid_t pid;
  void* sent;
};

static void take_whole(int fd, void* to, size_t size) {
  bare_check_received(read(fd, to, size), size, "read from the pipe");
}

static void put(struct side* s, size_t size, uint64_t key, uint64_t number) {
  const uint64_t announced = size;
  bare_write_words(s->sent, size, key, number);
  if (write(s->out, &announced, sizeof announced) != sizeof announced) bare_fail("write to the pipe");
}

static void take(struct side* s, size_t size, uint64_t key, uint64_t number) {
  uint64_t announced;
  take_whole(s->in, &announced, sizeof announced);
  const struct iovec here = {.iov_base = s->received, .iov_len = announced};
  const struct iovec there = {.iov_base = s->peer_sent, .iov_len = announced};
  if (announced > size) bare_check_received((ssize_t)announced, size, "announced");
  bare_check_received(process_vm_readv(s->peer, &here, 1, &there, 1, 0), size, "process_vm_readv");
  bare_check_words(s->received, size, key, number);
}

static struct side open_side(const struct bare* b, int in, int out) {
  struct side s = {.in = in, .out = out, .sent = bare_buffer(b->size), .received = bare_buffer(b->size)};
  const struct introduction mine = {.pid = getpid(), .sent = s.sent};
  struct introduction theirs;
  // Where Yama lets ancestors alone read another's memory, this lets the peer. Other kernels don't know it.
  if (prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0) != 0 && errno != EINVAL) bare_fail("prctl PR_SET_PTRACER");
  if (write(out, &mine, sizeof mine) != sizeof mine) bare_fail("write to the pipe");
  take_whole(in, &theirs, sizeof theirs);
  s.peer = theirs.pid;
  s.peer_sent = theirs.sent;
  return s;
}

static void producer(struct bare* b, int in, int out) {
  struct side s = open_side(b, in, out);
  const uint64_t mine = bare_key(b, PRODUCER), theirs = bare_key(b, CONSUMER);
  uint64_t number = 0;
  bare_canary(b, 0, PRODUCER);

  for (uint64_t i = 0; i < b->warmup; ++i, ++number) {
    put(&s, b->size, mine, number);
    take(&s, b->size, theirs, number);
  }

  b->results->block_begin = bare_begin(b);
  for (uint64_t i = 0; i < b->messages; ++i, ++number) {
    put(&s, b->size, mine, number);
    take(&s, b->size, theirs, number);
  }
  b->results->block_end = bare_end(b);

  for (uint64_t i = 0; i < b->messages; ++i, ++number) {
    const uint64_t begin = bare_begin(b);
    put(&s, b->size, mine, number);
    take(&s, b->size, theirs, number);
    b->results->stamped[i] = bare_end(b) - begin;
  }
  bare_canary(b, 1, PRODUCER);
}

static void consumer(struct bare* b, int in, int out) {
  struct side s = open_side(b, in, out);
  const uint64_t mine = bare_key(b, CONSUMER), theirs = bare_key(b, PRODUCER);
  const uint64_t all = b->warmup + 2 * b->messages;
  char end;
  bare_canary(b, 0, CONSUMER);
  for (uint64_t number = 0; number < all; ++number) {
    take(&s, b->size, theirs, number);
    put(&s, b->size, mine, number);
  }
  bare_canary(b, 1, CONSUMER);
  // The last answer is in this process's memory: the producer has copied it when it closes its pipe.
  if (read(in, &end, 1) != 0) bare_fail("read the end of the pipe");
}

int main(int argc, char** argv) {
  struct bare b = bare_start("bare-process-vm", argc, argv);
  int forward[2], backward[2];  // read end, write end
  if (pipe(forward) != 0 || pipe(backward) != 0) bare_fail("pipe");
  if (bare_fork(&b, PRODUCER) == 0) {
    close(forward[0]);
    close(backward[1]);
    producer(&b, backward[0], forward[1]);
    _exit(0);
  }
  if (bare_fork(&b, CONSUMER) == 0) {
    close(backward[0]);
    close(forward[1]);
    consumer(&b, forward[0], backward[1]);
    _exit(0);
  }
  for (int end = 0; end < 2; ++end) {
    close(forward[end]);
    close(backward[end]);
  }
  return bare_finish(&b);
}
