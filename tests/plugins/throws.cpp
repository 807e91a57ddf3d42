// A plug-in that lets an exception out of create().

#include <ipcbench/transport.h>

#include <stdexcept>

namespace {

constexpr ipcbench_info kInfo{.size = sizeof(ipcbench_info),
                              .name = "throws",
                              .summary = "a plug-in of the tests",
                              .subject = "nothing",
                              .language = "C++",
                              .shape = IPCBENCH_NOTIFY,
                              .waits = IPCBENCH_BLOCK};
constexpr ipcbench_endpoint_ops kOps{.size = sizeof(ipcbench_endpoint_ops),
                                     .notify = [](void*) { return 0; },
                                     .await = [](void*, std::uint64_t*) { return 0; }};
constexpr ipcbench_transport kTransport{
    .size = sizeof(ipcbench_transport),
    .info = &kInfo,
    .ops = &kOps,
    .probe = nullptr,
    .create = [](const ipcbench_program*, const ipcbench_session*, void**) -> int { throw std::runtime_error("oh"); },
    .ticket = nullptr,
    .attached = nullptr,
    .broker = nullptr,
    .destroy = [](void*) {},
    .join = [](const ipcbench_program*, const ipcbench_seat*, void**) { return 0; },
    .close = [](void*) {}};
constexpr const ipcbench_transport* kTransports[] = {&kTransport};
constexpr ipcbench_library kLibrary{.abi = IPCBENCH_ABI, .count = 1, .version = "1.0", .transports = kTransports};

}  // namespace

const ipcbench_library* ipcbench_plugin() { return &kLibrary; }
