#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "harness/plugin/plugin_file.h"

namespace ipcbench {

// Stands for the path of a run's socket in a command with a launcher.
inline constexpr std::string_view kSocketWord = "{socket}";

// ForeignCommand is a program of another language that can take a seat of a launch: `python3 worker.py`.
struct ForeignCommand {
  std::string text;                // as the user gave it
  std::vector<std::string> words;  // the program's absolute path, then its arguments
  std::size_t socket_word = 0;     // place of the word with kSocketWord, behind a launcher's; 0: there is no launcher
  PluginFile code;                 // the worker's first argument that is a file, such as a script; else its program
};

// Splits a command at its spaces, by no shell, and looks for its program in PATH: the worker's, and that of a launcher
// before kSocketWord. Throws UsageError if one isn't there, or if others may change a program or the code.
ForeignCommand foreign_command(const std::string& text);

}  // namespace ipcbench
