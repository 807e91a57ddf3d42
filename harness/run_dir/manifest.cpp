#include "harness/run_dir/manifest.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/core.h>

#include "harness/process/proc_stat.h"

namespace ipcbench {
namespace {

using Kind = ObjectKind;

constexpr std::array<std::pair<Kind, std::string_view>, 11> kKinds{{
    {Kind::file, "file"},
    {Kind::memory_file, "memory-file"},
    {Kind::disk_file, "disk-file"},
    {Kind::posix_shm, "posix-shm"},
    {Kind::posix_mq, "posix-mq"},
    {Kind::posix_sem, "posix-sem"},
    {Kind::sysv_shm, "sysv-shm"},
    {Kind::sysv_sem, "sysv-sem"},
    {Kind::sysv_mq, "sysv-mq"},
    {Kind::memory_group, "memory-group"},
    {Kind::process, "process"},
}};

std::string_view to_string(Kind kind) noexcept {
  for (const auto& [each, word] : kKinds) {
    if (each == kind) return word;
  }
  return "";
}

std::optional<Kind> kind_of(std::string_view word) noexcept {
  for (const auto& [kind, each] : kKinds) {
    if (each == word) return kind;
  }
  return std::nullopt;
}

template <class Number>
std::optional<Number> parse_number(std::string_view text, int base = 10) noexcept {
  Number number{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number, base);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (;;) {
    const std::size_t space = line.find(' ');
    words.push_back(line.substr(0, space));
    if (space == std::string_view::npos) return words;
    line.remove_prefix(space + 1);
  }
}

bool is_plain(std::string_view name) noexcept {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

std::optional<key_t> parse_key(std::string_view text) noexcept {
  if (text.substr(0, 2) != "0x") return std::nullopt;
  const auto key = parse_number<key_t>(text.substr(2), 16);
  return key && *key > 0 ? key : std::nullopt;
}

bool parse_owner(const std::vector<std::string_view>& words, Manifest& manifest) noexcept {
  if (words.size() != 4 || words[0] != "owner" || manifest.owner_pid != 0) return false;
  const auto pid = parse_number<pid_t>(words[1]);
  const auto start = parse_number<std::uint64_t>(words[2]);
  const auto time = parse_number<std::time_t>(words[3]);
  if (!pid || *pid <= 0 || !start || !time || *time <= 0) return false;
  manifest.owner_pid = *pid;
  manifest.owner_start = *start;
  manifest.started = *time;
  return true;
}

bool parse_struck(const std::vector<std::string_view>& words, Manifest& manifest) {
  if (words.size() != 3 || words[0] != "struck") return false;
  const auto kind = kind_of(words[1]);
  const auto key = parse_key(words[2]);
  if (!kind || !key) return false;
  const auto found = std::find_if(manifest.entries.rbegin(), manifest.entries.rend(),
                                  [&](const Manifest::Entry& e) { return e.kind == *kind && e.key == *key; });
  if (found == manifest.entries.rend()) return false;
  manifest.entries.erase(std::next(found).base());
  return true;
}

bool parse_entry(const std::vector<std::string_view>& words, std::string_view run_id, Manifest& manifest) {
  const auto kind = kind_of(words[0]);
  if (!kind || words.size() != (*kind == Kind::process ? 3U : 2U)) return false;
  Manifest::Entry entry{.kind = *kind, .name = {}};
  if (*kind == Kind::process) {
    const auto pid = parse_number<pid_t>(words[1]);
    const auto start = parse_number<std::uint64_t>(words[2]);
    if (!pid || *pid <= 1 || !start) return false;
    entry.pid = *pid;
    entry.start = *start;
  } else if (has_key(*kind)) {
    const auto key = parse_key(words[1]);
    if (!key) return false;
    entry.key = *key;
  } else {
    std::string_view rest = words[1];
    if (*kind == Kind::memory_group) {
      // The group is below one that a later process can't know. The entry is therefore a path, whose last part is the
      // run's.
      const std::size_t slash = rest.rfind('/');
      // Groups may be mounted anywhere; find_group() in manifest_removal.cpp checks that it is one.
      if (!rest.starts_with('/') || rest.find("..") != std::string_view::npos) return false;
      rest.remove_prefix(slash);
    }
    if (*kind != Kind::file) {
      const std::string prefix = fmt::format("/ipcbench-{}-", run_id);
      if (rest.substr(0, prefix.size()) != prefix) return false;
      rest.remove_prefix(prefix.size());
    } else if (rest == "lock" || rest == "manifest") {
      return false;
    }
    if (!is_plain(rest)) return false;
    entry.name = words[1];
  }
  manifest.entries.push_back(std::move(entry));
  return true;
}

}  // namespace

Manifest parse_manifest(std::string_view text, std::string_view run_id) {
  Manifest manifest;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t newline = text.find('\n');
    const auto words = words_of(text.substr(0, newline));
    // A line without a newline was being written when the run died; its object was not made yet.
    const bool whole = newline != std::string_view::npos;
    if (!whole ||
        !(parse_owner(words, manifest) || parse_struck(words, manifest) || parse_entry(words, run_id, manifest))) {
      manifest.refused.push_back(fmt::format("line {}", number));
    }
    text.remove_prefix(whole ? newline + 1 : text.size());
  }
  return manifest;
}

std::string owner_line(pid_t pid, std::time_t now) {
  return fmt::format("owner {} {} {}", pid, process_start_time(pid).value_or(0), now);
}

std::string manifest_line(const Manifest::Entry& entry) {
  const std::string_view word = to_string(entry.kind);
  if (entry.kind == Kind::process) return fmt::format("{} {} {}", word, entry.pid, entry.start);
  if (has_key(entry.kind)) return fmt::format("{} {:#010x}", word, entry.key);
  return fmt::format("{} {}", word, entry.name);
}

std::string struck_line(Kind kind, key_t key) { return fmt::format("struck {} {:#010x}", to_string(kind), key); }

}  // namespace ipcbench
