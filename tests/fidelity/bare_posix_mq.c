// Bare reference for ping-pong/posix-mq/block: blocking round trips over two POSIX message queues of the host's default
// depth.

#include <fcntl.h>
#include <mqueue.h>

#include "tests/fidelity/bare.h"

static void put(mqd_t queue, char* message, size_t size, uint64_t key, uint64_t number) {
  bare_write_words(message, size, key, number);
  if (mq_send(queue, message, size, 0) != 0) bare_fail("mq_send");
}

static void take(mqd_t queue, char* message, size_t size, uint64_t key, uint64_t number) {
  bare_check_received(mq_receive(queue, message, size, NULL), size, "mq_receive");
  bare_check_words(message, size, key, number);
}

static void producer(struct bare* b, mqd_t in, mqd_t out) {
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

static void consumer(struct bare* b, mqd_t in, mqd_t out) {
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

struct queue {
  mqd_t reading, writing;
};

static long sysctl_value(const char* path) {
  long value = 10;  // the kernel's default of both
  FILE* const file = fopen(path, "r");
  if (file == NULL) return value;
  if (fscanf(file, "%ld", &value) != 1) bare_fail(path);
  fclose(file);
  return value;
}

// Both descriptions are open, so that the name isn't needed any more.
static struct queue make_queue(const char* direction, size_t size) {
  const long depth = sysctl_value("/proc/sys/fs/mqueue/msg_default"),
             most = sysctl_value("/proc/sys/fs/mqueue/msg_max");
  struct mq_attr attributes = {.mq_maxmsg = depth < most ? depth : most, .mq_msgsize = (long)size};
  char name[64];
  snprintf(name, sizeof name, "/ipcbench-bare-%d-%s", (int)getpid(), direction);
  struct queue queue;
  queue.reading = mq_open(name, O_RDONLY | O_CREAT | O_EXCL, 0600, &attributes);
  if (queue.reading < 0) bare_fail("mq_open of a new queue");
  queue.writing = mq_open(name, O_WRONLY);
  mq_unlink(name);
  if (queue.writing < 0) bare_fail("mq_open");
  return queue;
}

static void close_queue(const struct queue* queue) {
  mq_close(queue->reading);
  mq_close(queue->writing);
}

int main(int argc, char** argv) {
  struct bare b = bare_start("bare-posix-mq", argc, argv);
  const struct queue forward = make_queue("forward", b.size), backward = make_queue("backward", b.size);
  if (bare_fork(&b, PRODUCER) == 0) {
    mq_close(forward.reading);
    mq_close(backward.writing);
    producer(&b, backward.reading, forward.writing);
    _exit(0);
  }
  if (bare_fork(&b, CONSUMER) == 0) {
    mq_close(backward.reading);
    mq_close(forward.writing);
    consumer(&b, forward.reading, backward.writing);
    _exit(0);
  }
  close_queue(&forward);
  close_queue(&backward);
  return bare_finish(&b);
}
