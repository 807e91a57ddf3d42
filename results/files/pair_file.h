#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "results/compare/pairs.h"
#include "results/model/result_error.h"

// A file of paired launches is JSON Lines: a header for each session and a line for each pair (docs/result-format.md).

namespace ipcbench {

inline constexpr std::string_view kPairsSchema = "ipcbench-pairs";

struct PairFile {
  std::vector<PairSession> sessions;
  std::string torn;  // what was passed over at its end, as a sentence; "" if the last line is whole
};

// Each returns one line without a newline.
std::string to_json_line(const PairHeader& header);
std::string to_json_line(const LaunchPair& pair);

// Each reads one line. `file` names it in errors. Throws ResultError, whatever the text holds.
PairHeader pair_header_from_json(std::string_view line, const std::string& file);
LaunchPair pair_from_json(std::string_view line, const std::string& file);

// Reads every line that ends in a newline. `file` names the text in errors. Throws ResultError for any malformed text.
PairFile pairs_from_text(std::string_view text, const std::string& file);
// Reads a file. Throws std::system_error or ResultError, both naming the path.
PairFile load_pairs(const std::string& path);

}  // namespace ipcbench
