#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace ipcbench {

// Matches case ids by a regular expression (RE2's syntax). Ids and patterns may be untrusted: matching takes linear
// time, no recursion, and a program of bounded size.
class IdFilter {
 public:
  // Throws UsageError, naming `flag`, for an invalid expression or one that is too large.
  IdFilter(std::string_view pattern, std::string_view flag);
  ~IdFilter();
  IdFilter(IdFilter&&) noexcept;
  IdFilter& operator=(IdFilter&&) noexcept;

  // Returns whether the pattern matches any part of `id`.
  bool matches(std::string_view id) const;

 private:
  std::unique_ptr<re2::RE2> pattern_;
};

}  // namespace ipcbench
