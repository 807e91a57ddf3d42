// A mapped file, mmap(2) with MAP_SHARED: the rings lie in the page cache of a file that both sides open by its path;
// mmap-file copies messages in and out, mmap-file-loan builds and reads them where they lie. On a disk's file system
// the kernel also writes changed pages back, and lets the next store to each of them fault.

#include <fmt/core.h>

#include "harness/os/file_space.h"
#include "harness/os/mapped_file.h"
#include "scenarios/ring_transport.h"

namespace ipcbench {
namespace {

RunDir::Kind kind_of(const OptionValues& options) {
  return options.find("fs")->second == "disk" ? RunDir::Kind::disk_file : RunDir::Kind::memory_file;
}

std::variant<RingRoom, Unavailable> room(const OptionValues& options) {
  const RunDir::Kind kind = kind_of(options);
  const char* const folder = RunDir::folder_of(kind);
  const auto system = file_system_of(folder);
  if (system && system->in_memory != (kind == RunDir::Kind::memory_file)) {
    return Unavailable{Why::no_resource,
                       fmt::format("{} is {} memory", folder, system->in_memory ? "a file system in" : "not in")};
  }
  return room_in_folder(folder);
}

RingMemory memory() {
  return {.name = "mmap-file",
          .memory = "a mapped file",
          .man = "mmap(2)",
          .persistence = Persistence::file_system,
          .rendezvous = Rendezvous::path,
          .options = {{.name = "fs",
                       .default_value = "tmpfs",
                       .values = {"tmpfs", "disk"},
                       .summary = "where the file is: /dev/shm, or /var/tmp on a disk"}},
          .room = room,
          .create = [](RingForm form, const SessionConfig& config) -> std::unique_ptr<Session> {
            return std::make_unique<RingSession<MappedFile>>(form, config, [&](std::size_t bytes) {
              return MappedFile(config.run_dir.claim_name(kind_of(config.options), "ring"), bytes);
            });
          }};
}

}  // namespace

const Transport& transport_mmap_file() {
  static const RingTransport transport(memory(), RingForm::copying);
  return transport;
}

const Transport& transport_mmap_file_loan() {
  static const RingTransport transport(memory(), RingForm::lending);
  return transport;
}

}  // namespace ipcbench
