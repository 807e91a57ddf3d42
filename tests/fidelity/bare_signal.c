// Bare reference for ping-pong/signal/block: round trips by standard signals, SIGUSR1 to the consumer and SIGUSR2 to
// the producer, with a handler that runs in sigsuspend.

#include "tests/fidelity/bare.h"

static volatile sig_atomic_t handled;  // since take() began

static void handle(int number) {
  (void)number;
  ++handled;
}

static void put(pid_t peer, int number) {
  if (kill(peer, number) != 0) bare_fail("kill");
}

// The signal is blocked except while the process sleeps, so that none is missed.
static void take(const sigset_t* while_asleep) {
  handled = 0;
  while (handled == 0) sigsuspend(while_asleep);
  if (handled != 1) {
    errno = 0;
    bare_fail("more than one signal");
  }
}

static void producer(struct bare* b, pid_t peer, const sigset_t* while_asleep) {
  bare_canary(b, 0, PRODUCER);

  for (uint64_t i = 0; i < b->warmup; ++i) {
    put(peer, SIGUSR1);
    take(while_asleep);
  }

  b->results->block_begin = bare_begin(b);
  for (uint64_t i = 0; i < b->messages; ++i) {
    put(peer, SIGUSR1);
    take(while_asleep);
  }
  b->results->block_end = bare_end(b);

  for (uint64_t i = 0; i < b->messages; ++i) {
    const uint64_t begin = bare_begin(b);
    put(peer, SIGUSR1);
    take(while_asleep);
    b->results->stamped[i] = bare_end(b) - begin;
  }
  bare_canary(b, 1, PRODUCER);
}

static void consumer(struct bare* b, pid_t peer, const sigset_t* while_asleep) {
  const uint64_t all = b->warmup + 2 * b->messages;
  bare_canary(b, 0, CONSUMER);
  for (uint64_t i = 0; i < all; ++i) {
    take(while_asleep);
    put(peer, SIGUSR2);
  }
  bare_canary(b, 1, CONSUMER);
}

int main(int argc, char** argv) {
  struct bare b = bare_start_without_payload("bare-signal", argc, argv);
  const struct sigaction action = {.sa_handler = handle};
  sigset_t both, while_asleep;
  sigemptyset(&both);
  sigaddset(&both, SIGUSR1);
  sigaddset(&both, SIGUSR2);
  // Before the fork, so that no signal reaches a side that isn't ready.
  if (sigprocmask(SIG_BLOCK, &both, &while_asleep) != 0) bare_fail("sigprocmask");
  sigdelset(&while_asleep, SIGUSR1);
  sigdelset(&while_asleep, SIGUSR2);
  if (sigaction(SIGUSR1, &action, NULL) != 0 || sigaction(SIGUSR2, &action, NULL) != 0) bare_fail("sigaction");

  int told[2];  // tells the first child who the second one is
  if (pipe(told) != 0) bare_fail("pipe");
  if (bare_fork(&b, PRODUCER) == 0) {
    close(told[1]);
    pid_t peer;
    errno = 0;
    if (read(told[0], &peer, sizeof peer) != (ssize_t)sizeof peer) bare_fail("read of the peer's pid");
    close(told[0]);
    producer(&b, peer, &while_asleep);
    _exit(0);
  }
  close(told[0]);
  if (bare_fork(&b, CONSUMER) == 0) {
    close(told[1]);
    consumer(&b, b.children[PRODUCER], &while_asleep);
    _exit(0);
  }
  if (write(told[1], &b.children[CONSUMER], sizeof(pid_t)) != (ssize_t)sizeof(pid_t)) bare_fail("write of a pid");
  close(told[1]);
  return bare_finish(&b);
}
