// Checks that presets, scripts, build files and docs/building.md agree.

#include <map>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "harness/base/io.h"

namespace ipcbench {
namespace {

using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

std::string source(const std::string& file) { return read_file(IPCBENCH_SOURCE_DIR "/" + file); }

// Returns the configurable presets with a variable's value: their own, or that of the nearest ancestor.
std::map<std::string, std::string> presets_with(const std::string& variable) {
  std::map<std::string, nlohmann::json> all;
  const nlohmann::json file = nlohmann::json::parse(source("CMakePresets.json"));
  for (const nlohmann::json& preset : file.at("configurePresets")) all[preset.at("name")] = preset;
  std::map<std::string, std::string> values;
  for (const auto& [name, preset] : all) {
    if (preset.value("hidden", false)) continue;
    std::string from = name;
    while (!from.empty() && !all.at(from).value("cacheVariables", nlohmann::json::object()).contains(variable)) {
      from = all.at(from).value("inherits", "");
    }
    values[name] = from.empty() ? "" : all.at(from).at("cacheVariables").at(variable).get<std::string>();
  }
  return values;
}

TEST(Building, OnlyDevelopersPresetsMakeWarningsErrors) {
  std::set<std::string> strict;
  for (const auto& [name, value] : presets_with("IPCBENCH_WERROR")) {
    if (value == "ON") strict.insert(name);
  }
  EXPECT_THAT(strict, UnorderedElementsAre("dev", "aarch64", "asan-ubsan", "tsan", "fuzz"));
}

// Returns the version after the words: "find_package(fmt 9 REQUIRED)" -> "9".
std::string version_behind(const std::string& text, const std::string& words) {
  const std::size_t at = text.find(words);
  if (at == std::string::npos) return "not there: " + words;
  const std::size_t begin = at + words.size();
  return text.substr(begin, text.find_first_not_of("0123456789.", begin) - begin);
}

TEST(Building, TheLeastVersionsAreThoseOfTheDocument) {
  const std::string build = source("CMakeLists.txt");
  const std::string document = source("docs/building.md");
  const std::map<std::string, std::string> rows = {
      {"CMake", "cmake_minimum_required(VERSION "},
      {"g++", "STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS "},
      {"clang", "STREQUAL Clang AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS "},
      {"fmt", "find_package(fmt "},
      {"nlohmann-json", "find_package(nlohmann_json "},
      {"CLI11", "find_package(CLI11 "},
      {"toml++", "tomlplusplus>="},
      {"hwloc", "hwloc>="},
      {"Boost, headers alone", "find_package(Boost "},
      {"libsystemd", "libsystemd>="},
      {"Google Benchmark", "find_package(benchmark "}};
  for (const auto& [row, words] : rows) {
    EXPECT_THAT(document, HasSubstr("\n| " + row + " | " + version_behind(build, words) + " |"));
  }
}

TEST(Building, TheScriptAsksForWhatTheBuildAsksFor) {
  const std::string build = source("CMakeLists.txt");
  const std::string script = source("tools/setup.sh");
  EXPECT_EQ(version_behind(script, "ipcbench_least_cmake="), version_behind(build, "cmake_minimum_required(VERSION "));
  EXPECT_EQ(version_behind(script, "ipcbench_least_gcc="),
            version_behind(build, "STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS "));
  EXPECT_EQ(version_behind(script, "ipcbench_least_clang="),
            version_behind(build, "STREQUAL Clang AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS "));
}

TEST(Building, TheSystemsOfTheReadmeAreThoseOfTheScript) {
  const std::string systems = "Debian 12 and 13 and Ubuntu 24.04";
  EXPECT_THAT(source("tools/setup.sh"), HasSubstr("ipcbench_supported_text=\"" + systems + '"'));
  EXPECT_THAT(source("README.md"), HasSubstr(systems));
  EXPECT_THAT(source("docs/building.md"), HasSubstr(systems));
}

}  // namespace
}  // namespace ipcbench
