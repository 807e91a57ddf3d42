#include "harness/launch/launch_memory.h"

#include "harness/memory/memfd.h"
#include "harness/sdk/ticket.h"

namespace ipcbench {

LaunchMemory::LaunchMemory(std::size_t size, Workers workers) {
  if (workers == Workers::fork) {
    mapping_ = Mapping::shared_anonymous(size);
    return;
  }
  const Memfd file(size);
  mapping_ = Memfd::open(file.descriptor());
  file_ = copy_of(file.descriptor());
}

}  // namespace ipcbench
