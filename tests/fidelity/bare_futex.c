// Bare reference for ping-pong/futex/block: blocking round trips by a counter and a futex in shared memory for each
// direction. The kernel is called only to sleep and to wake a sleeper.

#include <linux/futex.h>
#include <sys/syscall.h>

#include "tests/fidelity/bare.h"

struct way {
  _Alignas(128) uint64_t notified;  // so far
  uint32_t sleeps;                  // the futex; 1: the waiter sleeps or is about to
};

// Each side changes its word and then reads the other's: either the notifier sees the sleeper, or the sleeper the
// number.
static void put(struct way* out, uint64_t number) {
  __atomic_store_n(&out->notified, number + 1, __ATOMIC_SEQ_CST);
  if (__atomic_load_n(&out->sleeps, __ATOMIC_SEQ_CST) == 0) return;
  __atomic_store_n(&out->sleeps, 0, __ATOMIC_SEQ_CST);
  if (syscall(SYS_futex, &out->sleeps, FUTEX_WAKE, 1, NULL, NULL, 0) < 0) bare_fail("FUTEX_WAKE");
}

static void take(struct way* in, uint64_t number) {
  while (__atomic_load_n(&in->notified, __ATOMIC_SEQ_CST) == number) {
    __atomic_store_n(&in->sleeps, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&in->notified, __ATOMIC_SEQ_CST) == number &&
        syscall(SYS_futex, &in->sleeps, FUTEX_WAIT, 1, NULL, NULL, 0) != 0 && errno != EAGAIN && errno != EINTR)
      bare_fail("FUTEX_WAIT");
    __atomic_store_n(&in->sleeps, 0, __ATOMIC_RELAXED);
  }
  if (__atomic_load_n(&in->notified, __ATOMIC_RELAXED) != number + 1) {
    errno = 0;
    bare_fail("more than one notification");
  }
}

static void producer(struct bare* b, struct way* in, struct way* out) {
  uint64_t number = 0;
  bare_canary(b, 0, PRODUCER);

  for (uint64_t i = 0; i < b->warmup; ++i, ++number) {
    put(out, number);
    take(in, number);
  }

  b->results->block_begin = bare_begin(b);
  for (uint64_t i = 0; i < b->messages; ++i, ++number) {
    put(out, number);
    take(in, number);
  }
  b->results->block_end = bare_end(b);

  for (uint64_t i = 0; i < b->messages; ++i, ++number) {
    const uint64_t begin = bare_begin(b);
    put(out, number);
    take(in, number);
    b->results->stamped[i] = bare_end(b) - begin;
  }
  bare_canary(b, 1, PRODUCER);
}

static void consumer(struct bare* b, struct way* in, struct way* out) {
  const uint64_t all = b->warmup + 2 * b->messages;
  bare_canary(b, 0, CONSUMER);
  for (uint64_t number = 0; number < all; ++number) {
    take(in, number);
    put(out, number);
  }
  bare_canary(b, 1, CONSUMER);
}

int main(int argc, char** argv) {
  struct bare b = bare_start_without_payload("bare-futex", argc, argv);
  struct way* const ways = mmap(NULL, 2 * sizeof *ways, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (ways == MAP_FAILED) bare_fail("mmap of the futexes");
  struct way *const forward = &ways[0], *const backward = &ways[1];
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
