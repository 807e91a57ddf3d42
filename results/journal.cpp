#include "results/journal.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <map>
#include <optional>
#include <utility>

#include <fmt/core.h>

#include "harness/os/error.h"
#include "results/json.h"
#include "results/summary.h"
#include "results/utf8.h"

namespace ipcbench {

Journal::Journal(std::string path, const Result& result)
    : path_(std::move(path)), fd_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666)) {
  if (!fd_) throw_errno("open journal {}", path_);
  append_header(result);
}

void Journal::append(const LaunchRecord& launch) { write_line(to_json_line(launch)); }

void Journal::append_header(const Result& result) { write_line(journal_header(result)); }

void Journal::remove() noexcept {
  fd_.reset();
  ::unlink(path_.c_str());
}

void Journal::write_line(std::string line) {
  line += '\n';
  struct stat before {};
  if (::fstat(fd_.get(), &before) != 0) throw_errno("fstat journal {}", path_);
  ssize_t written = 0;
  do {
    written = ::write(fd_.get(), line.data(), line.size());
  } while (written < 0 && errno == EINTR);
  if (written < 0) throw_errno("write journal {}", path_);
  if (static_cast<std::size_t>(written) == line.size()) return;
  // A regular file takes less than all only when there is no more room. The next line must not follow half a line.
  if (S_ISREG(before.st_mode) && ::ftruncate(fd_.get(), before.st_size) != 0)
    throw_errno("ftruncate journal {}", path_);
  errno = ENOSPC;
  throw_errno("write journal {}: {} of {} bytes", path_, written, line.size());
}

namespace {

bool is_header(std::string_view line) {
  return line.substr(0, 80).find(kJournalSchema) != std::string_view::npos && line.find("\"schema\"") < 8;
}

class Rebuilder {
 public:
  explicit Rebuilder(const std::string& file) : file_(file) {}

  void take(std::string_view line, std::size_t number) {
    const std::string where = fmt::format("{}:{}", file_, number);
    if (number == 1 || is_header(line)) {
      take_header(result_from_journal_header(line, where), where);
    } else {
      take_launch(launch_from_json(line, where), where);
    }
  }

  JournalContent finish() && {
    content_.result.complete = false;
    summarise(content_.result);
    return std::move(content_);
  }

 private:
  void take_header(Result header, const std::string& where) {
    std::vector<CaseRecord> measured = std::move(content_.result.cases);
    content_.result = std::move(header);
    index_.clear();
    for (std::size_t i = 0; i < content_.result.cases.size(); ++i) index_[content_.result.cases[i].id] = i;
    for (CaseRecord& c : measured) {
      for (LaunchRecord& launch : c.launches) place(std::move(launch), where);
    }
  }

  void take_launch(LaunchRecord launch, const std::string& where) {
    place(std::move(launch), where);
    ++content_.launches;
  }

  void place(LaunchRecord launch, const std::string& where) {
    const auto found = index_.find(launch.case_id);
    if (found == index_.end()) {
      throw ResultError(fmt::format("{}: case: \"{}\" was not planned", where, printable(launch.case_id)));
    }
    CaseRecord& c = content_.result.cases[found->second];
    if (c.ops == 0) c.ops = launch.ops;  // the header was written before the pilot pass
    c.launches.push_back(std::move(launch));
  }

  const std::string& file_;
  JournalContent content_;
  std::map<std::string, std::size_t> index_;
};

}  // namespace

JournalContent journal_from_text(std::string_view text, const std::string& file) {
  Rebuilder rebuilder(file);
  std::size_t number = 0;
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    rebuilder.take(text.substr(0, end), ++number);
    text.remove_prefix(end + 1);
  }
  if (number == 0) throw ResultError(fmt::format("{}: an {} without a whole first line", file, kJournalSchema));
  JournalContent content = std::move(rebuilder).finish();
  if (!text.empty()) {
    content.torn = fmt::format("line {} is cut after {} bytes and was left out", number + 1, text.size());
    content.result.notes.push_back(fmt::format("journal: {}", content.torn));
  }
  return content;
}

}  // namespace ipcbench
