#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ipcbench {

// A word that a shell may complete to, and what it means ("": nothing to say).
struct Candidate {
  std::string word;
  std::string text;
};

// What may stand for an option ("--transport") or an argument ("SUITE") whose values no check holds. `positionals` are
// the line's other arguments: a suite decides about case ids, a result file about its cases. None where file names are
// wanted, or where the other arguments are wrong.
std::vector<Candidate> completion_values(std::string_view name, const std::vector<std::string>& positionals);

}  // namespace ipcbench
