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

// Finds the program that words[first] names, and puts its path there.
PluginFile program_at(std::size_t first, ForeignCommand& command) {
  std::string& word = command.words[first];
  const bool is_in_path = word.find('/') == word.npos;
  const std::string program = file_at(is_in_path ? find_program(word) : word);
  if (program.empty() || ::access(program.c_str(), X_OK) != 0) {
    throw UsageError(fmt::format("--worker '{}': {} is not a program{}; it takes a command, as 'python3 worker.py'",
                                 command.text, word, is_in_path ? " in PATH" : ""));
  }
  word = program;
  return trusted_file(program, kFlag);
}

// Returns the place of the worker's program, behind kSocketWord and the "--" that ends this program's own flags.
std::size_t program_behind(std::size_t socket, const ForeignCommand& command) {
  const std::vector<std::string>& words = command.words;
  const std::size_t program = socket + 2;
  if (socket == 0 || program >= words.size() || words[program - 1] != "--" ||
      command.text.find(kSocketWord) != command.text.rfind(kSocketWord)) {
    throw UsageError(
        fmt::format("--worker '{}': {} stands once, and a -- behind it, as in 'mpirun -n 1 ipcbench "
                    "worker --connect {} -- python3 worker.py'",
                    command.text, kSocketWord, kSocketWord));
  }
  return program;
}

}  // namespace

ForeignCommand foreign_command(const std::string& text) {
  ForeignCommand command{.text = text, .words = words_in(text), .code = {}};
  if (command.words.empty()) throw UsageError("--worker takes a command, as 'python3 worker.py'");
  std::size_t worker = 0;
  const auto has_socket = [](const std::string& word) { return word.find(kSocketWord) != word.npos; };
  if (const auto socket = std::ranges::find_if(command.words, has_socket); socket != command.words.end()) {
    command.socket_word = static_cast<std::size_t>(socket - command.words.begin());
    worker = program_behind(command.socket_word, command);
    program_at(0, command);
  }
  command.code = program_at(worker, command);
  bool has_code = false;
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    const std::string file = i == worker ? "" : file_at(command.words[i]);
    if (file.empty() || has_code) continue;
    const PluginFile trusted = trusted_file(file, kFlag);
    has_code = i > worker;  // a file before is the launcher's
    if (has_code) command.code = trusted;
  }
  return command;
}

}  // namespace ipcbench
