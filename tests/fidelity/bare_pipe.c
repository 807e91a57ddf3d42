// Bare reference for ping-pong/pipe/block: blocking round trips over two pipes. With BARE_URING it is the one for
// ping-pong/pipe/io-uring, by liburing: each read and write is submitted and waited for by one call.

#include "tests/fidelity/bare.h"

#if defined(BARE_URING)
#include <liburing.h>

static struct io_uring ring;  // of this process

static void open_ring(void) {
  struct io_uring_params params = {.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN};
  int refused = io_uring_queue_init_params(1, &ring, &params);
  if (refused == -EINVAL) refused = io_uring_queue_init(1, &ring, 0);  // before Linux 6.1
  errno = -refused;
  if (refused != 0) bare_fail("io_uring_queue_init");
}

// Returns the result of the operation that has been prepared; errno as after a call.
static ssize_t finish(void) {
  struct io_uring_cqe* cqe;
  int failed;
  do failed = io_uring_submit_and_wait(&ring, 1);
  while (failed == -EINTR);
  if (failed >= 0) failed = io_uring_peek_cqe(&ring, &cqe);
  const int result = failed < 0 ? failed : cqe->res;
  if (failed >= 0) io_uring_cqe_seen(&ring, cqe);
  errno = result < 0 ? -result : 0;
  return result;
}

static ssize_t write_bytes(int fd, const void* from, size_t size) {
  io_uring_prep_write(io_uring_get_sqe(&ring), fd, from, (unsigned)size, (__u64)-1);
  return finish();
}

static ssize_t read_bytes(int fd, void* to, size_t size) {
  io_uring_prep_read(io_uring_get_sqe(&ring), fd, to, (unsigned)size, (__u64)-1);
  return finish();
}
#else
static void open_ring(void) {}
static ssize_t write_bytes(int fd, const void* from, size_t size) { return write(fd, from, size); }
static ssize_t read_bytes(int fd, void* to, size_t size) { return read(fd, to, size); }
#endif

static void put(int fd, char* message, size_t size, uint64_t key, uint64_t number) {
  bare_write_words(message, size, key, number);
  for (size_t done = 0; done < size;) {
    const ssize_t n = write_bytes(fd, message + done, size - done);
    if (n <= 0) bare_fail("write to the pipe");
    done += (size_t)n;
  }
}

static void take(int fd, char* message, size_t size, uint64_t key, uint64_t number) {
  for (size_t done = 0; done < size;) {
    const ssize_t n = read_bytes(fd, message + done, size - done);
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
  struct bare b = bare_start(BARE_NAME, argc, argv);
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
