#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "harness/base/usage_error.h"
#include "results/compare/pairs.h"
#include "results/model/record.h"

// Writes and reads results as JSON text. docs/result-format.md defines every key, results/schema/ the JSON Schema.

namespace ipcbench {

inline constexpr std::string_view kResultSchema = "ipcbench-result";
inline constexpr std::string_view kJournalSchema = "ipcbench-journal";
inline constexpr std::size_t kLongestWord = 512;  // bytes of an id or of another word that is looked up
inline constexpr int kResultVersion = 1;          // also of the other schemas, until one of them changes

// Thrown for a stored result that can't be read: "FILE: cases[3].summary: …".
class ResultError : public UsageError {
 public:
  using UsageError::UsageError;
};

// Returns a document, one launch a line, that ends in a newline. Non-finite numbers become null and invalid UTF-8
// becomes U+FFFD; everything else survives a round trip.
std::string to_json(const Result& result);

// Reads strictly: all keys of this version with their types, and unique case ids; unknown keys are skipped. `file`
// names the text in errors. Throws ResultError for any malformed text.
Result result_from_json(std::string_view text, const std::string& file);

// Returns one line without a newline; the launch's case id is under "case".
std::string to_json_line(const LaunchRecord& launch);
LaunchRecord launch_from_json(std::string_view line, const std::string& file);
// Returns a case's channel in the same form.
std::string to_json_line(const std::string& case_id, const ChannelRecord& channel);
bool is_channel_line(std::string_view line) noexcept;
std::pair<std::string, ChannelRecord> channel_from_json(std::string_view line, const std::string& file);

// Returns the journal's first line without a newline: the result and its cases, without launches and without what
// follows from them.
std::string journal_header(const Result& result);
Result result_from_journal_header(std::string_view line, const std::string& file);

// Read the header and the pairs of a file of paired launches (pairs.h).
PairHeader pair_header_from_json(std::string_view line, const std::string& file);
SamplePair pair_from_json(std::string_view line, const std::string& file);

// Return a JSON string with its quotes, and a JSON number, or null if it isn't finite. Numbers have the fewest digits
// that read back the same.
std::string json_quoted(std::string_view text);
std::string json_number(double value);

}  // namespace ipcbench
