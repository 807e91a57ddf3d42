#include "harness/base/error.h"

#include <system_error>

#include "harness/base/limit_text.h"

namespace ipcbench::detail {

void throw_system_error(int code, fmt::string_view format, fmt::format_args args) {
  throw std::system_error(code, std::generic_category(), fmt::vformat(format, args) + limit_behind(code));
}

}  // namespace ipcbench::detail
