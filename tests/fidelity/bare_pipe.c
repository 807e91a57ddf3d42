// Bare reference for ping-pong/pipe/block: blocking round trips over two pipes.

#include "tests/fidelity/bare.h"

static void put(int fd, char* message, size_t size, uint64_t key, uint64_t number) {
  bare_write_words(message, size, key, number);
  for (size_t done = 0; done < size;) {
    const ssize_t n = write(fd, message + done, size - done);
    if (n <= 0) bare_fail("write to the pipe");
    done += (size_t)n;
  }
}

static void take(int fd, char* message, size_t size, uint64_t key, uint64_t number) {
  for (size_t done = 0; done < size;) {
    const ssize_t n = read(fd, message + done, size - done);
    if (n <= 0) bare_fail("read from the pipe");
    done += (size_t)n;
  }
  bare_check_words(message, size, key, number);
}

static void producer(struct bare* b, int in, int out) {
  char* const sent = bare_buffer(b->size);
  char* const received = bare_buffer(b->size);
  const uint64_t mine = bare_key(b, PRODUCER), theirs = bare_key(b, CONSUMER);
  uint64_t number = 0;
  bare_canary(b, 0, PRODUCER);

  for (uint64_t i = 0; i < b->warmup; ++i, ++number) {
    put(out, sent, b->size, mine, number);
    take(in, received, b->size, theirs, number);
  }

  b->results->block_begin = bare_begin(b);
  for (uint64_t i = 0; i < b->messages; ++i, ++number) {
    put(out, sent, b->size, mine, number);
    take(in, received, b->size, theirs, number);
  }
  b->results->block_end = bare_end(b);

  for (uint64_t i = 0; i < b->messages; ++i, ++number) {
    const uint64_t begin = bare_begin(b);
    put(out, sent, b->size, mine, number);
    take(in, received, b->size, theirs, number);
    b->results->stamped[i] = bare_end(b) - begin;
  }
  bare_canary(b, 1, PRODUCER);
}

static void consumer(struct bare* b, int in, int out) {
  char* const sent = bare_buffer(b->size);
  char* const received = bare_buffer(b->size);
  const uint64_t mine = bare_key(b, CONSUMER), theirs = bare_key(b, PRODUCER);
  const uint64_t all = b->warmup + 2 * b->messages;
  bare_canary(b, 0, CONSUMER);
  for (uint64_t number = 0; number < all; ++number) {
    take(in, received, b->size, theirs, number);
    put(out, sent, b->size, mine, number);
  }
  bare_canary(b, 1, CONSUMER);
}

int main(int argc, char** argv) {
  struct bare b = bare_start("bare-pipe", argc, argv);
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
