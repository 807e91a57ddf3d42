#pragma once

#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

namespace ipcbench {

struct Outcome {
  int code = -1;
  std::string out;
  std::string err;
};

inline std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Gives each test its own folder and runs the program as scripts do.
class Cli : public ::testing::Test {
 public:
  Cli(const Cli&) = delete;
  Cli& operator=(const Cli&) = delete;

 protected:
  Cli() {
    std::string name = (std::filesystem::temp_directory_path() / "ipcbench-cli-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp " + name);
    folder_ = name;
  }
  ~Cli() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  // Runs a line of bash in a fresh folder; $ipcbench is the program.
  Outcome shell(const std::string& line) const {
    std::ofstream(folder_ / "script") << "cd '" << folder_.string() << "'\nipcbench='" << IPCBENCH_PROGRAM << "'\n"
                                      << "set -o pipefail\n"
                                      << line << "\n";
    const std::string files =
        " >'" + (folder_ / "out").string() + "' 2>'" + (folder_ / "err").string() + "' </dev/null";
    const int status = std::system(("bash '" + (folder_ / "script").string() + "'" + files).c_str());
    return {.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
            .out = content_of(folder_ / "out"),
            .err = content_of(folder_ / "err")};
  }
  Outcome ipcbench(const std::string& arguments) const { return shell("\"$ipcbench\" " + arguments); }

  std::filesystem::path folder_;
};

}  // namespace ipcbench
