#include "results/files/journal.h"

#include <fcntl.h>

#include <cstddef>
#include <map>
#include <optional>
#include <utility>

#include <fmt/core.h>

#include "harness/files/output_file.h"
#include "results/figures/summary.h"
#include "results/files/json.h"
#include "results/model/result_error.h"
#include "results/model/utf8.h"

namespace ipcbench {

namespace {

bool is_journal_header(std::string_view line) {
  return line.substr(0, 80).find(kJournalSchema) != std::string_view::npos && line.find("\"schema\"") < 8;
}

// Counts whole lines other than headers: what a run would lose with its journal.
std::size_t launches_in(std::string_view text) {
  std::size_t launches = 0;
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    if (!is_journal_header(text.substr(0, end))) ++launches;
    text.remove_prefix(end + 1);
  }
  return launches;
}

}  // namespace

Journal::Journal(std::string path, int open_flags) : log_(std::move(path), "journal", open_flags) {}

Journal::Journal(std::string path, const Result& result) : Journal(std::move(path), O_CREAT) {
  const std::string known = text();
  if (!is_torn_header(known) && !is_journal(known))
    throw UsageError(fmt::format("{} is no journal of a run; remove it, or name another output", log_.path()));
  if (const std::size_t launches = launches_in(known); launches > 0) {
    throw JournalUnfinished(fmt::format("{} holds {} launches of a run that is not finished", log_.path(), launches));
  }
  log_.clear();
  append_header(result);
}

Journal Journal::open(std::string path) { return {std::move(path), 0}; }

void Journal::restore(const std::string& path, const Result& result) {
  std::string text = journal_header(result) + '\n';
  for (const CaseRecord& c : result.cases) {
    for (const LaunchRecord& launch : c.launches) text += to_json_line(launch) + '\n';
    if (c.counted) text += to_json_line(*c.counted) + '\n';
    if (c.channel) text += to_json_line(c.id, *c.channel) + '\n';
  }
  write_file_atomically(path, text);
}

void Journal::append(const LaunchRecord& launch) { log_.append(to_json_line(launch)); }

void Journal::append(const std::string& case_id, const ChannelRecord& channel) {
  log_.append(to_json_line(case_id, channel));
}

void Journal::append_header(const Result& result) { log_.append(journal_header(result)); }

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
    if (c.ops == 0) c.ops = launch.ops;  // the header was written before the pilot
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

bool is_torn_header(std::string_view text) {
  const std::string header = journal_header({});
  const std::string_view begin(header.data(), header.find(kJournalSchema) + kJournalSchema.size());
  return text.find('\n') == std::string_view::npos && (text.starts_with(begin) || begin.starts_with(text));
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
