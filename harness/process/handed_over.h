#pragma once

#include <vector>

#include "harness/base/unique_fd.h"

namespace ipcbench {

// The descriptor on which a program that is executed learns what to do.
inline constexpr int kOrdersFd = 3;

// HandedOver is the descriptors that a program inherits by their numbers. None may be kOrdersFd or less: one that
// stands in the way gets another number. All functions throw std::system_error.
class HandedOver {
 public:
  void add(UniqueFd& descriptor);
  // The caller keeps `number`; what is handed over may be a copy.
  void add_copy(int& number);
  // Makes them survive the execution, and puts a copy of `orders_end` at kOrdersFd; called in the child.
  void take_over(int orders_end) const;

 private:
  std::vector<int> numbers_;
  std::vector<UniqueFd> copies_;
};

}  // namespace ipcbench
