#include "harness/host_checks/host_check_parts.h"

#include <charconv>
#include <limits>
#include <system_error>

#include <fmt/core.h>

#include "harness/base/io.h"
#include "harness/base/take_line.h"

namespace ipcbench {
namespace {

constexpr int kHighestCpu = 1 << 16;  // a larger number means a garbled list

std::string_view without_outer_space(std::string_view text) noexcept {
  constexpr std::string_view kSpace = " \t\n";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

}  // namespace

HostFiles::Reading HostFiles::read(const std::string& path) const {
  try {
    return {.text = std::string(without_outer_space(read_file(root_ + path))), .reason = {}};
  } catch (const std::system_error& error) {
    return {.text = std::nullopt, .reason = error.code().message()};
  }
}

HostCheck unreadable(std::string id, std::string source, const std::string& reason) {
  std::string text = fmt::format("can't be told: {}: {}", source, reason);
  return {.id = std::move(id),
          .severity = "note",
          .text = std::move(text),
          .source = std::move(source),
          .value = "unknown"};
}

std::optional<std::uint64_t> leading_number(std::string_view text) noexcept {
  if (text == "unlimited") return std::numeric_limits<std::uint64_t>::max();
  std::uint64_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc::result_out_of_range) return std::numeric_limits<std::uint64_t>::max();
  return error == std::errc{} ? std::optional<std::uint64_t>(number) : std::nullopt;
}

std::vector<int> parse_cpu_list(std::string_view text) {
  std::vector<int> cpus;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    int first = 0;
    auto [stop, error] = std::from_chars(at, end, first);
    if (error != std::errc{}) break;
    int last = first;
    if (stop < end && *stop == '-') stop = std::from_chars(stop + 1, end, last).ptr;
    if (first < 0 || last >= kHighestCpu) break;
    for (int cpu = first; cpu <= last; ++cpu) cpus.push_back(cpu);
    at = stop + 1;
  }
  return cpus;
}

std::string status_value(std::string_view status, std::string_view key) {
  while (!status.empty()) {
    const std::string_view line = take_line(status);
    if (line.size() > key.size() && line[key.size()] == ':' && line.substr(0, key.size()) == key) {
      return std::string(without_outer_space(line.substr(key.size() + 1)));
    }
  }
  return {};
}

bool has_capability(std::string_view status, unsigned number) {
  const std::string mask = status_value(status, "CapEff");
  std::uint64_t bits = 0;
  std::from_chars(mask.data(), mask.data() + mask.size(), bits, 16);
  return number < 64 && ((bits >> number) & 1) != 0;
}

}  // namespace ipcbench
