// The words that docs/glossary.md retires stay out of names, comments, messages and documents.

#include <fnmatch.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/io.h"

namespace ipcbench {
namespace {

namespace fs = std::filesystem;

// A row of the glossary's table of retired words.
struct Retired {
  std::vector<std::string> names;    // patterns of fnmatch(3) for identifiers and names of files
  std::vector<std::string> phrases;  // in lower case
  std::string say;
  std::vector<std::string> where;  // beginnings of paths; none: everywhere
};

std::vector<std::string> all_matches(const std::string& text, const std::regex& pattern) {
  std::vector<std::string> found;
  for (std::sregex_iterator it(text.begin(), text.end(), pattern), end; it != end; ++it) found.push_back((*it)[1]);
  return found;
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// The rows of the table under "## Retired words": retired, say, where.
std::vector<Retired> retired_in(const std::string& glossary) {
  static const std::regex quoted("\"([^\"]+)\""), named("`([^`]+)`"), path("([^ ,|]+)");
  static const std::regex row(R"re(\| (.+?) \| (.+?) \| (.*)\|)re");
  std::vector<Retired> all;
  std::istringstream lines(glossary.substr(std::min(glossary.find("\n## Retired words\n"), glossary.size())));
  for (std::string line; std::getline(lines, line);) {
    std::smatch cells;
    if (!std::regex_match(line, cells, row) || cells[1] == "retired") continue;
    Retired one{.names = all_matches(cells[1], named),
                .phrases = all_matches(cells[1], quoted),
                .say = cells[2],
                .where = all_matches(cells[3], path)};
    std::ranges::transform(one.phrases, one.phrases.begin(), lower);
    all.push_back(std::move(one));
  }
  return all;
}

bool is_code(const fs::path& file) {
  const std::string ending = file.extension().string();
  return ending == ".h" || ending == ".hpp" || ending == ".cpp" || ending == ".c" || ending == ".in";
}

// A text of C or C++ in two parts of its own length, each blank where the other has something: the code, and what is
// said in comments and strings.
struct Parts {
  explicit Parts(std::string_view text) : code(text), prose(text.size(), ' ') {
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = end_of_prose(text, at);
      for (; at < end; ++at) {
        if (text[at] == '\n') continue;
        prose[at] = text[at];
        code[at] = ' ';
      }
      if (at < text.size()) ++at;
    }
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (text[at] == '\n') prose[at] = '\n';
    }
  }

  std::string code, prose;

 private:
  static std::size_t after(std::string_view text, std::string_view what, std::size_t at) {
    const std::size_t found = text.find(what, at);
    return found == std::string_view::npos ? text.size() : found + what.size();
  }

  // Where the comment, string or character that begins at `at` ends; `at` if none does.
  static std::size_t end_of_prose(std::string_view text, std::size_t at) {
    const std::string_view rest = text.substr(at);
    if (rest.starts_with("//")) return std::min(text.find('\n', at), text.size());
    if (rest.starts_with("/*")) return after(text, "*/", at + 2);
    if (rest.starts_with("R\"")) {
      const std::string_view tag = rest.substr(2, rest.find('(') - 2);
      return after(text, ")" + std::string(tag) + "\"", at);
    }
    const bool is_separator = at > 0 && std::isalnum(static_cast<unsigned char>(text[at - 1])) != 0;  // 1'000
    if (rest[0] != '"' && (rest[0] != '\'' || is_separator)) return at;
    std::size_t end = at + 1;
    while (end < text.size() && text[end] != rest[0] && text[end] != '\n') end += text[end] == '\\' ? 2 : 1;
    return std::min(end + 1, text.size());
  }
};

// A text in lower case, with one blank for line breaks, comment marks, quotes and blanks, and the line of each letter.
struct Flat {
  explicit Flat(std::string_view text) {
    int line = 1;
    bool begins = true;  // nothing but marks since the line's begin
    for (const char c : text) {
      const bool is_mark = begins && (c == '/' || c == '#' || c == '*' || c == '>');
      if (c == '\n') {
        ++line;
        begins = true;
      } else if (!is_mark && c != ' ') {
        begins = false;
      }
      const bool is_blank = is_mark || c == ' ' || c == '\n' || c == '"';
      if (is_blank && (letters.empty() || letters.back() == ' ')) continue;
      letters.push_back(is_blank ? ' ' : static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
      lines.push_back(line);
    }
  }

  std::string letters;
  std::vector<int> lines;
};

class Search {
 public:
  explicit Search(const std::string& glossary) : retired_(retired_in(glossary)) {}

