#include "results/store.h"

#include <string_view>
#include <utility>

#include "harness/os/io.h"
#include "results/journal.h"
#include "results/json.h"

namespace ipcbench {
namespace {

bool is_journal(std::string_view text) {
  const std::string_view start = text.substr(0, 80);
  return start.find(kJournalSchema) != std::string_view::npos;
}

}  // namespace

void save_result(const Result& result, const std::string& path) { write_file_atomically(path, to_json(result)); }

Result load_result(const std::string& path) {
  const std::string text = read_file(path);
  if (is_journal(text)) return std::move(journal_from_text(text, path).result);
  return result_from_json(text, path);
}

}  // namespace ipcbench
