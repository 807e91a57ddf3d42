#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/host/host_info.h"

// What the parts of examine_host(), one file per subject, share. Each part adds all of its checks, the fine ones, too,
// in a fixed order.

namespace ipcbench {

// Reads below `root`; never throws.
class HostFiles {
 public:
  struct Reading {
    std::optional<std::string> text;  // without white space at its ends
    std::string reason;               // why there is none: "No such file or directory"
  };

  explicit HostFiles(std::string root) : root_(std::move(root)) {}
  const std::string& root() const noexcept { return root_; }
  Reading read(const std::string& path) const;

 private:
  std::string root_;
};

using HostChecks = std::vector<HostCheck>;

// The note that a check could not be made.
HostCheck unreadable(std::string id, std::string source, const std::string& reason);

// The whole number that `text` begins with; "unlimited" is the largest there is.
std::optional<std::uint64_t> leading_number(std::string_view text) noexcept;
// "0-3,8" -> {0, 1, 2, 3, 8}; stops at the first thing that is no list.
std::vector<int> parse_cpu_list(std::string_view text);
// Effective capability `number` of this process, by the text of /proc/self/status.
bool has_capability(std::string_view status, unsigned number);
// The value of the first "key:\tvalue" line; "" without one.
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
