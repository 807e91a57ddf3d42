#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ipcbench {

// Reads files of the kernel below `root`, which is "" for this machine, or a recorded tree of /proc, /sys and /dev.
class HostFiles {
 public:
  struct Reading {
    std::optional<std::string> text;  // without white space at its ends
    std::string reason;               // why there is none: "No such file or directory"
  };

  explicit HostFiles(std::string root) : root_(std::move(root)) {}
  const std::string& root() const noexcept { return root_; }
  // Never throws for a file.
  Reading read(const std::string& path) const;

 private:
  std::string root_;
};

// Returns the whole number that `text` begins with; for "unlimited" the largest there is.
std::optional<std::uint64_t> leading_number(std::string_view text) noexcept;
// Parses "0-3,8" as {0, 1, 2, 3, 8}; stops at the first character that is no list.
std::vector<int> parse_cpu_list(std::string_view text);
// Returns the value of the first line "key : value" without white space at its ends; "" without such a line.
std::string value_in_lines(std::string_view text, std::string_view key);
// Tells whether this process has the effective capability `number`, by the text of /proc/self/status.
bool has_capability(std::string_view status, unsigned number);

}  // namespace ipcbench
