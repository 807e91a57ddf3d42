#include "harness/plugin/plugin_file.h"

#include <sha2.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "harness/base/usage_error.h"
#include "harness/plugin/private_group.h"

namespace ipcbench {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPlugin = "--plugin";

struct stat status_of(const std::string& path, std::string_view flag) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) throw UsageError(fmt::format("{} {}: {}", flag, path, std::strerror(errno)));
  return status;
}

// Returns who but this user and root can change a file or folder: "its owner, user 1000"; "" if nobody.
std::string others_who_change(const struct stat& status) {
  if (status.st_uid != 0 && status.st_uid != ::geteuid()) return fmt::format("its owner, user {}", status.st_uid);
  if ((status.st_mode & S_IWOTH) != 0) return "everybody";
  if ((status.st_mode & S_IWGRP) != 0 && !is_private_group(status.st_gid))
    return fmt::format("group {}", status.st_gid);
  return "";
}

void check_owners(const fs::path& path, std::string_view flag) {
  for (fs::path part = path; part.has_relative_path(); part = part.parent_path()) {
    const struct stat status = status_of(part.string(), flag);
    // In a sticky folder nobody can replace what others own; a file beside theirs is still not taken.
    const bool is_safe_way = part != path && part != path.parent_path() && (status.st_mode & S_ISVTX) != 0;
    const std::string others = is_safe_way ? "" : others_who_change(status);
    if (!others.empty()) {
      throw UsageError(fmt::format("{} {}: {} can be changed by {}; take a copy in a folder of your own, mode 0755",
                                   flag, path.string(), part.string(), others));
    }
  }
}

std::string sha256_of(const std::string& path, std::string_view flag) {
  std::array<char, SHA256_DIGEST_STRING_LENGTH> digits{};
  if (::SHA256File(path.c_str(), digits.data()) == nullptr)
    throw UsageError(fmt::format("{} {}: {}", flag, path, std::strerror(errno)));
  return digits.data();
}

}  // namespace

PluginFile trusted_file(const std::string& path, std::string_view flag) {
  const std::string real = fs::canonical(path).string();
  check_owners(real, flag);
  // Whoever can change a link on the way chooses the file.
  fs::path step = fs::absolute(path);
  check_owners(step, flag);
  while (fs::is_symlink(step)) {
    step = step.parent_path() / fs::read_symlink(step);
    check_owners(step, flag);
  }
  return {.path = real, .sha256 = sha256_of(real, flag)};
}

PluginFile plugin_file(const std::string& path) {
  std::error_code error;
  const fs::path real = fs::canonical(path, error);
  if (error) {
    throw UsageError(
        fmt::format("--plugin {}: {}; it takes the path of a shared library, as ./libmine.so", path, error.message()));
  }
  if (!S_ISREG(status_of(real.string(), kPlugin).st_mode))
    throw UsageError(fmt::format("--plugin {}: not a file; it takes the path of a shared library", path));
  return trusted_file(real.string(), kPlugin);
}

std::vector<std::string> plugins_of_environment() {
  std::vector<std::string> paths;
  const char* text = ::secure_getenv("IPCBENCH_PLUGIN_PATH");
  std::string_view left = text == nullptr ? "" : text;
  while (!left.empty()) {
    const std::size_t end = std::min(left.find(':'), left.size());
    if (end > 0) paths.emplace_back(left.substr(0, end));
    left.remove_prefix(std::min(end + 1, left.size()));
  }
  return paths;
}

}  // namespace ipcbench
