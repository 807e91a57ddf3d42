// Checks who includes whom against the table of rooms in docs/architecture.md. The linker would notice only half of the
// violations.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ipcbench {
namespace {

namespace fs = std::filesystem;

using Names = std::set<std::string>;
using Graph = std::map<std::string, Names>;

const std::vector<std::string> kFolders = {"harness", "scenarios", "transports", "results", "plots", "cli"};

struct IncludeLine {
  std::string file;  // relative to the source folder, as is `include`
  int line = 0;
  std::string include;
};

std::string folder_of(const std::string& path) { return fs::path(path).parent_path().generic_string(); }
std::string stem_of(const std::string& path) { return fs::path(path).stem().generic_string(); }

std::vector<IncludeLine> include_lines_of(const fs::path& root) {
  const std::regex pattern(R"re(\s*#\s*include\s*"([^"]+)".*)re");
  std::vector<IncludeLine> lines;
  for (const std::string& folder : kFolders) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root / folder)) {
      if (entry.path().extension() != ".h" && entry.path().extension() != ".cpp") continue;
      std::ifstream file(entry.path());
      std::string text;
      for (int number = 1; std::getline(file, text); ++number) {
        std::smatch match;
        if (std::regex_match(text, match, pattern))
          lines.push_back({fs::relative(entry.path(), root).generic_string(), number, match[1]});
      }
    }
  }
  return lines;
}

const std::vector<IncludeLine>& include_lines() {
  static const std::vector<IncludeLine> lines = include_lines_of(IPCBENCH_SOURCE_DIR);
  return lines;
}

// Returns which other rooms the files of each room include. Generated headers belong to no room.
Graph rooms_used() {
  Graph used;
  for (const IncludeLine& line : include_lines()) {
    const std::string from = folder_of(line.file), to = folder_of(line.include);
    Names& uses = used[from];
    if (!to.empty() && to != from) uses.insert(to);
  }
  return used;
}

struct Room {
  std::string name;
  Names may_include;  // rooms, or "folder/" for all rooms of a folder
};

// Returns the rows "| `room` | what it holds | `room`, `room` |" of the table, in order. Rooms of the row's own folder
// are named without the folder.
std::vector<Room> rooms_in(std::istream& page) {
  const std::regex row(R"re(\| `([a-z_/]+)` \|[^|]*\|([^|]*)\|)re"), name(R"re(`([a-z_/]+)`)re");
  std::vector<std::pair<std::string, std::string>> rows;
  Names all;
  for (std::string line; std::getline(page, line);) {
    std::smatch match;
    if (!std::regex_match(line, match, row)) continue;
    rows.emplace_back(match[1], match[2]);
    all.insert(match[1]);
  }
  std::vector<Room> rooms;
  for (const auto& [room, used] : rows) {
    rooms.push_back({room, {}});
    for (std::sregex_iterator at(used.begin(), used.end(), name), end; at != end; ++at) {
      const std::string beside = room.substr(0, room.find('/') + 1) + (*at)[1].str();
      rooms.back().may_include.insert(room.find('/') != std::string::npos && all.contains(beside) ? beside
                                                                                                  : (*at)[1].str());
    }
  }
  return rooms;
}

bool is_in(const std::string& room, const std::string& entry) {
  return entry.ends_with('/') ? room.starts_with(entry) : room == entry;
}

