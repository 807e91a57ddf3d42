#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace ipcbench {

// A regular expression over case ids (RE2's syntax). Ids may come from other people's files, and a pattern may be
// anything: it is matched in time linear in the id, without recursion, by a program of bounded size.
class IdFilter {
 public:
  // Throws UsageError, naming `flag`, for what is no expression, and for one that is too large.
  IdFilter(std::string_view pattern, std::string_view flag);
  ~IdFilter();
  IdFilter(IdFilter&&) noexcept;
  IdFilter& operator=(IdFilter&&) noexcept;

  // Whether the pattern matches any part of `id`.
  bool matches(std::string_view id) const;

 private:
  std::unique_ptr<re2::RE2> pattern_;
};

}  // namespace ipcbench
