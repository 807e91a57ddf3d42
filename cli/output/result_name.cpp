#include "cli/output/result_name.h"

#include <filesystem>
#include <string_view>

namespace ipcbench {

std::string name_of_result(const std::string& file) {
  std::string name = std::filesystem::path(file).filename().string();
  // Either a journal or the result that it is of may be compressed.
  for (const std::string_view ending : {".zst", ".journal.jsonl", ".zst", ".json", ".ipcbench"}) {
    if (name.size() > ending.size() && name.ends_with(ending)) name.erase(name.size() - ending.size());
  }
  return name;
}

}  // namespace ipcbench
