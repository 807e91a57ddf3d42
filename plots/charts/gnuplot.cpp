#include "plots/charts/gnuplot.h"

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/process/find_program.h"
#include "harness/process/run_program.h"
#include "results/model/utf8.h"

namespace ipcbench {
namespace {

constexpr std::chrono::seconds kPatience(60);

}  // namespace

std::string gnuplot_program() { return find_program("gnuplot"); }

void run_gnuplot(const std::string& program, const std::string& folder, const std::string& script) {
  const auto set_up = [&] { std::filesystem::current_path(folder); };
  const ProgramEnd end = run_program({.words = {program, "-d", script}, .set_up = set_up}, kPatience, OnStop::wait);
  if (end.status.clean()) return;
  errno = end.in_time ? EIO : ETIMEDOUT;
  throw_errno("{} on {}/{} {}{}", program, printable(folder), script, describe(end.status), printable(saying(end.err)));
}

DrawingFolder::DrawingFolder() : path_((std::filesystem::temp_directory_path() / "ipcbench-charts-XXXXXX").string()) {
  if (::mkdtemp(path_.data()) == nullptr) throw_errno("make the folder {}", path_);
}

DrawingFolder::~DrawingFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace ipcbench
