/* A plug-in whose notifications go nowhere and come at once: what is measured of it is the way to it. */
#include <ipcbench/transport.h>

static int create(const struct ipcbench_program* program, const struct ipcbench_session* asked, void** session) {
  (void)program, (void)asked, (void)session;
  return 0;
}

static void destroy(void* session) { (void)session; }

static int join(const struct ipcbench_program* program, const struct ipcbench_seat* seat, void** endpoint) {
  (void)program, (void)seat, (void)endpoint;
  return 0;
}

static void close_side(void* endpoint) { (void)endpoint; }

static int notify(void* endpoint) {
  (void)endpoint;
  return 0;
}

static int await(void* endpoint, uint64_t* count) {
  (void)endpoint;
  *count = 1;
  return 0;
}

static const struct ipcbench_info info = {
    .size = sizeof info,
    .name = "null-plugin",
    .summary = "nothing: the cost of calling a plug-in",
    .family = "testing",
    .subject = "nothing",
    .language = "C",
    .shape = IPCBENCH_NOTIFY,
    .waits = IPCBENCH_SPIN,
};

static const struct ipcbench_endpoint_ops ops = {.size = sizeof ops, .notify = notify, .await = await};

static const struct ipcbench_transport null = {
    .size = sizeof null,
    .info = &info,
    .ops = &ops,
    .create = create,
    .destroy = destroy,
    .join = join,
    .close = close_side,
};

static const struct ipcbench_transport* const transports[] = {&null};
static const struct ipcbench_library library = {
    .abi = IPCBENCH_ABI,
    .count = 1,
    .version = "1.0",
    .transports = transports,
};

const struct ipcbench_library* ipcbench_plugin(void) { return &library; }
