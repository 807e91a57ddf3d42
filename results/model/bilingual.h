#pragma once

#include <string>
#include <string_view>

namespace ipcbench {

// What is said in both languages: that of the documentation, and that of the sources.
struct Term {
  std::string_view english, chinese;
};

// The same where it holds numbers and names.
struct Phrase {
  std::string english, chinese;
};

}  // namespace ipcbench
