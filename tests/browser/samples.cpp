// Prints a result for the tests of the report's page: `browser-samples casts|channels|locks`.

#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>

#include "results/files/json.h"
#include "tests/support/casts.h"

namespace {

ipcbench::Result result_of(std::string_view kind) {
  if (kind == "casts") return ipcbench::cast_result();
  if (kind == "channels") return ipcbench::channels_result();
  if (kind == "locks") return ipcbench::lock_result();
  throw std::invalid_argument("there are casts, channels and locks");
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::string text = ipcbench::to_json(result_of(argc > 1 ? argv[1] : ""));
    return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0 ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