  bool empty() const noexcept { return retired_.empty(); }

  // "FILE:LINE: 'word' is retired: say …" for each that is found.
  std::vector<std::string> finds_in(const std::string& file, const std::string& text) {
    file_ = file;
    finds_.clear();
    const fs::path path(file);
    look_up(path.filename().string(), 1);
    look_up(path.stem().string(), 1);
    if (is_code(path)) {
      const Parts parts(text);
      look_at_names(parts.code);
      look_at_prose(parts.prose);
    } else {
      look_at_prose(text);
    }
    return finds_;
  }

 private:
  void look_at_names(std::string_view code) {
    int line = 1;
    for (std::size_t at = 0; at < code.size();) {
      std::size_t end = at;
      while (end < code.size() && (std::isalnum(static_cast<unsigned char>(code[end])) != 0 || code[end] == '_')) ++end;
      if (end > at) look_up(std::string(code.substr(at, end - at)), line);
      if (end < code.size() && code[end] == '\n') ++line;
      at = end + 1;
    }
  }

  void look_at_prose(std::string_view text) {
    const Flat flat(text);
    for (const Retired& retired : retired_) {
      for (const std::string& phrase : retired.phrases) {
        for (std::size_t at = flat.letters.find(phrase); at != std::string::npos;
             at = flat.letters.find(phrase, at + 1)) {
          add(retired, phrase, flat.lines[at]);
        }
      }
    }
  }

  void look_up(const std::string& name, int line) {
    auto known = by_name_.find(name);
    if (known == by_name_.end()) known = by_name_.emplace(name, rows_for(name)).first;
    for (const Retired* retired : known->second) add(*retired, name, line);
  }

  std::vector<const Retired*> rows_for(const std::string& name) const {
    std::vector<const Retired*> rows;
    for (const Retired& retired : retired_) {
      const auto is_like = [&](const std::string& pattern) { return ::fnmatch(pattern.c_str(), name.c_str(), 0) == 0; };
      if (std::ranges::any_of(retired.names, is_like)) rows.push_back(&retired);
    }
    return rows;
  }

  void add(const Retired& retired, const std::string& word, int line) {
    const auto begins = [&](const std::string& folder) { return file_.starts_with(folder); };
    if (!retired.where.empty() && std::ranges::none_of(retired.where, begins)) return;
    finds_.push_back(file_ + ":" + std::to_string(line) + ": '" + word + "' is retired: say " + retired.say);
  }

