// Bare reference for ping-pong/unix-stream/block: blocking round trips over a UNIX domain stream socket, connected by
// its path.

#include <sys/socket.h>
#include <sys/un.h>

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

int main(int argc, char** argv) {
  struct bare b = bare_start("bare-unix-stream", argc, argv);
  char directory[] = "/tmp/ipcbench-bare-XXXXXX";
  if (mkdtemp(directory) == NULL) bare_fail("mkdtemp");
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  snprintf(address.sun_path, sizeof address.sun_path, "%s/s", directory);
  const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0) bare_fail("socket AF_UNIX");
  if (bind(listener, (struct sockaddr*)&address, sizeof address) != 0) bare_fail("bind");
  if (listen(listener, 1) != 0) bare_fail("listen");

  if (bare_fork(&b, PRODUCER) == 0) {
    close(listener);
    const int peer = socket(AF_UNIX, SOCK_STREAM, 0);
    if (peer < 0) bare_fail("socket AF_UNIX");
    if (connect(peer, (struct sockaddr*)&address, sizeof address) != 0) bare_fail("connect");
    producer(&b, peer);
    _exit(0);
  }
  if (bare_fork(&b, CONSUMER) == 0) {
    const int peer = accept(listener, NULL, NULL);
    if (peer < 0) bare_fail("accept");
    close(listener);
    unlink(address.sun_path);
    rmdir(directory);
    consumer(&b, peer);
    _exit(0);
  }
  close(listener);
  const int status = bare_finish(&b);
  unlink(address.sun_path);  // still there only if the two never connected
  rmdir(directory);
  return status;
}
