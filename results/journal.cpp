#include "results/journal.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <map>
#include <optional>
#include <utility>

#include <fmt/core.h>

#include "harness/os/error.h"
#include "harness/os/io.h"
#include "results/json.h"
#include "results/summary.h"
#include "results/utf8.h"

namespace ipcbench {

namespace {

// A record lock: a forked worker doesn't have it, so it is free as soon as the coordinator is dead. A file system
// without locks has to do without.
void lock_journal(int fd, const std::string& path) {
  struct flock whole {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  if (::fcntl(fd, F_SETLK, &whole) != 0 && (errno == EACCES || errno == EAGAIN)) {
    throw JournalInUse(fmt::format("{}: another process measures into it", path));
  }
}

// Not a device: what has been written there stays.
bool can_be_cut(int fd, const std::string& path, off_t& size) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) throw_errno("fstat journal {}", path);
  size = status.st_size;
  return S_ISREG(status.st_mode);
}

bool is_journal_header(std::string_view line) {
  return line.substr(0, 80).find(kJournalSchema) != std::string_view::npos && line.find("\"schema\"") < 8;
}

// Whole lines that are no header: what a run would lose with its journal.
std::size_t launches_in(std::string_view text) {
  std::size_t launches = 0;
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    if (!is_journal_header(text.substr(0, end))) ++launches;
    text.remove_prefix(end + 1);
  }
  return launches;
}

}  // namespace

Journal::Journal(std::string path, int open_flags)
    : path_(std::move(path)), fd_(::open(path_.c_str(), open_flags | O_APPEND | O_CLOEXEC, 0666)) {
  if (!fd_) throw_errno("open journal {}", path_);
  lock_journal(fd_.get(), path_);
}

Journal::Journal(std::string path, const Result& result) : Journal(std::move(path), O_RDWR | O_CREAT) {
  off_t size = 0;
  if (can_be_cut(fd_.get(), path_, size)) {
    if (const std::size_t launches = launches_in(text()); launches > 0) {
      throw JournalUnfinished(fmt::format("{} holds {} launches of a run that is not finished", path_, launches));
    }
    if (::ftruncate(fd_.get(), 0) != 0) throw_errno("ftruncate journal {}", path_);
  }
  append_header(result);
}

Journal Journal::open(std::string path) { return {std::move(path), O_RDWR}; }

void Journal::restore(const std::string& path, const Result& result) {
  std::string text = journal_header(result) + '\n';
  for (const CaseRecord& c : result.cases) {
    for (const LaunchRecord& launch : c.launches) text += to_json_line(launch) + '\n';
    if (c.counted) text += to_json_line(*c.counted) + '\n';
    if (c.channel) text += to_json_line(c.id, *c.channel) + '\n';
  }
  write_file_atomically(path, text);
}

std::string Journal::text() const {
  std::string text;
  std::array<char, 65536> part{};
  while (true) {
    const ssize_t got = ::pread(fd_.get(), part.data(), part.size(), static_cast<off_t>(text.size()));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw_errno("read journal {}", path_);
    if (got == 0) return text;
    text.append(part.data(), static_cast<std::size_t>(got));
  }
}

void Journal::drop_torn_line() {
  const std::string whole = text();
  const std::size_t end = whole.rfind('\n');
  const std::size_t kept = end == std::string::npos ? 0 : end + 1;
  if (kept != whole.size() && ::ftruncate(fd_.get(), static_cast<off_t>(kept)) != 0) {
    throw_errno("ftruncate journal {}", path_);
  }
}

void Journal::append(const LaunchRecord& launch) { write_line(to_json_line(launch)); }

void Journal::append(const std::string& case_id, const ChannelRecord& channel) {
  write_line(to_json_line(case_id, channel));
}

void Journal::append_header(const Result& result) { write_line(journal_header(result)); }

void Journal::remove() noexcept {
  fd_.reset();
  ::unlink(path_.c_str());
}

void Journal::write_line(std::string line) {
  line += '\n';
  off_t before = 0;
  const bool regular = can_be_cut(fd_.get(), path_, before);
  ssize_t written = 0;
  do {
    written = ::write(fd_.get(), line.data(), line.size());
  } while (written < 0 && errno == EINTR);
  if (written < 0) throw_errno("write journal {}", path_);
  if (static_cast<std::size_t>(written) == line.size()) return;
  // A regular file takes less than all only when there is no more room. The next line must not follow half a line.
  if (regular && ::ftruncate(fd_.get(), before) != 0) throw_errno("ftruncate journal {}", path_);
  errno = ENOSPC;
  throw_errno("write journal {}: {} of {} bytes", path_, written, line.size());
}

namespace {

class Rebuilder {
 public:
  explicit Rebuilder(const std::string& file) : file_(file) {}

  void take(std::string_view line, std::size_t number) {
    const std::string where = fmt::format("{}:{}", file_, number);
    if (number == 1 || is_journal_header(line)) {
      take_header(result_from_journal_header(line, where), where);
    } else if (is_channel_line(line)) {
      auto [id, channel] = channel_from_json(line, where);
      case_of(id, where).channel = std::move(channel);
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
      if (c.counted) place(std::move(*c.counted), where);
      if (c.channel) case_of(c.id, where).channel = std::move(c.channel);
    }
  }

  void take_launch(LaunchRecord launch, const std::string& where) {
    place(std::move(launch), where);
    ++content_.launches;
  }

  CaseRecord& case_of(const std::string& id, const std::string& where) {
    const auto found = index_.find(id);
    if (found == index_.end()) {
      throw ResultError(fmt::format("{}: case: \"{}\" was not planned", where, printable(id)));
    }
    return content_.result.cases[found->second];
  }

  void place(LaunchRecord launch, const std::string& where) {
    CaseRecord& c = case_of(launch.case_id, where);
    if (launch.calls) {
      c.counted = std::move(launch);
      return;
    }
    if (c.ops == 0) c.ops = launch.ops;  // the header was written before the pilot pass
    c.launches.push_back(std::move(launch));
  }

  const std::string& file_;
  JournalContent content_;
  std::map<std::string, std::size_t> index_;
};

}  // namespace

bool is_journal(std::string_view text) noexcept {
  return text.substr(0, 80).find(kJournalSchema) != std::string_view::npos;
}

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
