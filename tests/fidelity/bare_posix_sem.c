// Bare reference for ping-pong/posix-sem/block: blocking round trips by two unnamed POSIX semaphores in shared memory.

#include <semaphore.h>

#include "tests/fidelity/bare.h"

// Padded, so that the two share no cache line.
struct way {
  _Alignas(128) sem_t semaphore;
};

static void put(struct way* out) {
  if (sem_post(&out->semaphore) != 0) bare_fail("sem_post");
}

static void take(struct way* in) {
  if (sem_wait(&in->semaphore) != 0) bare_fail("sem_wait");
}

static void producer(struct bare* b, struct way* in, struct way* out) {
  bare_canary(b, 0, PRODUCER);

  for (uint64_t i = 0; i < b->warmup; ++i) {
    put(out);
    take(in);
  }

  b->results->block_begin = bare_begin(b);
  for (uint64_t i = 0; i < b->messages; ++i) {
    put(out);
    take(in);
  }
  b->results->block_end = bare_end(b);

  for (uint64_t i = 0; i < b->messages; ++i) {
    const uint64_t begin = bare_begin(b);
    put(out);
    take(in);
    b->results->stamped[i] = bare_end(b) - begin;
  }
  bare_canary(b, 1, PRODUCER);
}

static void consumer(struct bare* b, struct way* in, struct way* out) {
  const uint64_t all = b->warmup + 2 * b->messages;
  bare_canary(b, 0, CONSUMER);
  for (uint64_t i = 0; i < all; ++i) {
    take(in);
    put(out);
  }
  bare_canary(b, 1, CONSUMER);
}

int main(int argc, char** argv) {
  struct bare b = bare_start_without_payload("bare-posix-sem", argc, argv);
  struct way* const ways = mmap(NULL, 2 * sizeof *ways, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (ways == MAP_FAILED) bare_fail("mmap of the semaphores");
  struct way *const forward = &ways[0], *const backward = &ways[1];
  if (sem_init(&forward->semaphore, 1, 0) != 0 || sem_init(&backward->semaphore, 1, 0) != 0) bare_fail("sem_init");
  if (bare_fork(&b, PRODUCER) == 0) {
    producer(&b, backward, forward);
    _exit(0);
  }
  if (bare_fork(&b, CONSUMER) == 0) {
    consumer(&b, forward, backward);
    _exit(0);
  }
  return bare_finish(&b);
}
