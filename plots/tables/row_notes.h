#pragma once

#include <string>
#include <vector>

#include "plots/table/table.h"
#include "results/model/record.h"

namespace ipcbench {

// RowNotes numbers the notes of a table's rows. A note that several rows have stands once below the table.
class RowNotes {
 public:
  // Returns the numbers of the row's notes: "1,3"; its value is their texts.
  Cell cell_of(const CaseRecord& c);
  // Adds the texts with their numbers: "1: …".
  void add_to(Table& table) const;

 private:
  std::vector<std::string> texts_;
};

}  // namespace ipcbench
