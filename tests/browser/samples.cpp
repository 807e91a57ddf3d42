// Prints a result of casts for the tests of the report's page.

#include <cstdio>
#include <exception>
#include <string>

#include "results/files/json.h"
#include "tests/support/casts.h"

int main() {
  try {
    const std::string text = ipcbench::to_json(ipcbench::cast_result());
    return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0 ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
