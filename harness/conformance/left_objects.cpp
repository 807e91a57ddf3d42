#include "harness/conformance/left_objects.h"

#include <fcntl.h>
#include <mqueue.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

#include <fmt/core.h>

#include "harness/base/io.h"
#include "harness/base/unique_fd.h"
#include "harness/run_dir/manifest.h"

namespace ipcbench {
namespace {

namespace fs = std::filesystem;
using Kind = ObjectKind;

bool exists(const Manifest::Entry& entry, const fs::path& run) {
  switch (entry.kind) {
    case Kind::file:
      return fs::exists(run / entry.name);
    case Kind::memory_file:
    case Kind::disk_file:
      return fs::exists(shared_folder_of(entry.kind) + entry.name);
    case Kind::posix_shm:
      return fs::exists("/dev/shm" + entry.name);
    case Kind::posix_sem:
      return fs::exists("/dev/shm/sem." + entry.name.substr(1));
    case Kind::posix_mq:
      // The file system of message queues need not be mounted.
      return static_cast<bool>(UniqueFd(::mq_open(entry.name.c_str(), O_RDONLY | O_CLOEXEC)));
    case Kind::sysv_shm:
      return ::shmget(entry.key, 0, 0) >= 0;
    case Kind::sysv_sem:
      return ::semget(entry.key, 0, 0) >= 0;
    case Kind::sysv_mq:
      return ::msgget(entry.key, 0) >= 0;
    case Kind::memory_group:  // belongs to the runner, not to a transport
    case Kind::process:
      break;
  }
  return false;
}

}  // namespace

Manifest manifest_of(const fs::path& run) {
  return parse_manifest(read_file((run / "manifest").string()), run.filename().string());
}

LeftObjects objects_of(const fs::path& run) { return objects_of(manifest_of(run), run); }

LeftObjects objects_of(const Manifest& manifest, const fs::path& run) {
  LeftObjects left;
  for (const Manifest::Entry& entry : manifest.entries) {
    if (!exists(entry, run)) continue;
    const bool is_file = entry.kind == Kind::file || entry.kind == Kind::memory_file || entry.kind == Kind::disk_file;
    (is_file ? left.files : left.kernel).push_back(manifest_line(entry));
  }
  return left;
}

}  // namespace ipcbench
