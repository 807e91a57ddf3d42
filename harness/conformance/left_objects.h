#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/run_dir/manifest.h"

namespace ipcbench {

// The objects recorded in a run's manifest that still exist: its files, POSIX and System V objects, as "file
// 0-request".
struct LeftObjects {
  std::vector<std::string> files = {};
  std::vector<std::string> kernel = {};  // all others except processes
  bool none() const { return files.empty() && kernel.empty(); }
};
LeftObjects objects_of(const std::filesystem::path& run);
// The same for a manifest that was read before; `run` is its directory.
LeftObjects objects_of(const Manifest& manifest, const std::filesystem::path& run);
// Reads the manifest of the run in that directory. Throws std::system_error.
Manifest manifest_of(const std::filesystem::path& run);

}  // namespace ipcbench
