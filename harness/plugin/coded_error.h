#pragma once

#include <string>
#include <system_error>
#include <utility>

namespace ipcbench {

// CodedError keeps the errno of a failure beside a text that says all: a launch tells causes from consequences by it.
// 0 stands for a failure that has none.
class CodedError final : public std::system_error {
 public:
  CodedError(int error_number, std::string text)
      : std::system_error(error_number, std::generic_category()), text_(std::move(text)) {}
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  std::string text_;
};

}  // namespace ipcbench
