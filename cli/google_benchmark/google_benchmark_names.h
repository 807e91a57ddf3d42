#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

// Parses Google Benchmark's names: "ID/iterations:5000/manual_time". It doesn't use the library, so that its tests
// always run.

namespace ipcbench {

// Iterations by case id, from an earlier result.
using IterationsOfCases = std::map<std::string, std::uint64_t, std::less<>>;

// Returns whether `filter` may select this case for some number of iterations, which is part of a benchmark's name.
// Throws UsageError if it is no regular expression.
bool may_be_selected(std::string_view filter, const std::string& case_id);

// Reads the iterations from a JSON file of Google Benchmark, by case id; names that are no cases are skipped. Throws
// UsageError for a file that can't be read or has another format.
IterationsOfCases iterations_in(const std::string& file);
// Reads them from the text of such a file.
IterationsOfCases iterations_from_text(std::string_view text, const std::string& file);

}  // namespace ipcbench
