/* The skeleton of a plug-in for ipcbench, in C11: copy it, and fill in what says TODO. It builds and is listed as it
 * stands; create() then says that it isn't written yet. The header says more of each function and member.
 *
 *   cc -std=c11 -O2 -fPIC -shared -I/usr/include -o libskeleton.so skeleton.c
 *   ipcbench conform --plugin ./libskeleton.so
 */
#include <errno.h>
#include <ipcbench/transport.h>
#include <stddef.h>

/* optional: without it, the transport can run on every host. */
static int probe(const struct ipcbench_program* program) {
  (void)program; /* TODO: program->fail(program, "why not"); return -ENOTSUP; */
  return 0;
}

/* required. Host: makes the objects of a launch. */
static int create(const struct ipcbench_program* program, const struct ipcbench_session* asked, void** session) {
  (void)asked;
  *session = NULL; /* TODO: what ticket() and destroy() need */
  program->fail(program, "create() is not written yet");
  return -ENOSYS;
}

/* optional: without it, tickets are empty, and both sides must find the objects by what they know anyway. */
static int ticket(const struct ipcbench_program* program, void* session, struct ipcbench_place place) {
  (void)program; /* TODO: program->put_text(), program->put_descriptor() */
  (void)session;
  (void)place;
  return 0;
}

/* optional: without it, names stay until destroy(). */
static void attached(void* session) { (void)session; /* TODO: unlink what nobody looks up again */ }

/* optional: without it, no other process's CPU time counts. */
static int64_t broker(const void* session) {
  (void)session;
  return 0; /* TODO: the process id of the daemon that messages pass */
}

/* required. Host: removes the objects, also after a worker has died. */
static void destroy(void* session) { (void)session; /* TODO */ }

/* required. Worker: opens one side from its ticket. */
static int join(const struct ipcbench_program* program, const struct ipcbench_seat* seat, void** endpoint) {
  (void)program; /* TODO: program->get_text(), program->take_descriptor() */
  (void)seat;
  *endpoint = NULL; /* TODO: what the operations get */
  return -ENOSYS;
}

/* required. Worker: closes it. */
static void close_side(void* endpoint) { (void)endpoint; /* TODO */ }

/* required of IPCBENCH_MESSAGE. It waits as seat->wait says, and handles EINTR and EAGAIN itself. */
static int send_message(void* endpoint, const void* bytes, size_t size) {
  (void)endpoint;
  (void)bytes;
  (void)size;
  return -ENOSYS; /* TODO: 0, IPCBENCH_CLOSED or a negative errno */
}

/* required of IPCBENCH_MESSAGE. */
static int receive_message(void* endpoint, void* bytes, size_t room, size_t* size) {
  (void)endpoint;
  (void)bytes;
  (void)room;
  *size = 0;      /* TODO: the bytes that came */
  return -ENOSYS; /* TODO: 0, IPCBENCH_CLOSED, IPCBENCH_QUIET or a negative errno */
}

static const struct ipcbench_info info = {
    .size = sizeof info,                    /* required */
    .name = "skeleton",                     /* required: no built-in transport has it */
    .summary = "a plug-in to be filled in", /* required */
    .family = NULL,                         /* optional: without it, "plug-in" */
    .subject = "nothing 0.0",               /* required: what is measured, with its version */
    .language = "C",                        /* required */
    .shape = IPCBENCH_MESSAGE,              /* required: decides which operations are */
    .waits = IPCBENCH_BLOCK,                /* required: the lowest is the one of the tables */
    .traits = 0,          /* optional: without it, nothing is promised; try IPCBENCH_SEES_PEER_CLOSE */
    .largest_message = 0, /* optional: without it, as large as memory */
    .copies = 0,          /* optional: without it, two */
    .options = NULL,      /* optional: without it, there are no choices */
    .option_count = 0,
};

static const struct ipcbench_endpoint_ops ops = {
    .size = sizeof ops,   /* required */
    .write_some = NULL,   /* required of IPCBENCH_STREAM, as read_some is */
    .send = send_message, /* required of IPCBENCH_MESSAGE, as receive is */
    .receive = receive_message,
    .loan = NULL,    /* required of IPCBENCH_LOAN, as publish, acquire and release are */
    .notify = NULL,  /* required of IPCBENCH_NOTIFY, as await is */
    .watched = NULL, /* required of IPCBENCH_POLLABLE: without it, nobody waits for several of its channels */
};

static const struct ipcbench_transport skeleton = {
    .size = sizeof skeleton,
    .info = &info,
    .ops = &ops,
    .probe = probe,
    .create = create,
    .ticket = ticket,
    .attached = attached,
    .broker = broker,
    .destroy = destroy,
    .join = join,
    .close = close_side,
};

static const struct ipcbench_transport* const transports[] = {&skeleton};

static const struct ipcbench_library library = {
    .abi = IPCBENCH_ABI,
    .count = 1,
    .version = "0.0",
    .transports = transports,
};

const struct ipcbench_library* ipcbench_plugin(void) { return &library; }
