/* The plug-in interface of ipcbench, version 1, in C11.
 *
 * A plug-in is a shared library that puts a mechanism of its own beside those that ipcbench has built in:
 *   ipcbench run --plugin ./libmine.so --transport mine,pipe
 * It exports one function, ipcbench_plugin(), and links to nothing of ipcbench. docs/plugins.md leads from nothing to a
 * row in the order in which one does it.
 *
 * Who calls what
 *   - A host process, one for each launch, calls probe(), create(), ticket(), attached() and destroy(). It lives from
 *     before the first to after the last.
 *   - Two worker processes, which share nothing with the host but what their tickets hold, call join(), operations of
 *     an endpoint, and close(). All that is timed happens there.
 *   - All calls to one process come from its one thread, one after another. A plug-in may have threads of its own.
 *
 * Rules
 *   - Functions that return int return 0, or IPCBENCH_CLOSED or IPCBENCH_QUIET where they say so, or a negative errno.
 *     fail() of the program that is handed in adds a text to an error; it is shown to the user.
 *   - Nothing that a plug-in gives is freed by ipcbench; nothing that ipcbench gives may be kept after the call unless
 *     a comment says so. No C++ exception may leave a function: the process would end.
 *   - Each structure that a plug-in fills in begins with its size, so that later versions can add members at the end.
 *     Members that are left out of an initialiser are 0, which always means "none" or "the default".
 *   - "Required" means that a plug-in without it is refused; else the comment says what is missing without it.
 */
#ifndef IPCBENCH_TRANSPORT_H
#define IPCBENCH_TRANSPORT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define IPCBENCH_ABI 1u

/* Results of operations beside 0 and negative errnos. */
#define IPCBENCH_CLOSED 1 /* the peer has closed its side, or has died */
#define IPCBENCH_QUIET 2  /* of IPCBENCH_MAY_LOSE alone: nothing came for ipcbench_seat.quiet_ns */

/* What an endpoint carries, and so which operations it has. */
enum ipcbench_shape {
  IPCBENCH_STREAM = 1,  /* bytes without boundaries: write_some, read_some */
  IPCBENCH_MESSAGE = 2, /* messages that are copied: send, receive */
  IPCBENCH_LOAN = 3,    /* messages that are built and read in place: loan, publish, acquire, release */
  IPCBENCH_NOTIFY = 4   /* notifications without content: notify, await */
};

/* How a side waits, as bits of ipcbench_info.waits; a launch has one of them. */
enum ipcbench_wait {
  IPCBENCH_BLOCK = 1, /* sleeps in the kernel until there is something */
  IPCBENCH_SPIN = 2,  /* never sleeps: tries again and again */
  IPCBENCH_POLL = 4,  /* waits by epoll, select or the like, then receives */
  IPCBENCH_HYBRID = 8 /* spins for ipcbench_seat.hybrid_spin_ns, then sleeps */
};

/* What a mechanism does, as bits of ipcbench_info.traits. The loops rely on them. */
enum ipcbench_trait {
  IPCBENCH_MAY_LOSE = 1,        /* messages may be lost; loops then count instead of waiting for each */
  IPCBENCH_MERGES = 2,          /* notifications that aren't awaited in time become one */
  IPCBENCH_SEES_PEER_CLOSE = 4, /* IPCBENCH_CLOSED comes when the peer has ended; else a deadline ends the launch */
  IPCBENCH_POLLABLE = 8,        /* ipcbench_endpoint_ops.watched gives a descriptor */
  IPCBENCH_CROSSES_HOSTS = 16,  /* the same calls reach another machine */
  IPCBENCH_ACCESS_CONTROL = 32, /* file permissions or credentials guard it */
  IPCBENCH_TWO_WAY_OBJECT = 64  /* one kernel object carries both directions */
};

enum ipcbench_role { IPCBENCH_PRODUCER = 0, IPCBENCH_CONSUMER = 1 };

/* Kinds of objects that outlive their processes, for ipcbench_program.claim_name. */
enum ipcbench_object {
  IPCBENCH_FILE = 1,        /* a path in the run's own directory: sockets, FIFOs, files */
  IPCBENCH_MEMORY_FILE = 2, /* a path in /dev/shm */
  IPCBENCH_POSIX_SHM = 3,   /* a name for shm_open(3) */
  IPCBENCH_POSIX_SEM = 4,   /* a name for sem_open(3) */
  IPCBENCH_POSIX_MQ = 5     /* a name for mq_open(3) */
};