std::string architecture_page() {
  std::ifstream file(IPCBENCH_SOURCE_DIR "/docs/architecture.md");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<Room> documented_rooms() {
  std::istringstream page(architecture_page());
  return rooms_in(page);
}

// Returns the nodes of a cycle in order; none if there is none.
std::vector<std::string> cycle_in(const Graph& graph) {
  std::set<std::string> done;
  std::vector<std::string> path, found;
  const auto visit = [&](const auto& self, const std::string& node) -> bool {
    if (const auto at = std::ranges::find(path, node); at != path.end()) {
      found.assign(at, path.end());
      return true;
    }
    if (!done.insert(node).second) return false;
    path.push_back(node);
    if (const auto uses = graph.find(node); uses != graph.end()) {
      for (const std::string& next : uses->second) {
        if (self(self, next)) return true;
      }
    }
    path.pop_back();
    return false;
  };
  for (const auto& entry : graph) {
    if (visit(visit, entry.first)) break;
  }
  return found;
}

bool reaches(const Graph& graph, const std::string& from, const std::string& to) {
  const auto uses = graph.find(from);
  if (uses == graph.end()) return false;
  return std::ranges::any_of(uses->second,
                             [&](const std::string& next) { return next == to || reaches(graph, next, to); });
}

// Returns the graph without the edges that follow from others (its transitive reduction).
Graph reduced(const Graph& graph) {
  Graph result;
  for (const auto& [from, uses] : graph) {
    for (const std::string& to : uses) {
      const bool follows = std::ranges::any_of(uses, [&, to_name = to](const std::string& other) {
        return other != to_name && reaches(graph, other, to_name);
      });
      if (!follows) result[from].insert(to);
    }
  }
  return result;
}

// Returns a room's name in a form that Mermaid accepts for a node.
std::string node_of(std::string room) {
  std::ranges::replace(room, '/', '_');
  return room;
}

// Returns the picture of docs/architecture.md in Mermaid's language.
std::string picture_of(const Graph& used) {
  std::string text = "```mermaid\nflowchart BT\n";
  for (const std::string& folder : kFolders) {
    std::string rooms;
    for (const auto& entry : used) {
      if (entry.first.starts_with(folder + "/"))
        rooms += fmt::format("    {}[{}]\n", node_of(entry.first), stem_of(entry.first));
    }
    if (used.contains(folder)) rooms += fmt::format("    {0}[{0}]\n", folder);
    text += fmt::format("  subgraph {0}_[{0}]\n{1}  end\n", folder, rooms);
  }
  for (const auto& [from, uses] : reduced(used)) {
    for (const std::string& to : uses) text += fmt::format("  {} --> {}\n", node_of(from), node_of(to));
  }
  return text + "```\n";
}

TEST(IncludeLines, NameHeadersFromTheSourceFolder) {
  const fs::path root = IPCBENCH_SOURCE_DIR;
  ASSERT_FALSE(include_lines().empty());
  for (const IncludeLine& line : include_lines()) {
    const bool is_beside = fs::exists((root / line.file).parent_path() / line.include);
    EXPECT_TRUE(fs::exists(root / line.include) || !is_beside) << line.file << ":" << line.line << ": " << line.include;
  }
}

TEST(IncludeLines, AreThoseOfTheTableOfRooms) {
  Graph documented;
  for (const Room& room : documented_rooms()) documented[room.name] = room.may_include;
  for (const IncludeLine& line : include_lines()) {
    const std::string from = folder_of(line.file), to = folder_of(line.include);
    if (to.empty() || to == from) continue;
    EXPECT_TRUE(std::ranges::any_of(documented[from], [&](const std::string& entry) { return is_in(to, entry); }))
        << line.file << ":" << line.line << ": " << from << " may not include " << to << " (docs/architecture.md)";
  }
}

TEST(IncludeLines, UseWhateverTheTableAllows) {
  const Graph used = rooms_used();
  const std::vector<Room> documented = documented_rooms();
  EXPECT_EQ(documented.size(), used.size()) << "docs/architecture.md: a row for each room";
  for (const Room& room : documented) {
    ASSERT_TRUE(used.contains(room.name)) << "docs/architecture.md: there is no room " << room.name;
    for (const std::string& entry : room.may_include) {
      EXPECT_TRUE(std::ranges::any_of(used.at(room.name), [&](const std::string& to) { return is_in(to, entry); }))
          << "docs/architecture.md: " << room.name << " doesn't include " << entry;
    }
  }
}

TEST(IncludeLines, OfARoomNameOnlyRoomsAboveItInTheTable) {
  const Graph used = rooms_used();
  Names above;
  for (const Room& room : documented_rooms()) {
    for (const std::string& to : used.at(room.name)) EXPECT_TRUE(above.contains(to)) << room.name << " uses " << to;
    above.insert(room.name);
  }
}

TEST(IncludeLines, OfAFolderFormNoCycle) {
  std::map<std::string, Graph> folders;
  for (const IncludeLine& line : include_lines()) {
    const std::string from = folder_of(line.file);
    if (folder_of(line.include) == from && stem_of(line.include) != stem_of(line.file))
      folders[from][stem_of(line.file)].insert(stem_of(line.include));
  }
  for (const auto& [folder, files] : folders) {
    const std::vector<std::string> cycle = cycle_in(files);
    EXPECT_TRUE(cycle.empty()) << folder << ": " << fmt::format("{}", fmt::join(cycle, " -> "));
  }
}

TEST(IncludeLines, AreWhatThePictureShows) {
  const std::vector<std::string> cycle = cycle_in(rooms_used());
  ASSERT_TRUE(cycle.empty()) << fmt::format("{}", fmt::join(cycle, " -> "));
  const std::string picture = picture_of(rooms_used());
  EXPECT_THAT(architecture_page(), ::testing::HasSubstr(picture)) << "docs/architecture.md should have\n" << picture;
}

// A mechanism's file must be readable on its own. Of the engine it may know the SDK, what binds endpoints to loops, and
// the key of payload words.
TEST(IncludeLines, OfATransportNameTheSdkAlone) {
  for (const IncludeLine& line : include_lines()) {
    if (folder_of(line.file) != "transports") continue;
    const std::string room = folder_of(line.include);
    EXPECT_TRUE(room != "transports" || stem_of(line.file) == stem_of(line.include))
        << line.file << ": " << line.include;
    EXPECT_TRUE(room != "scenarios" || stem_of(line.include).starts_with("bind")) << line.file << ": " << line.include;
    EXPECT_TRUE(room != "harness/measure" || stem_of(line.include) == "splitmix64")
        << line.file << ": " << line.include;
  }
}

// Checks the helpers of these tests.
TEST(IncludeLines, AreReadFromTables) {
  std::istringstream page(
      "| `a` | first | |\n| `b/d` | | |\n| `b/c` | second, with `code` | `a`, `d`, `e/` |\nno row\n");
  const std::vector<Room> rooms = rooms_in(page);
  ASSERT_EQ(rooms.size(), 3U);
  EXPECT_EQ(rooms[0].may_include, Names{});
  EXPECT_EQ(rooms[2].name, "b/c");
  EXPECT_EQ(rooms[2].may_include, (Names{"a", "b/d", "e/"}));
  EXPECT_TRUE(is_in("e/f", "e/"));
  EXPECT_FALSE(is_in("e/f", "e"));
}

TEST(IncludeLines, ThatFormACycleAreFound) {
  EXPECT_TRUE(cycle_in({{"a", {"b", "c"}}, {"b", {"c"}}}).empty());
  EXPECT_THAT(cycle_in({{"a", {"b"}}, {"b", {"c"}}, {"c", {"b"}}}), ::testing::ElementsAre("b", "c"));
}

TEST(IncludeLines, ThatFollowFromOthersAreNotDrawn) {
  EXPECT_EQ(reduced({{"a", {"b", "c"}}, {"b", {"c"}}}), (Graph{{"a", {"b"}}, {"b", {"c"}}}));
}

}  // namespace
}  // namespace ipcbench
