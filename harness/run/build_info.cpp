#include "harness/run/build_info.h"

#include "ipcbench_version.h"

namespace ipcbench {

BuildInfo build_info() {
  return {.version = IPCBENCH_VERSION,
          .git = IPCBENCH_GIT_REVISION,
          .compiler = IPCBENCH_COMPILER,
          .flags = IPCBENCH_FLAGS,
          .build_type = IPCBENCH_BUILD_TYPE};
}

}  // namespace ipcbench
