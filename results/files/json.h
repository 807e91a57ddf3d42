#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "harness/base/usage_error.h"
#include "results/compare/pairs.h"
#include "results/model/record.h"

// Results as JSON text. docs/result-format.md says what every key means; results/schema/ holds its JSON Schema.

namespace ipcbench {

inline constexpr std::string_view kResultSchema = "ipcbench-result";
inline constexpr std::string_view kJournalSchema = "ipcbench-journal";
inline constexpr std::size_t kLongestWord = 512;  // bytes of an id or of another word that others look up
inline constexpr int kResultVersion = 1;          // also of the other schemas, until one of them changes

// A stored result that can't be read: "FILE: cases[3].summary: …".
class ResultError : public UsageError {
 public:
  using UsageError::UsageError;
};

// A document with a newline at its end: one launch a line. Numbers that aren't finite become null; bytes that aren't
// UTF-8 become U+FFFD. Everything else comes back as it was.
std::string to_json(const Result& result);

// Strict: all keys of this version with their types, and no two cases of one id; keys it doesn't know are passed over.
// `file` names the text in errors. Throws ResultError, whatever the text holds.
Result result_from_json(std::string_view text, const std::string& file);

// One line without its newline, the launch's case under "case".
std::string to_json_line(const LaunchRecord& launch);
LaunchRecord launch_from_json(std::string_view line, const std::string& file);
// The same of a case's channel.
std::string to_json_line(const std::string& case_id, const ChannelRecord& channel);
bool is_channel_line(std::string_view line) noexcept;
std::pair<std::string, ChannelRecord> channel_from_json(std::string_view line, const std::string& file);

// The journal's first line, without its newline: the result with its cases, but without launches and what is computed
// from them.
std::string journal_header(const Result& result);
Result result_from_journal_header(std::string_view line, const std::string& file);

// Of a file of paired launches (pairs.h): its header and its other lines.
PairHeader pair_header_from_json(std::string_view line, const std::string& file);
SamplePair pair_from_json(std::string_view line, const std::string& file);

// A JSON string with its quotes; a JSON number, or null if it isn't finite. Numbers are the shortest that read back the
// same.
std::string json_quoted(std::string_view text);
std::string json_number(double value);

}  // namespace ipcbench
