// Bare reference for ping-pong/sysv-mq/block: blocking round trips over one System V message queue with a type for each
// direction.

#include <sys/ipc.h>
#include <sys/msg.h>

#include "tests/fidelity/bare.h"

enum message_type { TO_CONSUMER = 1, TO_PRODUCER };

struct message {
  long type;
  char text[];
};

static void put(int queue, struct message* message, size_t size, uint64_t key, uint64_t number) {
  bare_write_words(message->text, size, key, number);
  if (msgsnd(queue, message, size, 0) != 0) bare_fail("msgsnd");
}

static void take(int queue, struct message* message, long type, size_t size, uint64_t key, uint64_t number) {
  bare_check_received(msgrcv(queue, message, size, type, 0), size, "msgrcv");
  bare_check_words(message->text, size, key, number);
}

static struct message* message_buffer(size_t size) { return (void*)bare_buffer(sizeof(struct message) + size); }

static void producer(struct bare* b, int queue) {
  struct message* const sent = message_buffer(b->size);
  struct message* const received = message_buffer(b->size);
  sent->type = TO_CONSUMER;
  const uint64_t mine = bare_key(b, PRODUCER), theirs = bare_key(b, CONSUMER);
  uint64_t number = 0;
  bare_canary(b, 0, PRODUCER);

  for (uint64_t i = 0; i < b->warmup; ++i, ++number) {
    put(queue, sent, b->size, mine, number);
    take(queue, received, TO_PRODUCER, b->size, theirs, number);
  }

  b->results->block_begin = bare_begin(b);
  for (uint64_t i = 0; i < b->messages; ++i, ++number) {
    put(queue, sent, b->size, mine, number);
    take(queue, received, TO_PRODUCER, b->size, theirs, number);
  }
  b->results->block_end = bare_end(b);

  for (uint64_t i = 0; i < b->messages; ++i, ++number) {
    const uint64_t begin = bare_begin(b);
    put(queue, sent, b->size, mine, number);
    take(queue, received, TO_PRODUCER, b->size, theirs, number);
    b->results->stamped[i] = bare_end(b) - begin;
  }
  bare_canary(b, 1, PRODUCER);
}

static void consumer(struct bare* b, int queue) {
  struct message* const sent = message_buffer(b->size);
  struct message* const received = message_buffer(b->size);
  sent->type = TO_PRODUCER;
  const uint64_t mine = bare_key(b, CONSUMER), theirs = bare_key(b, PRODUCER);
  const uint64_t all = b->warmup + 2 * b->messages;
  bare_canary(b, 0, CONSUMER);
  for (uint64_t number = 0; number < all; ++number) {
    take(queue, received, TO_CONSUMER, b->size, theirs, number);
    put(queue, sent, b->size, mine, number);
  }
  bare_canary(b, 1, CONSUMER);
}

static int remove_queue(int queue) { return msgctl(queue, IPC_RMID, NULL); }

int main(int argc, char** argv) {
  struct bare b = bare_start("bare-sysv-mq", argc, argv);
  const int queue = msgget(IPC_PRIVATE, 0600);
  if (queue < 0) bare_fail("msgget");
  pid_t remover;
  const int alive = bare_fork_remover(remove_queue, queue, &remover);
  if (bare_fork(&b, PRODUCER) == 0) {
    producer(&b, queue);
    _exit(0);
  }
  if (bare_fork(&b, CONSUMER) == 0) {
    consumer(&b, queue);
    _exit(0);
  }
  const int status = bare_finish(&b);
  return bare_await_remover(alive, remover) == 0 ? status : 1;
}
