#pragma once

#include <string>
#include <string_view>

namespace ipcbench {

// A fixed text in both languages: English for the documentation, Chinese for the articles.
struct Term {
  std::string_view english, chinese;
};

// A text in both languages that is composed at run time.
struct Phrase {
  std::string english, chinese;
};

}  // namespace ipcbench