/* A choice that users have: `--option NAME=VALUE`. */
struct ipcbench_option {
  const char* name;          /* lower case, digits and '-', at most 32 bytes */
  const char* default_value; /* one of `values` */
  const char* const* values; /* ended by NULL, at most 16 */
  const char* summary;       /* half a line */
};

/* The value of one option in a launch. All options are there, defaults too. */
struct ipcbench_option_value {
  const char* name;
  const char* value;
};

/* What the mechanism is, as data. */
struct ipcbench_info {
  size_t size;              /* required: sizeof(struct ipcbench_info) */
  const char* name;         /* required: lower case, digits and '-', at most 32 bytes; no built-in transport has it */
  const char* summary;      /* required: one line, at most 120 bytes */
  const char* family;       /* groups rows: "message library"; without it: "plug-in" */
  const char* subject;      /* required: what is measured, with its version: "libzmq 4.3.4" */
  const char* language;     /* required: of the measured code: "C++" */
  uint32_t shape;           /* required: an ipcbench_shape */
  uint32_t waits;           /* required: ipcbench_wait bits; the lowest is what tables show */
  uint32_t traits;          /* ipcbench_trait bits */
  uint64_t largest_message; /* bytes; 0: as large as memory */
  double copies; /* of a message's bytes on their way; plans estimate times from it; 0 of IPCBENCH_LOAN: none, else 2 */
  const struct ipcbench_option* options; /* `option_count` of them; without them there are no choices */
  size_t option_count;                   /* at most 16 */
};

/* One worker's place in a launch. */
struct ipcbench_place {
  uint32_t role;  /* an ipcbench_role */
  uint32_t index; /* 0: version 1 has pairs only */
};

/* What the program does for a plug-in during a call. Its functions may be called from the calling thread alone. */
struct ipcbench_program {
  size_t size;
  /* Adds a text to the error that the function is about to return. At most 255 bytes are kept. */
  void (*fail)(const struct ipcbench_program* self, const char* text);
  /* In create() and ticket(): writes a fresh name of an ipcbench_object into `name`, ended by NUL. It is noted before
   * it is returned, so that what a killed launch left is removed. `stem` makes it readable: lower case and '-', at most
   * 32 bytes. -ENAMETOOLONG: `room` bytes are too few (128 are enough). */
  int (*claim_name)(const struct ipcbench_program* self, uint32_t object, const char* stem, char* name, size_t room);
  /* In ticket(): puts a text or a descriptor into the ticket of that seat. Names and texts are copied: names of at most
   * 32 bytes, texts of at most 4000, both UTF-8: -EILSEQ for other bytes. The descriptor is the program's from then on,
   * also after an error; a ticket holds at most 64. */
  int (*put_text)(const struct ipcbench_program* self, const char* name, const char* text);
  int (*put_descriptor)(const struct ipcbench_program* self, const char* name, int descriptor);
  /* In join(): return what ticket() has put in. get_text: NULL if it isn't there; valid until join() returns.
   * take_descriptor: the descriptor, close-on-exec, which is the plug-in's from then on; -ENOENT if it isn't there or
   * was taken. */
  const char* (*get_text)(const struct ipcbench_program* self, const char* name);
  int (*take_descriptor)(const struct ipcbench_program* self, const char* name);
  /* In join(): leave a text of at most 119 bytes for the peer, once; and wait for the peer's, which is valid until
   * join() returns. What is known only once a side is open goes this way: a port, a process id. If the peer never
   * leaves one, the launch ends at its deadline. */
  int (*publish)(const struct ipcbench_program* self, const char* text);
  const char* (*await_peer)(const struct ipcbench_program* self);
};

/* What a launch asks for, in create(). */
struct ipcbench_session {
  size_t size;
  uint64_t message_size; /* bytes of the largest message that will be sent, at least 1; 0 of IPCBENCH_NOTIFY */
  uint32_t wait;         /* an ipcbench_wait */
  const struct ipcbench_option_value* options; /* `option_count` of them */
  size_t option_count;
};

/* What a launch asks for, in join(). */
struct ipcbench_seat {
  size_t size;
  struct ipcbench_place place;
  uint64_t message_size; /* bytes of the largest message that will be sent or received */
  uint32_t wait;         /* an ipcbench_wait */
  uint64_t hybrid_spin_ns;
  uint64_t quiet_ns; /* after which IPCBENCH_QUIET is returned */
  const struct ipcbench_option_value* options;
  size_t option_count;
};

