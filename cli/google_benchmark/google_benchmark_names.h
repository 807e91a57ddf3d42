#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

// What Google Benchmark's names hold besides the case id: "ID/iterations:5000/manual_time". Not built with it, so that
// its absence removes no test.

namespace ipcbench {

// Iterations by case id: those of an earlier result.
using IterationsOfCases = std::map<std::string, std::uint64_t, std::less<>>;

// Whether `filter` may select this case, whatever its iterations turn out to be: they are part of a benchmark's name.
// Throws UsageError for what is no expression.
bool may_be_selected(std::string_view filter, const std::string& case_id);

// The iterations in a JSON file of Google Benchmark, by case id; what isn't a case of ours is passed over. Throws
// UsageError for a file that can't be read or is something else.
IterationsOfCases iterations_in(const std::string& file);
// The same of such a file's text.
IterationsOfCases iterations_from_text(std::string_view text, const std::string& file);

}  // namespace ipcbench
