// Bare reference for ping-pong/tcp/block: blocking round trips over TCP on 127.0.0.1 with TCP_NODELAY.

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "tests/fidelity/bare.h"

static void put(int fd, char* message, size_t size, uint64_t key, uint64_t number) {
  bare_write_words(message, size, key, number);
  for (size_t done = 0; done < size;) {
    const ssize_t n = write(fd, message + done, size - done);
    if (n <= 0) bare_fail("write to the socket");
    done += (size_t)n;
  }
}

static void take(int fd, char* message, size_t size, uint64_t key, uint64_t number) {
  for (size_t done = 0; done < size;) {
    const ssize_t n = read(fd, message + done, size - done);
    if (n <= 0) bare_fail("read from the socket");
    done += (size_t)n;
  }
  bare_check_words(message, size, key, number);
}

static void producer(struct bare* b, int peer) {
  char* const sent = bare_buffer(b->size);
  char* const received = bare_buffer(b->size);
  const uint64_t mine = bare_key(b, PRODUCER), theirs = bare_key(b, CONSUMER);
  uint64_t number = 0;
  bare_canary(b, 0, PRODUCER);

  for (uint64_t i = 0; i < b->warmup; ++i, ++number) {
    put(peer, sent, b->size, mine, number);
    take(peer, received, b->size, theirs, number);
  }

  b->results->block_begin = bare_begin(b);
  for (uint64_t i = 0; i < b->messages; ++i, ++number) {
    put(peer, sent, b->size, mine, number);
    take(peer, received, b->size, theirs, number);
  }
  b->results->block_end = bare_end(b);

  for (uint64_t i = 0; i < b->messages; ++i, ++number) {
    const uint64_t begin = bare_begin(b);
    put(peer, sent, b->size, mine, number);
    take(peer, received, b->size, theirs, number);
    b->results->stamped[i] = bare_end(b) - begin;
  }
  bare_canary(b, 1, PRODUCER);
}

static void consumer(struct bare* b, int peer) {
  char* const sent = bare_buffer(b->size);
  char* const received = bare_buffer(b->size);
  const uint64_t mine = bare_key(b, CONSUMER), theirs = bare_key(b, PRODUCER);
  const uint64_t all = b->warmup + 2 * b->messages;
  bare_canary(b, 0, CONSUMER);
  for (uint64_t number = 0; number < all; ++number) {
    take(peer, received, b->size, theirs, number);
    put(peer, sent, b->size, mine, number);
  }
  bare_canary(b, 1, CONSUMER);
}

static void send_at_once(int peer) {
  const int on = 1;
  if (setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0) bare_fail("setsockopt TCP_NODELAY");
}

int main(int argc, char** argv) {
  struct bare b = bare_start("bare-tcp", argc, argv);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
  socklen_t address_size = sizeof address;
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (listener < 0) bare_fail("socket AF_INET");
  if (bind(listener, (struct sockaddr*)&address, address_size) != 0) bare_fail("bind 127.0.0.1");
  if (listen(listener, 1) != 0) bare_fail("listen");
  if (getsockname(listener, (struct sockaddr*)&address, &address_size) != 0) bare_fail("getsockname");

  if (bare_fork(&b, PRODUCER) == 0) {
    close(listener);
    const int peer = socket(AF_INET, SOCK_STREAM, 0);
    if (peer < 0) bare_fail("socket AF_INET");
    if (connect(peer, (struct sockaddr*)&address, address_size) != 0) bare_fail("connect");
    send_at_once(peer);
    producer(&b, peer);
    _exit(0);
  }
  if (bare_fork(&b, CONSUMER) == 0) {
    const int peer = accept(listener, NULL, NULL);
    if (peer < 0) bare_fail("accept");
    close(listener);
    send_at_once(peer);
    consumer(&b, peer);
    _exit(0);
  }
  close(listener);
  return bare_finish(&b);
}
