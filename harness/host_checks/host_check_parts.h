#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/host/host_info.h"

// Shared by the parts of examine_host(), which have a file per subject. Each part adds all of its checks, fine ones
// included, in a fixed order.

namespace ipcbench {

// Reads files below `root`; never throws.
class HostFiles {
 public:
  struct Reading {
    std::optional<std::string> text;  // trimmed
    std::string reason;               // why there is no text: "No such file or directory"
  };

  explicit HostFiles(std::string root) : root_(std::move(root)) {}
  const std::string& root() const noexcept { return root_; }
  Reading read(const std::string& path) const;

 private:
  std::string root_;
};

using HostChecks = std::vector<HostCheck>;

// Returns a note that a check couldn't be made.
HostCheck unreadable(std::string id, std::string source, const std::string& reason);

// Returns the whole number that `text` begins with; "unlimited" is the largest one.
std::optional<std::uint64_t> leading_number(std::string_view text) noexcept;
// Parses "0-3,8" as {0, 1, 2, 3, 8}; stops at the first character that is no list.
std::vector<int> parse_cpu_list(std::string_view text);
// Returns whether this process has the effective capability `number`, by the text of /proc/self/status.
bool has_capability(std::string_view status, unsigned number);
// Returns the value of the first "key:\tvalue" line; "" without one.
std::string status_value(std::string_view status, std::string_view key);
// Returns the name of the process that traces this one, "" for none. nullopt: the kernel doesn't tell.
std::optional<std::string> tracer_of(const HostFiles& files);

void check_cpu(const HostInfo& host, const HostFiles& files, HostChecks& checks);      // cpu_checks.cpp
void check_cgroups(const HostInfo& host, const HostFiles& files, HostChecks& checks);  // cgroup_checks.cpp
void check_limits(const HostInfo& host, const HostFiles& files, HostChecks& checks);   // limit_checks.cpp
void check_inherited(const HostFiles& files, HostChecks& checks);                      // inherited_checks.cpp
void check_memory(const HostFiles& files, HostChecks& checks);                         // permission_checks.cpp
void check_permissions(const HostFiles& files, HostChecks& checks);                    // permission_checks.cpp

}  // namespace ipcbench
