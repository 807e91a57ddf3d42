#include "harness/plugin/plugin_file.h"

#include <sha2.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "harness/base/usage_error.h"
#include "harness/plugin/private_group.h"

namespace ipcbench {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPlugin = "--plugin";

// Returns the status of a file or folder, or of a link itself.
struct stat status_of(const std::string& path, std::string_view flag) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) throw UsageError(fmt::format("{} {}: {}", flag, path, std::strerror(errno)));
  return status;
}

// Returns who but this user and root owns a file, folder or link: "its owner, user 1000"; "" if nobody.
std::string other_owner(const struct stat& status) {
  const bool is_ours = status.st_uid == 0 || status.st_uid == ::geteuid();
  return is_ours ? "" : fmt::format("its owner, user {}", status.st_uid);
}

// Returns who else can change a file, or what is in a folder; "" if nobody.
std::string others_who_change(const struct stat& status) {
  if (const std::string owner = other_owner(status); !owner.empty()) return owner;
  if ((status.st_mode & S_IWOTH) != 0) return "everybody";
  if ((status.st_mode & S_IWGRP) != 0 && !is_private_group(status.st_gid))
    return fmt::format("group {}", status.st_gid);
  return "";
}

// Returns who else can replace a folder that is in this one. In a sticky folder that is its owner alone.
std::string others_who_replace_folders(const struct stat& status) {
  return (status.st_mode & S_ISVTX) != 0 ? other_owner(status) : others_who_change(status);
}

// Goes along a path as the kernel does, name by name, and throws at what others can change: whoever can replace a
// folder or a link on the way chooses the file.
void check_way(const fs::path& path, std::string_view flag) {
  constexpr int kMostLinks = 40;  // the kernel's
  const auto refuse_if = [&](const fs::path& part, const std::string& others) {
    if (others.empty() || !part.has_relative_path()) return;
    throw UsageError(fmt::format("{} {}: {} can be changed by {}; take a copy in a folder of your own, mode 0755", flag,
                                 path.string(), part.string(), others));
  };
  std::deque<fs::path> left;
  const auto go_to = [&](const fs::path& target) { left.insert(left.begin(), target.begin(), target.end()); };
  go_to(fs::absolute(path));
  fs::path at;
  struct stat folder {};  // of `at`
  for (int links = 0; !left.empty();) {
    const fs::path name = std::move(left.front());
    left.pop_front();
    const fs::path next = name == ".." ? at.parent_path() : name.empty() || name == "." ? at : at / name;
    const struct stat status = status_of(next.string(), flag);
    if (S_ISDIR(status.st_mode)) {
      refuse_if(next, others_who_replace_folders(status));
      at = next;
      folder = status;
      continue;
    }
    // A file beside those of others isn't taken, though they can't replace it.
    refuse_if(at, others_who_change(folder));
    if (!S_ISLNK(status.st_mode)) {
      refuse_if(next, others_who_change(status));
      return;
    }
    refuse_if(next, other_owner(status));
    if (++links > kMostLinks) throw UsageError(fmt::format("{} {}: {}", flag, path.string(), std::strerror(ELOOP)));
    go_to(fs::read_symlink(next));
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
  check_way(path, flag);
  const std::string real = fs::canonical(path).string();
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
  return trusted_file(path, kPlugin);
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
