#pragma once

#include <string>
#include <string_view>

namespace ipcbench {

// Holds a fixed text in both languages: English as in the documentation, Chinese as in the articles.
struct Bilingual {
  std::string_view english, chinese;
};

// Holds a text in both languages that is composed at run time.
struct BilingualString {
  std::string english, chinese;
};

}  // namespace ipcbench
