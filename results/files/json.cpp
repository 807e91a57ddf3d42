#include "results/files/json.h"

#include <cstddef>
#include <optional>
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
  CaseTap(const std::string& file, Form form) : file_(file), form_(form) {}

  void key(std::size_t depth, std::string_view name) {
    if (depth != kDocument) return;
    in_cases_ = name == "cases";
    in_form_ = name == "form";
  }
  void sees(std::size_t depth, Json& value) {
    if (depth == kCases && in_cases_) take(value);
    if (depth != kDocument || !in_form_ || value != kSummaryForm) return;
    form_ = Form::summary;
    is_late_ = !cases_.empty() || !error_.empty();
  }

  // Returns what the document holds.
  Form form() const { return form_; }
  // Returns whether the document said so after cases that were read as those of a whole result.
  bool is_late() const { return is_late_; }
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
        Reader(node, file_, form_, place).record(cases_.emplace_back());
      }
    } catch (const ResultError& error) {
      error_ = error.what();  // the schema's version may be the better answer
    }
    node = nullptr;
  }

  const std::string& file_;
  Form form_;
  bool in_cases_ = false, in_form_ = false, is_late_ = false;
  std::vector<CaseRecord> cases_;
  std::string error_;
};

Result read_document(std::string_view text, const std::string& file, std::string_view schema) {
  std::optional<CaseTap> tap(std::in_place, file, schema == kJournalSchema ? Form::outline : Form::full);
  Json document = parse(text, file, *tap);
  if (tap->is_late()) document = parse(text, file, tap.emplace(file, Form::summary));  // keys have no order in JSON
  Reader reader(document, file, tap->form());
  check_schema(document, schema, reader);
  Result result;
  reader.record(result);
  if (result.form && *result.form != kSummaryForm) reader.fail("form: expected \"summary\"");
  if (const std::string why = why_no_looks(result.looks); !why.empty()) reader.fail(fmt::format("looks: {}", why));
  result.cases = tap->cases();
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
  json::RecordWriter writer(kLaunchDepth, result.form ? json::Form::summary : json::Form::full);
  writer.document(result, kResultSchema);
  return writer.take() + '\n';
}

std::string to_json_line(const LaunchRecord& launch) {
  json::RecordWriter writer(0, json::Form::full);
  writer.document([&] {
    writer("case", launch.case_id);
    json::fields(writer, launch);
  });
  return writer.take();
}

std::string to_json_line(const std::string& case_id, const ChannelRecord& channel) {
  json::RecordWriter writer(0, json::Form::full);
  writer.document([&] {
    writer("case", case_id);
    writer("channel", channel);
  });
  return writer.take();
}

// Searches for the key. Quotes within a string are escaped, so the text can't occur in a value.
bool is_channel_line(std::string_view line) noexcept { return line.find("\"channel\":") != std::string_view::npos; }

std::string journal_header(const Result& result) {
  json::RecordWriter writer(0, json::Form::outline);
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
  json::Reader reader(document, file, json::Form::full);
  std::pair<std::string, ChannelRecord> found;
  reader.word("case", found.first);
  reader("channel", found.second);
  return found;
}

LaunchRecord launch_from_json(std::string_view line, const std::string& file) {
  const json::Json document = json::parse(line, file);
  json::Reader reader(document, file, json::Form::full);
  LaunchRecord launch;
  reader.record(launch);
  reader.word("case", launch.case_id);
  return launch;
}

}  // namespace ipcbench
