#include "results/files/store.h"

#include <utility>

#include "harness/files/input_file.h"
#include "harness/files/output_file.h"
#include "results/figures/summary.h"
#include "results/files/journal.h"
#include "results/files/json.h"

namespace ipcbench {

void save_result(const Result& result, const std::string& path) { write_file_atomically(path, to_json(result)); }

Result load_result(const std::string& path) {
  const std::string text = read_input(path);
  if (is_journal(text)) return std::move(journal_from_text(text, path).result);
  Result result = result_from_json(text, path);
  check_summary(result, path);
  return result;
}

}  // namespace ipcbench
