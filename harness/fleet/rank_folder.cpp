#include "harness/fleet/rank_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <climits>
#include <filesystem>
#include <system_error>
#include <tuple>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/base/error.h"
#include "harness/base/io.h"
#include "harness/base/usage_error.h"
#include "harness/files/input_file.h"
#include "harness/files/output_file.h"

namespace ipcbench {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 4> kStateNames = {"started", "done", "left", "failed"};
constexpr std::size_t kLargestReport = std::size_t{64} << 10;
constexpr std::size_t kMostNamed = 20;  // ranks that get a line each
constexpr std::string_view kEndedFile = "/ended";

std::optional<std::uint32_t> rank_in(std::string_view text) {
  std::uint32_t rank = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), rank);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(rank) : std::nullopt;
}

std::string next_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  std::string line(text.substr(0, end));
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

std::optional<RankReport> parse_report(std::string_view text) {
  const std::string state = next_line(text);
  const auto name = std::ranges::find(kStateNames, state);
  if (name == kStateNames.end()) return std::nullopt;
  std::string host = next_line(text);
  return RankReport{
      .state = static_cast<RankState>(name - kStateNames.begin()), .host = std::move(host), .text = next_line(text)};
}

// Another rank may replace or remove its file at any time.
std::optional<RankReport> read_report(const std::string& path) {
  try {
    return parse_report(read_input(path, kLargestReport));
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

RankFolder::Owner read_owner(const std::string& path) {
  std::array<char, PATH_MAX> held{};
  const ssize_t size = ::readlink(path.c_str(), held.data(), held.size());
  if (size < 0) throw_errno("readlink {}", path);
  const std::string_view text(held.data(), static_cast<std::size_t>(size));
  const std::size_t gap = std::min(text.find(' '), text.size());
  const std::optional<std::uint32_t> rank = rank_in(text.substr(0, gap));
  if (!rank) {
    errno = EBADMSG;
    throw_errno("read the owner in {}", path);
  }
  return {.rank = *rank, .boot = std::string(text.substr(std::min(gap + 1, text.size())))};
}

// Formats numbers in ascending order as "3, 7-9".
std::string ranges_of(const std::vector<std::uint32_t>& numbers) {
  std::vector<std::string> ranges;
  for (std::size_t first = 0, next = 0; first < numbers.size(); first = next) {
    for (next = first + 1; next < numbers.size() && numbers[next] == numbers[next - 1] + 1;) ++next;
    const std::uint32_t last = numbers[next - 1];
    ranges.push_back(last == numbers[first] ? fmt::format("{}", last) : fmt::format("{}-{}", numbers[first], last));
  }
  return fmt::format("{}", fmt::join(ranges, ", "));
}

const char* plural(std::size_t count) noexcept { return count == 1 ? "" : "s"; }

void add_named(std::vector<std::string>& lines, const std::vector<std::uint32_t>& ranks, const RankReports& reports,
               std::string_view what) {
  for (std::size_t n = 0; n < std::min(ranks.size(), kMostNamed); ++n) {
    const RankReport& report = reports.at(ranks[n]);
    lines.push_back(
        fmt::format("rank {} ({}) {}{}{}", ranks[n], report.host, what, report.text.empty() ? "" : ": ", report.text));
  }
  if (ranks.size() <= kMostNamed) return;
  const std::vector<std::uint32_t> rest(ranks.begin() + kMostNamed, ranks.end());
  lines.push_back(fmt::format("rank{} {} {} as well", plural(rest.size()), ranges_of(rest), what));
}

}  // namespace

RankFolder::RankFolder(const std::string& folder, const std::string& job, std::uint32_t rank)
    : parent_(folder + "/.ranks"), folder_(parent_ + "/" + job), rank_(rank) {
  std::error_code error;
  fs::create_directories(folder_, error);
  if (!error && ::access(folder_.c_str(), W_OK) == 0) return;
  const std::string why = error ? error.message() : std::generic_category().message(errno);
  throw UsageError(fmt::format(
      "--output {}: rank {} can't write there: {}; with --ranked it names a folder that all ranks can write to", folder,
      rank, why));
}

void RankFolder::tell(const RankReport& report) const {
  std::string text = report.text;
  std::ranges::replace(text, '\n', ' ');
  write_file_atomically(fmt::format("{}/{}", folder_, rank_),
                        fmt::format("{}\n{}\n{}\n", kStateNames[static_cast<std::size_t>(report.state)], report.host,
                                    text.substr(0, kLargestReport / 2)));
}

// The owner is the text of a symbolic link, which appears whole or not at all, on network file systems too.
RankFolder::Owner RankFolder::own(const std::string& host, const std::string& boot) const {
  const std::string path = fmt::format("{}/host-{}", folder_, host);
  const std::string text = fmt::format("{} {}", rank_, boot);
  if (::symlink(text.c_str(), path.c_str()) == 0) return {.rank = rank_, .boot = boot};
  if (errno != EEXIST) throw_errno("symlink {}", path);
  const Owner owner = read_owner(path);
  if (owner.rank == rank_ || !is_owner_gone(owner, host, path)) return owner;
  const std::string fresh = fmt::format("{}/new-owner-{}", folder_, rank_);
  fs::remove(fresh);
  if (::symlink(text.c_str(), fresh.c_str()) != 0) throw_errno("symlink {}", fresh);
  if (::rename(fresh.c_str(), path.c_str()) != 0) throw_errno("rename {}", fresh);
  return read_owner(path);  // another rank may have been later
}

bool RankFolder::is_owner_gone(const Owner& owner, const std::string& host, const std::string& path) const {
  if (is_of_an_earlier_start(path)) return true;
  const std::optional<RankReport> told = read_report(fmt::format("{}/{}", folder_, owner.rank));
  return told && told->host != host;
}

void RankFolder::tell_end() const noexcept {
  try {
    write_file_atomically(folder_ + std::string(kEndedFile), "");
  } catch (const std::exception&) {  // a start under the same name takes this one's failures for its own
  }
}

bool RankFolder::is_of_an_earlier_start(const std::string& path) const {
  const std::string ended = folder_ + std::string(kEndedFile);
  struct stat file {};
  struct stat end {};
  if (::lstat(path.c_str(), &file) != 0 || ::lstat(ended.c_str(), &end) != 0) return false;
  return std::tie(file.st_mtim.tv_sec, file.st_mtim.tv_nsec) <= std::tie(end.st_mtim.tv_sec, end.st_mtim.tv_nsec);
}

RankReports RankFolder::reports() const {
  RankReports reports;
  std::error_code error;
  for (fs::directory_iterator entry(folder_, error), end; !error && entry != end; entry.increment(error)) {
    const std::optional<std::uint32_t> rank = rank_in(entry->path().filename().string());
    if (!rank) continue;
    std::optional<RankReport> report = read_report(entry->path().string());
    if (!report) continue;
    const bool ended_well = report->state == RankState::done || report->state == RankState::left;
    if (ended_well || !is_of_an_earlier_start(entry->path().string())) reports[*rank] = std::move(*report);
  }
  return reports;
}

void RankFolder::remove() const noexcept {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
  fs::remove(parent_, ignored);  // stays while another job has its folder there
}

RankAccount account_of(const RankReports& reports, std::uint32_t size) {
  RankAccount account;
  for (std::uint32_t rank = 0; rank < size; ++rank) {
    const auto report = reports.find(rank);
    if (report == reports.end()) {
      account.silent.push_back(rank);
      continue;
    }
    switch (report->second.state) {
      case RankState::started:
        account.unfinished.push_back(rank);
        break;
      case RankState::done:
        ++account.done;
        break;
      case RankState::left:
        ++account.left;
        break;
      case RankState::failed:
        account.failed.push_back(rank);
        break;
    }
  }
  return account;
}

bool hears_another_host(const RankReports& reports, std::string_view host) {
  return std::ranges::any_of(reports, [&](const auto& entry) { return entry.second.host != host; });
}

std::vector<std::string> account_lines(const RankAccount& account, const RankReports& reports) {
  const std::size_t missing = account.silent.size() + account.unfinished.size() + account.failed.size();
  std::vector<std::string> lines = {
      fmt::format("{} rank{}: {} complete result{}, {} on hosts that another rank measures, {} missing",
                  account.done + account.left + missing, plural(account.done + account.left + missing), account.done,
                  plural(account.done), account.left, missing)};
  add_named(lines, account.failed, reports, "failed");
  add_named(lines, account.unfinished, reports, "has started and not ended");
  if (!account.silent.empty())
    lines.push_back(fmt::format("rank{} {} told nothing", plural(account.silent.size()), ranges_of(account.silent)));
  return lines;
}

}  // namespace ipcbench
