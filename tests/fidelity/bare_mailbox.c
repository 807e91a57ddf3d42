// Lower bound for ping-pong/posix-shm/spin: round trips through two mailboxes in shared memory between two spinning
// CPUs. A mailbox holds one message after its number, which the writer stores last; up to 56 bytes share one cache line
// with it.

#include "tests/fidelity/bare.h"

struct mailbox {
  _Alignas(128) uint64_t number;  // of the current message, from 1
  char message[];
};

static void put(struct mailbox* box, char* message, size_t size, uint64_t key, uint64_t number) {
  bare_write_words(message, size, key, number);
  memcpy(box->message, message, size);
  __atomic_store_n(&box->number, number + 1, __ATOMIC_RELEASE);
}

static void take(const struct mailbox* box, char* message, size_t size, uint64_t key, uint64_t number) {
  while (__atomic_load_n(&box->number, __ATOMIC_ACQUIRE) != number + 1) bare_relax();
  memcpy(message, box->message, size);
  bare_check_words(message, size, key, number);
}

static void producer(struct bare* b, const struct mailbox* in, struct mailbox* out) {
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

static void consumer(struct bare* b, const struct mailbox* in, struct mailbox* out) {
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

// Maps separate pages, so that the two mailboxes share nothing.
static struct mailbox* shared_mailbox(size_t size) {
  void* const at = mmap(NULL, sizeof(struct mailbox) + size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (at == MAP_FAILED) bare_fail("mmap of a mailbox");
  return at;
}

int main(int argc, char** argv) {
  struct bare b = bare_start("bare-mailbox", argc, argv);
  if (b.cpu[PRODUCER] == b.cpu[CONSUMER]) {
    fprintf(stderr, "bare-mailbox: needs two CPUs: on one, each hand-over waits for a scheduler tick\n");
    return 2;
  }
  struct mailbox* const forward = shared_mailbox(b.size);
  struct mailbox* const backward = shared_mailbox(b.size);
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
