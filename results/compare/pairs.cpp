#include "results/compare/pairs.h"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "harness/files/input_file.h"
#include "results/files/json.h"

namespace ipcbench {
namespace {

constexpr std::size_t kMostSessions = 2000;  // bounds the quadratic number of distances between sessions

bool is_pairs_header(std::string_view line) { return line.substr(0, 80).find(kPairsSchema) != std::string_view::npos; }

}  // namespace

PairFile pairs_from_text(std::string_view text, const std::string& file) {
  PairFile pairs;
  std::size_t number = 0;
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    const std::string_view line = text.substr(0, end);
    const std::string where = fmt::format("{}:{}", file, ++number);
    if (number == 1 || is_pairs_header(line)) {
      if (pairs.sessions.size() == kMostSessions)
        throw ResultError(fmt::format("{}: more than {} sessions", where, kMostSessions));
      pairs.sessions.push_back({.header = pair_header_from_json(line, where)});
    } else {
      pairs.sessions.back().pairs.push_back(pair_from_json(line, where));
    }
    text.remove_prefix(end + 1);
  }
  if (number == 0) throw ResultError(fmt::format("{}: no {}: it has no whole first line", file, kPairsSchema));
  if (!text.empty())
    pairs.torn = fmt::format("line {} is cut after {} bytes and was left out", number + 1, text.size());
  return pairs;
}

PairFile load_pairs(const std::string& path) { return pairs_from_text(read_input(path), path); }

std::optional<double> log_ratio(const SamplePair& pair, Metric metric) {
  if (pair.base.status != Status::ok || pair.head.status != Status::ok) return std::nullopt;
  const std::optional<double>& base = pair.base.value(metric);
  const std::optional<double>& head = pair.head.value(metric);
  if (!base || !head) return std::nullopt;
  const double least = is_count(metric) ? kLeastCount : 0;
  const double ratio = std::log(std::max(*head, least) / std::max(*base, least));
  return std::isfinite(ratio) ? std::optional(ratio) : std::nullopt;
}

}  // namespace ipcbench
