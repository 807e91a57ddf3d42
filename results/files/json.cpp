#include "results/files/json.h"

#include <cstddef>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "results/compare/looks.h"
#include "results/files/json_fields.h"
#include "results/files/json_reader.h"
#include "results/files/record_writer.h"
#include "results/model/json_tree.h"

namespace ipcbench {
namespace json {
namespace {

// Reads each case as soon as it is parsed and leaves null in its place. Cases are nearly all of a result, and their
// tree takes many times the memory of the records.
class CaseTap {
 public:
  CaseTap(const std::string& file, bool outline) : file_(file), outline_(outline) {}

  void key(std::size_t depth, std::string_view name) {
    if (depth == kDocument) in_cases_ = name == "cases";
  }
  void sees(std::size_t depth, Json& value) {
    if (depth == kCases && in_cases_) take(value);
  }

  // Throws the first error of any case.
  std::vector<CaseRecord> cases() {
    if (!error_.empty()) throw ResultError(error_);
    return std::move(cases_);
  }

 private:
  // Depths of the document's members and of the elements of its array of cases.
  static constexpr std::size_t kDocument = 1, kCases = 2;

  void take(Json& node) {
    try {
      if (error_.empty() && cases_.size() == kMostElements)
        throw ResultError(fmt::format("{}: cases: more than {} elements", file_, kMostElements));
      if (error_.empty()) {
        const std::string place = fmt::format("cases[{}]", cases_.size());
        Reader(node, file_, outline_, place).record(cases_.emplace_back());
      }
    } catch (const ResultError& error) {
      error_ = error.what();  // the schema's version may be the better answer
    }
    node = nullptr;
  }

  const std::string& file_;
  bool outline_;
  bool in_cases_ = false;
  std::vector<CaseRecord> cases_;
  std::string error_;
};

Result read_document(std::string_view text, const std::string& file, std::string_view schema) {
  const bool is_outline = schema == kJournalSchema;
  CaseTap tap(file, is_outline);
  const Json document = parse(text, file, tap);
  Reader reader(document, file, is_outline);
  check_schema(document, schema, reader);
  Result result;
  reader.record(result);
  if (const std::string why = why_no_looks(result.looks); !why.empty()) reader.fail(fmt::format("looks: {}", why));
  result.cases = tap.cases();
  std::set<std::string_view> ids;
  for (std::size_t i = 0; i < result.cases.size(); ++i) {
    CaseRecord& c = result.cases[i];
    if (!ids.insert(c.id).second) reader.fail(fmt::format("cases[{}].id: this case is there twice", i));
    for (LaunchRecord& launch : c.launches) launch.case_id = c.id;
    if (c.counted) c.counted->case_id = c.id;
  }
  return result;
}

}  // namespace
}  // namespace json

std::string to_json(const Result& result) {
  constexpr std::size_t kLaunchDepth = 4;  // document, cases, case, launches: a launch is one line
  json::RecordWriter writer(kLaunchDepth, false);
  writer.document(result, kResultSchema);
  return writer.take() + '\n';
}

std::string to_json_line(const LaunchRecord& launch) {
  json::RecordWriter writer(0, false);
  writer.document([&] {
    writer("case", launch.case_id);
    json::fields(writer, launch);
  });
  return writer.take();
}

std::string to_json_line(const std::string& case_id, const ChannelRecord& channel) {
  json::RecordWriter writer(0, false);
  writer.document([&] {
    writer("case", case_id);
    writer("channel", channel);
  });
  return writer.take();
}

// Searches for the key. Quotes within a string are escaped, so the text can't occur in a value.
bool is_channel_line(std::string_view line) noexcept { return line.find("\"channel\":") != std::string_view::npos; }

std::string journal_header(const Result& result) {
  json::RecordWriter writer(0, true);
  writer.document(result, kJournalSchema);
  return writer.take();
}

Result result_from_json(std::string_view text, const std::string& file) {
  return json::read_document(text, file, kResultSchema);
}

Result result_from_journal_header(std::string_view line, const std::string& file) {
  return json::read_document(line, file, kJournalSchema);
}

std::pair<std::string, ChannelRecord> channel_from_json(std::string_view line, const std::string& file) {
  const json::Json document = json::parse(line, file);
  json::Reader reader(document, file, false);
  std::pair<std::string, ChannelRecord> found;
  reader.word("case", found.first);
  reader("channel", found.second);
  return found;
}

LaunchRecord launch_from_json(std::string_view line, const std::string& file) {
  const json::Json document = json::parse(line, file);
  json::Reader reader(document, file, false);
  LaunchRecord launch;
  reader.record(launch);
  reader.word("case", launch.case_id);
  return launch;
}

}  // namespace ipcbench
