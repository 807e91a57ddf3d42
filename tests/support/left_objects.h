#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/run_dir/manifest.h"

namespace ipcbench {

// What exists under a name that a run has recorded: its files, POSIX and System V objects, by the manifest in its
// directory, as "file 0-request".
struct LeftObjects {
  std::vector<std::string> files;
  std::vector<std::string> kernel;  // anything else but processes
  bool none() const { return files.empty() && kernel.empty(); }
};
LeftObjects objects_of(const std::filesystem::path& run);
// The same of a manifest read before; `run` is the directory it lay in.
LeftObjects objects_of(const Manifest& manifest, const std::filesystem::path& run);
Manifest manifest_of(const std::filesystem::path& run);

// The directories of all runs below `runs`.
std::vector<std::filesystem::path> run_directories(const std::filesystem::path& runs);

// Descriptors of this process.
std::size_t open_descriptors();

}  // namespace ipcbench
