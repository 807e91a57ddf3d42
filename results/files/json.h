#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "results/model/record.h"
#include "results/model/result_error.h"

// Writes and reads results as JSON text. docs/result-format.md defines every key, results/schema/ the JSON Schema.

namespace ipcbench {

inline constexpr std::string_view kResultSchema = "ipcbench-result";
inline constexpr std::string_view kJournalSchema = "ipcbench-journal";

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

}  // namespace ipcbench
