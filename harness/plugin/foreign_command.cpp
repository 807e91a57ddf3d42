#include "harness/plugin/foreign_command.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "harness/base/usage_error.h"
#include "harness/process/find_program.h"

namespace ipcbench {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFlag = "--worker";

std::vector<std::string> words_in(std::string_view text) {
  std::vector<std::string> words;
  while (true) {
    const std::size_t begin = text.find_first_not_of(" \t");
    if (begin == text.npos) return words;
    text.remove_prefix(begin);
    const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

// Returns the file's absolute path; "" if there is none. Links stay: a program may look at the name that it was
// started by, as that of a virtual environment of Python does.
std::string file_at(const std::string& path) {
  std::error_code error;
  return fs::is_regular_file(path, error) ? fs::absolute(path).string() : "";
}

}  // namespace

ForeignCommand foreign_command(const std::string& text) {
  ForeignCommand command{.text = text, .words = words_in(text), .code = {}};
  if (command.words.empty()) throw UsageError("--worker takes a command, as 'python3 worker.py'");
  const std::string name = command.words.front();
  const std::string program = file_at(name.find('/') == name.npos ? find_program(name) : name);
  if (program.empty() || ::access(program.c_str(), X_OK) != 0) {
    throw UsageError(fmt::format("--worker '{}': {} is not a program{}; it takes a command, as 'python3 worker.py'",
                                 text, name, name.find('/') == name.npos ? " in PATH" : ""));
  }
  command.words.front() = program;
  command.code = trusted_file(program, kFlag);
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    const std::string file = file_at(command.words[i]);
    if (file.empty()) continue;
    command.code = trusted_file(file, kFlag);
    break;
  }
  return command;
}

}  // namespace ipcbench
