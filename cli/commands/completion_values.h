#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ipcbench {

// Holds a completion that a shell may offer, with its description ("" for none).
struct Candidate {
  std::string word;
  std::string text;
};

// Returns the values of an option ("--transport") or argument ("SUITE") that CLI11 doesn't check against a list.
// `positionals` are the line's other arguments: a suite determines case ids, a result file its cases. Returns none if
// file names are wanted, or if the other arguments are wrong.
std::vector<Candidate> completion_values(std::string_view name, const std::vector<std::string>& positionals);

}  // namespace ipcbench