  std::vector<Retired> retired_;
  std::map<std::string, std::vector<const Retired*>> by_name_;
  std::string file_;
  std::vector<std::string> finds_;
};

const fs::path kSourceRoot = IPCBENCH_SOURCE_DIR;

std::string glossary() { return read_file((kSourceRoot / "docs/glossary.md").string()); }

// What people write: neither what is generated, stored or downloaded, nor the glossary itself.
std::vector<std::string> written_files() {
  const std::vector<std::string_view> folders = {"bench", "cli",     "cmake",     "docs",  "examples", "harness",
                                                 "plots", "results", "scenarios", "tests", "tools",    "transports"};
  const std::vector<std::string_view> without = {"node_modules", "corpus", "published", "images"};
  const std::vector<std::string_view> endings = {".h",   ".hpp", ".cpp", ".rs",    ".py",  ".c",
                                                 ".in",  ".md",  ".scd", ".cmake", ".txt", ".toml",
                                                 ".mjs", ".js",  ".css", ".yml",   ""};
  std::vector<std::string> files = {"README.md", "CONTRIBUTING.md", "CMakeLists.txt", "run-benchmarks", "run-tests"};
  for (const std::string_view folder : folders) {
    for (fs::recursive_directory_iterator it(kSourceRoot / folder), end; it != end; ++it) {
      if (it->is_directory()) {
        if (std::ranges::find(without, it->path().filename().string()) != without.end()) it.disable_recursion_pending();
        continue;
      }
      if (std::ranges::find(endings, it->path().extension().string()) == endings.end()) continue;
      files.push_back(fs::relative(it->path(), kSourceRoot).generic_string());
    }
  }
  std::erase(files, "docs/glossary.md");
  return files;
}

TEST(RetiredWords, AreNotUsed) {
  Search search(glossary());
  ASSERT_FALSE(search.empty());
  for (const std::string& file : written_files()) {
    for (const std::string& find : search.finds_in(file, read_file((kSourceRoot / file).string())))
      ADD_FAILURE() << find;
  }
}

constexpr const char* kSample = R"(
## Retired words

| retired | say | where |
|---|---|---|
| `frob*`, `Frobber` | widget | |
| `knob` | dial | harness/ |
| "turns the knob", "speaks frob" | sets the dial | |
)";

TEST(RetiredWords, AreFoundAsNames) {
  Search search(kSample);
  EXPECT_THAT(search.finds_in("cli/a.cpp", "int a;\nFrobber frob_all(int knob);\n"),
              testing::ElementsAre("cli/a.cpp:2: 'Frobber' is retired: say widget",
                                   "cli/a.cpp:2: 'frob_all' is retired: say widget"));
  EXPECT_THAT(search.finds_in("harness/a.h", "struct Frobbers;\n\nint knob = 1'000;"),
              testing::ElementsAre("harness/a.h:3: 'knob' is retired: say dial"));
  EXPECT_THAT(search.finds_in("cli/frobs.cpp", ""),
              testing::Contains("cli/frobs.cpp:1: 'frobs' is retired: say widget"));
}

TEST(RetiredWords, AreFoundAsPhrases) {
  Search search(kSample);
  EXPECT_THAT(search.finds_in("cli/a.cpp", "int a;\n// It turns\n// the  knob.\n"),
              testing::ElementsAre("cli/a.cpp:2: 'turns the knob' is retired: say sets the dial"));
  EXPECT_THAT(search.finds_in("cli/a.cpp", "tell(\"Speaks \"\n     \"frob\");"), testing::SizeIs(1));
  EXPECT_THAT(search.finds_in("docs/page.markdown", "One\nturns\nthe knob.\n"),
              testing::ElementsAre("docs/page.markdown:2: 'turns the knob' is retired: say sets the dial"));
}

TEST(RetiredWords, WhatIsSaidIsNoNameAndANameIsNotSaid) {
  Search search(kSample);
  EXPECT_THAT(search.finds_in("harness/a.cpp",
                              "// the knob\nputs(\"knob\\\" frob\"); puts(R\"(frob \" knob)\"); char c = '\"';\n"),
              testing::IsEmpty());
  EXPECT_THAT(search.finds_in("cli/a.cpp", "turns(the, knob); int frequency;"), testing::IsEmpty());
}

TEST(Glossary, EveryFileItNamesIsThere) {
  for (const std::string& path : all_matches(glossary(), std::regex("`([a-z_]+/[a-z_/]+(\\.[a-z]+)?)`"))) {
    EXPECT_TRUE(fs::exists(kSourceRoot / path)) << path;
  }
}

TEST(Glossary, TermsAreInOrder) {
  std::vector<std::string> terms = all_matches(glossary(), std::regex("\n- \\*\\*([^*]+)\\*\\*"));
  ASSERT_GT(terms.size(), 50u);
  std::ranges::transform(terms, terms.begin(), lower);
  for (std::size_t i = 1; i < terms.size(); ++i) EXPECT_LT(terms[i - 1], terms[i]);
}

}  // namespace
}  // namespace ipcbench
