// Bare reference for ping-pong/pipe/io-uring: round trips over two pipes, by liburing: each read and write is submitted
// and waited for by one call.

#include <liburing.h>

#include "tests/fidelity/bare.h"

static struct io_uring ring;  // of this process

static void open_ring(void) {
  struct io_uring_params params = {.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN};
  int refused = io_uring_queue_init_params(1, &ring, &params);
  if (refused == -EINVAL) refused = io_uring_queue_init(1, &ring, 0);  // before Linux 6.1
  errno = -refused;
  if (refused != 0) bare_fail("io_uring_queue_init");
}

static size_t finish(const char* call) {
  struct io_uring_cqe* cqe;
  int failed;
  do failed = io_uring_submit_and_wait(&ring, 1);
  while (failed == -EINTR);
  if (failed >= 0) failed = io_uring_peek_cqe(&ring, &cqe);
  if (failed < 0 || cqe->res <= 0) {
    errno = failed < 0 ? -failed : -cqe->res;
    bare_fail(call);
  }
  const size_t n = (size_t)cqe->res;
  io_uring_cqe_seen(&ring, cqe);
  return n;
}

static void put(int fd, char* message, size_t size, uint64_t key, uint64_t number) {
  bare_write_words(message, size, key, number);
  for (size_t done = 0; done < size;) {
    io_uring_prep_write(io_uring_get_sqe(&ring), fd, message + done, (unsigned)(size - done), (__u64)-1);
    done += finish("write to the pipe");
  }
}

static void take(int fd, char* message, size_t size, uint64_t key, uint64_t number) {
  for (size_t done = 0; done < size;) {
    io_uring_prep_read(io_uring_get_sqe(&ring), fd, message + done, (unsigned)(size - done), (__u64)-1);
    done += finish("read from the pipe");
  }
  bare_check_words(message, size, key, number);
}

static void producer(struct bare* b, int in, int out) {
  char* const sent = bare_buffer(b->size);
  char* const received = bare_buffer(b->size);
  const uint64_t mine = bare_key(b, PRODUCER), theirs = bare_key(b, CONSUMER);
  uint64_t number = 0;
  open_ring();
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
  open_ring();
  bare_canary(b, 0, CONSUMER);
  for (uint64_t number = 0; number < all; ++number) {
    take(in, received, b->size, theirs, number);
    put(out, sent, b->size, mine, number);
  }
  bare_canary(b, 1, CONSUMER);
}

int main(int argc, char** argv) {
  struct bare b = bare_start("bare-io-uring", argc, argv);
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
