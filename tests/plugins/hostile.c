/* A plug-in with one fault: FAULT is its number, NAME its name. Without a fault it carries messages over a pair of
 * connected sockets. */
#define _GNU_SOURCE
#include <errno.h>
#include <ipcbench/transport.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum fault {
  NONE,
  OTHER_ABI,
  NO_RECEIVE,
  TAKEN_NAME,
  CONTROL_CHARACTER,
  NO_LIBRARY,
  UNAVAILABLE,
  REFUSES_CREATE,
  CRASHES_IN_CREATE,
  EXITS_IN_CREATE,
  HANGS_IN_CREATE,
  PRINTS_IN_CREATE,
  FORKS_IN_CREATE,
  LEAKS_IN_CREATE,
  CRASHES_IN_TICKET,
  REFUSES_JOIN,
  CRASHES_IN_JOIN,
  PRINTS_IN_JOIN,
  FORKS_IN_JOIN,
  CRASHES_IN_SEND,
  FAILS_IN_SEND,
  PRINTS_IN_SEND,
  CORRUPTS_IN_SEND,
  REFUSES_TICKET,
  PRINTS_IN_ATTACHED,
  LEAVES_ZOMBIES,
  CRASHES_IN_PROBE,
  PRINTS_IN_PROBE,
  MISSES_A_FILE_IN_PROBE,
  PRINTS_IN_CLOSE
};

static int is(enum fault fault) { return FAULT == (int)fault; }

static void crash(void) { raise(SIGSEGV); }

static void leave_a_child(void) {
  if (fork() != 0) return;
  for (;;) pause();
}

static void leave_a_zombie(void) {
  siginfo_t end;
  const pid_t child = fork();
  if (child == 0) _exit(0);
  waitid(P_PID, (id_t)child, &end, WEXITED | WNOWAIT);
}

static void print(void) {
  printf("hello");
  fflush(stdout);
}

static int ends[2];

static int probe(const struct ipcbench_program* program) {
  if (is(CRASHES_IN_PROBE)) crash();
  if (is(PRINTS_IN_PROBE)) print();
  if (is(MISSES_A_FILE_IN_PROBE)) {
    program->fail(program, "open /dev/moon");
    return -ENOENT;
  }
  if (!is(UNAVAILABLE)) return 0;
  program->fail(program, "the moon is full");
  return -ENOTSUP;
}

static int create(const struct ipcbench_program* program, const struct ipcbench_session* asked, void** session) {
  (void)asked;
  (void)session;
  if (is(CRASHES_IN_CREATE)) crash();
  if (is(EXITS_IN_CREATE)) exit(3);
  if (is(PRINTS_IN_CREATE)) print();
  if (is(FORKS_IN_CREATE)) leave_a_child();
  if (is(LEAVES_ZOMBIES)) leave_a_zombie();
  if (is(LEAKS_IN_CREATE) && dup(2) < 0) return -errno;
  while (is(HANGS_IN_CREATE)) pause();
  if (is(REFUSES_CREATE)) {
    program->fail(program, "no slot");
    return -ENOSPC;
  }
  return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0 ? 0 : -errno;
}

static int ticket(const struct ipcbench_program* program, void* session, struct ipcbench_place place) {
  (void)session;
  if (is(CRASHES_IN_TICKET)) crash();
  if (is(REFUSES_TICKET) && place.role == IPCBENCH_CONSUMER) return -EIO;
  const int end = ends[place.role];
  ends[place.role] = -1;
  return program->put_descriptor(program, "socket", end);
}

static void attached(void* session) {
  (void)session;
  if (is(PRINTS_IN_ATTACHED)) print();
}

static void destroy(void* session) {
  (void)session;
  if (!is(NONE)) fputs("destroyed\n", stderr);
  for (int i = 0; i < 2; ++i) {
    if (ends[i] >= 0) close(ends[i]);
  }
}

/* An endpoint is the number of its socket. */
static int socket_of(const void* endpoint) { return (int)(intptr_t)endpoint; }

static int join(const struct ipcbench_program* program, const struct ipcbench_seat* seat, void** endpoint) {
  (void)seat;
  if (is(CRASHES_IN_JOIN)) crash();
  if (is(PRINTS_IN_JOIN)) print();
  if (is(FORKS_IN_JOIN)) leave_a_child();
  if (is(LEAVES_ZOMBIES)) leave_a_zombie();
  if (is(REFUSES_JOIN)) {
    program->fail(program, "no key");
    return -EACCES;
  }
  const int own = program->take_descriptor(program, "socket");
  *endpoint = (void*)(intptr_t)own;
  return own < 0 ? own : 0;
}

static void close_side(void* endpoint) {
  if (is(PRINTS_IN_CLOSE)) print();
  close(socket_of(endpoint));
}

static int send_message(void* endpoint, const void* bytes, size_t size) {
  const int own = socket_of(endpoint);
  static int sent;
  if (++sent == 50) {
    if (is(CRASHES_IN_SEND)) crash();
    if (is(FAILS_IN_SEND)) return -EIO;
    if (is(PRINTS_IN_SEND)) print();
    if (is(CORRUPTS_IN_SEND)) {
      static char zeros[1 << 16];
      return send(own, zeros, size, MSG_NOSIGNAL) < 0 ? -errno : 0;
    }
  }
  while (send(own, bytes, size, MSG_NOSIGNAL) < 0) {
    if (errno == EPIPE || errno == ECONNRESET) return IPCBENCH_CLOSED;
    if (errno != EINTR) return -errno;
  }
  return 0;
}

static int receive_message(void* endpoint, void* bytes, size_t room, size_t* size) {
  ssize_t got;
  while ((got = recv(socket_of(endpoint), bytes, room, MSG_TRUNC)) < 0) {
    if (errno == ECONNRESET) return IPCBENCH_CLOSED;
    if (errno != EINTR) return -errno;
  }
  *size = (size_t)got;
  return got == 0 ? IPCBENCH_CLOSED : 0;
}

static const struct ipcbench_info info = {
    .size = sizeof info,
    .name = FAULT == TAKEN_NAME ? "pipe" : NAME,
    .summary = FAULT == CONTROL_CHARACTER ? "a summary\nof two lines" : "a plug-in of the tests",
    .subject = "unix(7)",
    .language = "C",
    .shape = IPCBENCH_MESSAGE,
    .waits = IPCBENCH_BLOCK,
    .traits = IPCBENCH_SEES_PEER_CLOSE,
    .largest_message = 65536,
};

static const struct ipcbench_endpoint_ops ops = {
    .size = sizeof ops,
    .send = send_message,
    .receive = FAULT == NO_RECEIVE ? NULL : receive_message,
};

static const struct ipcbench_transport transport = {
    .size = sizeof transport,
    .info = &info,
    .ops = &ops,
    .probe = probe,
    .create = create,
    .ticket = ticket,
    .attached = attached,
    .destroy = destroy,
    .join = join,
    .close = close_side,
};

static const struct ipcbench_transport* const transports[] = {&transport};
static const struct ipcbench_library library = {
    .abi = FAULT == OTHER_ABI ? IPCBENCH_ABI + 1 : IPCBENCH_ABI,
    .count = 1,
    .version = "1.0",
    .transports = transports,
};

const struct ipcbench_library* ipcbench_plugin(void) { return is(NO_LIBRARY) ? NULL : &library; }
