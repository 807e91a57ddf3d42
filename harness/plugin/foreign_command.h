#pragma once

#include <string>
#include <vector>

#include "harness/plugin/plugin_file.h"

namespace ipcbench {

// ForeignCommand is a program of another language that can take a seat of a launch: `python3 worker.py`.
struct ForeignCommand {
  std::string text;                // as the user gave it
  std::vector<std::string> words;  // the program's absolute path, then its arguments
  PluginFile code;                 // the first argument that is a file, such as a script; else the program
};

// Splits a command at its spaces, by no shell, and looks for its program in PATH. Throws UsageError if it isn't there,
// or if others may change its program or its code.
ForeignCommand foreign_command(const std::string& text);

}  // namespace ipcbench
