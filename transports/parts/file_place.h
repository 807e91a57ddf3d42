#pragma once

#include <cstddef>
#include <string>
#include <variant>

#include "harness/run_dir/run_dir.h"
#include "harness/sdk/transport.h"

namespace ipcbench {

// Returns the option `fs` of transports over a file: in memory (/dev/shm, the default) or on a disk (/var/tmp).
OptionInfo fs_option();
// Returns the kind of name that such a file has.
RunDir::Kind file_kind(const OptionValues& options);

struct FileRoom {
  std::size_t bytes = 0;  // that this user may still take there
  std::string limit;      // "/dev/shm has 65536 bytes free"
};
// Returns the room for such a file; Unavailable if the folder can't be used, or isn't what the option says.
std::variant<FileRoom, Unavailable> file_room(const OptionValues& options);

}  // namespace ipcbench
