// Bare reference for ping-pong/unix-dgram/block: blocking round trips over two UNIX domain datagram sockets, each bound
// to a path and connected to the other.

#include <sys/socket.h>
#include <sys/un.h>

#include "tests/fidelity/bare.h"

static void put(int peer, char* message, size_t size, uint64_t key, uint64_t number) {
  bare_write_words(message, size, key, number);
  if (send(peer, message, size, 0) < 0) bare_fail("send to the socket");
}

static void take(int peer, char* message, size_t size, uint64_t key, uint64_t number) {
  // MSG_TRUNC returns the message's own length, even if the buffer is shorter.
  bare_check_received(recv(peer, message, size, MSG_TRUNC), size, "recv from the socket");
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

struct side {
  int socket;
  struct sockaddr_un address;
};

static struct side make_side(const char* directory, const char* name) {
  struct side side = {.socket = socket(AF_UNIX, SOCK_DGRAM, 0), .address = {.sun_family = AF_UNIX}};
  if (side.socket < 0) bare_fail("socket AF_UNIX");
  snprintf(side.address.sun_path, sizeof side.address.sun_path, "%s/%s", directory, name);
  return side;
}

static int bind_side(const struct side* side) {
  return bind(side->socket, (const struct sockaddr*)&side->address, sizeof side->address);
}

static int connect_side(const struct side* side, const struct side* other) {
  return connect(side->socket, (const struct sockaddr*)&other->address, sizeof other->address);
}

int main(int argc, char** argv) {
  struct bare b = bare_start("bare-unix-dgram", argc, argv);
  char directory[64];
  snprintf(directory, sizeof directory, "/tmp/ipcbench-bare-%d-XXXXXX", (int)getpid());
  if (mkdtemp(directory) == NULL) bare_fail("mkdtemp");
  const struct side one = make_side(directory, "producer"), two = make_side(directory, "consumer");
  const int met =
      bind_side(&one) == 0 && bind_side(&two) == 0 && connect_side(&one, &two) == 0 && connect_side(&two, &one) == 0;
  const int why = errno;
  // Connected sockets need no names.
  unlink(one.address.sun_path);
  unlink(two.address.sun_path);
  rmdir(directory);
  errno = why;
  if (!met) bare_fail("bind and connect");

  if (bare_fork(&b, PRODUCER) == 0) {
    close(two.socket);
    producer(&b, one.socket);
    _exit(0);
  }
  if (bare_fork(&b, CONSUMER) == 0) {
    close(one.socket);
    consumer(&b, two.socket);
    _exit(0);
  }
  close(one.socket);
  close(two.socket);
  return bare_finish(&b);
}
