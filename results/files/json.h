#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "results/model/record.h"
#include "results/model/result_error.h"

// Results as JSON text. docs/result-format.md says what every key means; results/schema/ holds its JSON Schema.

namespace ipcbench {

inline constexpr std::string_view kResultSchema = "ipcbench-result";
inline constexpr std::string_view kJournalSchema = "ipcbench-journal";

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

}  // namespace ipcbench