/* The operations of an open side. Those of its shape are required, the others are ignored. `endpoint` is what join()
 * has made. They wait as ipcbench_seat.wait says, and handle EINTR and EAGAIN themselves. */
struct ipcbench_endpoint_ops {
  size_t size; /* required: sizeof(struct ipcbench_endpoint_ops) */

  /* IPCBENCH_STREAM. Move at least one byte and at most `size`. Return the number of bytes, 0 if the peer has closed,
   * or a negative errno. */
  ptrdiff_t (*write_some)(void* endpoint, const void* bytes, size_t size);
  ptrdiff_t (*read_some)(void* endpoint, void* bytes, size_t size);

  /* IPCBENCH_MESSAGE. One send is one receive. `bytes` of receive has room for ipcbench_seat.message_size bytes; a
   * longer message is cut, and `*size` is set to what came. Return 0, IPCBENCH_CLOSED, IPCBENCH_QUIET (receive alone)
   * or a negative errno. */
  int (*send)(void* endpoint, const void* bytes, size_t size);
  int (*receive)(void* endpoint, void* bytes, size_t room, size_t* size);

  /* IPCBENCH_LOAN. loan() lends `size` bytes, in which a message is built; publish() sends them. acquire() returns the
   * next message, which is read in place until release(). One message at a time is lent and one acquired. Return 0,
   * IPCBENCH_CLOSED or a negative errno. */
  int (*loan)(void* endpoint, size_t size, void** bytes);
  int (*publish)(void* endpoint, void* bytes, size_t size);
  int (*acquire)(void* endpoint, const void** bytes, size_t* size);
  void (*release)(void* endpoint, const void* bytes, size_t size);

  /* IPCBENCH_NOTIFY. await() returns how many notifications it took, at least 1. Return 0, IPCBENCH_CLOSED or a
   * negative errno. */
  int (*notify)(void* endpoint);
  int (*await)(void* endpoint, uint64_t* count);

  /* Required of IPCBENCH_POLLABLE: a descriptor that is readable when there is something to receive. It stays the
   * plug-in's. Without it nobody waits for several of its channels at once. */
  int (*watched)(const void* endpoint);
};

/* A mechanism. All functions are required unless they say what is missing without them. */
struct ipcbench_transport {
  size_t size; /* required: sizeof(struct ipcbench_transport) */
  const struct ipcbench_info* info;
  const struct ipcbench_endpoint_ops* ops;

  /* Says whether it can run here: 0, or a negative errno with fail()'s text as the reason. No side effects. Without it,
   * it can always. */
  int (*probe)(const struct ipcbench_program* program);
  /* Makes the objects of a launch. `*session` is handed to the functions below; it may stay NULL. */
  int (*create)(const struct ipcbench_program* program, const struct ipcbench_session* asked, void** session);
  /* Puts what the worker at `place` needs into its ticket. Called once for each, before the workers are started.
   * Descriptors that workers alone need must not stay open here, or a peer's end would not be seen. Without it, tickets
   * are empty. */
  int (*ticket)(const struct ipcbench_program* program, void* session, struct ipcbench_place place);
  /* Called when both sides are open, before anything is measured: names that nobody looks up again can go. Without it
   * they stay until destroy(). */
  void (*attached)(void* session);
  /* Returns the process id of a daemon that messages pass, so that its CPU time counts; 0: there is none. Without it
   * there is none. create() has started it, and destroy() ends it. */
  int64_t (*broker)(const void* session);
  /* Removes the objects. Called once for each session that create() has made, also if a worker has died. */
  void (*destroy)(void* session);

  /* Opens the side of one seat, in its worker. May wait until the peer opens its own. `*endpoint` is what the
   * operations get. */
  int (*join)(const struct ipcbench_program* program, const struct ipcbench_seat* seat, void** endpoint);
  /* Closes it. */
  void (*close)(void* endpoint);
};

/* What a library has: ipcbench_plugin() returns one that lives as long as the library is loaded. */
struct ipcbench_library {
  uint32_t abi;        /* required: IPCBENCH_ABI */
  uint32_t count;      /* required: of `transports`, 1 to 16 */
  const char* version; /* required: of the plug-in itself: "1.0" */
  const struct ipcbench_transport* const* transports;
};

#if defined(__GNUC__)
#define IPCBENCH_EXPORT __attribute__((visibility("default")))
#else
#define IPCBENCH_EXPORT
#endif

/* Required: the only function that a plug-in exports. No side effects. */
IPCBENCH_EXPORT const struct ipcbench_library* ipcbench_plugin(void);

#ifdef __cplusplus
}
#endif

#endif
