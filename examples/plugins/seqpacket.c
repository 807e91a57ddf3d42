/* A plug-in for ipcbench: a pair of connected SOCK_SEQPACKET sockets, unix(7), in C11.
 *
 *   cc -std=c11 -O2 -fPIC -shared -I/usr/include -o libseqpacket.so seqpacket.c
 *   ipcbench run --plugin ./libseqpacket.so --transport c-seqpacket,unix-seqpacket
 */
#define _GNU_SOURCE
#include <errno.h>
#include <ipcbench/transport.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The objects of a launch, in the host process. */
struct session {
  int ends[2]; /* by ipcbench_role; -1 once they are in a ticket */
};

/* An open side, in a worker. */
struct side {
  int socket;
  int flags; /* of send and recv: how to wait */
};

static int create(const struct ipcbench_program* program, const struct ipcbench_session* asked, void** session) {
  (void)asked;
  struct session* made = malloc(sizeof *made);
  if (made == NULL) return -ENOMEM;
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, made->ends) != 0) {
    const int error = errno;
    free(made);
    program->fail(program, "socketpair");
    return -error;
  }
  *session = made;
  return 0;
}

static int ticket(const struct ipcbench_program* program, void* session, struct ipcbench_place place) {
  struct session* made = session;
  const int end = made->ends[place.role];
  made->ends[place.role] = -1; /* the program's from now on: an end that stays open here would hide a worker's death */
  return program->put_descriptor(program, "socket", end);
}

static void destroy(void* session) {
  struct session* made = session;
  for (int role = 0; role < 2; ++role) {
    if (made->ends[role] >= 0) close(made->ends[role]);
  }
  free(made);
}

static int join(const struct ipcbench_program* program, const struct ipcbench_seat* seat, void** endpoint) {
  struct side* side = malloc(sizeof *side);
  if (side == NULL) return -ENOMEM;
  side->socket = program->take_descriptor(program, "socket");
  side->flags = seat->wait == IPCBENCH_SPIN ? MSG_DONTWAIT : 0;
  if (side->socket < 0) {
    const int error = side->socket;
    free(side);
    return error;
  }
  *endpoint = side;
  return 0;
}

static void close_side(void* endpoint) {
  struct side* side = endpoint;
  close(side->socket);
  free(side);
}

static int send_message(void* endpoint, const void* bytes, size_t size) {
  const struct side* side = endpoint;
  while (send(side->socket, bytes, size, side->flags | MSG_NOSIGNAL) < 0) {
    if (errno == EPIPE || errno == ECONNRESET) return IPCBENCH_CLOSED;
    if (errno != EINTR && errno != EAGAIN) return -errno;
  }
  return 0;
}

static int receive_message(void* endpoint, void* bytes, size_t room, size_t* size) {
  const struct side* side = endpoint;
  ssize_t got;
  /* MSG_TRUNC: the length of the message, even if it is longer than the room. */
  while ((got = recv(side->socket, bytes, room, side->flags | MSG_TRUNC)) < 0) {
    if (errno == ECONNRESET) return IPCBENCH_CLOSED;
    if (errno != EINTR && errno != EAGAIN) return -errno;
  }
  *size = (size_t)got;
  return got == 0 ? IPCBENCH_CLOSED : 0; /* messages have at least one byte */
}

static int watched(const void* endpoint) { return ((const struct side*)endpoint)->socket; }

static const struct ipcbench_info info = {
    .size = sizeof info,
    .name = "c-seqpacket",
    .summary = "the C example: a pair of connected SOCK_SEQPACKET sockets",
    .family = "example",
    .subject = "unix(7)",
    .language = "C",
    .shape = IPCBENCH_MESSAGE,
    .waits = IPCBENCH_BLOCK | IPCBENCH_SPIN,
    .traits = IPCBENCH_SEES_PEER_CLOSE | IPCBENCH_POLLABLE | IPCBENCH_TWO_WAY_OBJECT,
    .largest_message = 65536, /* the send buffer holds a message as a whole */
};

static const struct ipcbench_endpoint_ops ops = {
    .size = sizeof ops,
    .send = send_message,
    .receive = receive_message,
    .watched = watched,
};

static const struct ipcbench_transport seqpacket = {
    .size = sizeof seqpacket,
    .info = &info,
    .ops = &ops,
    .create = create,
    .ticket = ticket,
    .destroy = destroy,
    .join = join,
    .close = close_side,
};

static const struct ipcbench_transport* const transports[] = {&seqpacket};
static const struct ipcbench_library library = {
    .abi = IPCBENCH_ABI,
    .count = 1,
    .version = "1.0",
    .transports = transports,
};

const struct ipcbench_library* ipcbench_plugin(void) { return &library; }
