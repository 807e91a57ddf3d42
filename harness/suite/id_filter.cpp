#include "harness/suite/id_filter.h"

#include <re2/re2.h>

#include <fmt/core.h>

#include "harness/base/usage_error.h"
#include "results/model/utf8.h"

namespace ipcbench {
namespace {

constexpr std::size_t kLongestPattern = 1000;
constexpr std::int64_t kMostMemory = 1 << 20;

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

re2::RE2::Options options() {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMostMemory);
  return options;
}

}  // namespace

IdFilter::IdFilter(std::string_view pattern, std::string_view flag) {
  if (pattern.size() > kLongestPattern)
    throw UsageError(fmt::format("{}: an expression of more than {} bytes", flag, kLongestPattern));
  pattern_ = std::make_unique<re2::RE2>(piece(pattern), options());
  if (pattern_->ok()) return;
  throw UsageError(fmt::format("{}: '{}' is not a regular expression (RE2): {}", flag, printable(pattern),
                               printable(pattern_->error())));
}

IdFilter::~IdFilter() = default;
IdFilter::IdFilter(IdFilter&&) noexcept = default;
IdFilter& IdFilter::operator=(IdFilter&&) noexcept = default;

bool IdFilter::matches(std::string_view id) const { return re2::RE2::PartialMatch(piece(id), *pattern_); }

}  // namespace ipcbench
