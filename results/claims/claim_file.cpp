#include "results/claims/claim_file.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

#include "harness/base/usage_error.h"
#include "harness/files/input_file.h"
#include "harness/files/toml_reader.h"
#include "results/claims/claim_figures.h"
#include "results/claims/source_table.h"

namespace ipcbench {
namespace {

constexpr std::string_view kClaimSchema = "ipcbench-claim";
constexpr std::int64_t kClaimVersion = 1;
constexpr std::size_t kLargestClaim = std::size_t{1} << 20;  // bytes of a file
constexpr std::size_t kLongestId = 32;
constexpr std::size_t kMostTests = 64;  // of a claim

const std::vector<std::string> kQueries = {"experiment", "head_to_head", "bounds", "copies", "test"};
const std::vector<std::string> kAxes = {"scenarios",  "transports", "waits",  "sizes",
                                        "placements", "options",    "payload"};
const std::vector<std::string> kContestNames = {"round-trip", "stream", "cpu"};  // by Contest

template <class Values>
std::vector<std::string> names_in(const Values& values) {
  std::vector<std::string> names;
  for (const auto value : values) names.emplace_back(to_string(value));
  return names;
}

std::vector<std::string> joined(std::vector<std::string> names, const std::vector<std::string>& more) {
  names.insert(names.end(), more.begin(), more.end());
  return names;
}

// Reads a claim of schema "ipcbench-claim".
class ClaimReader : public TomlReader {
 public:
  ClaimReader(const std::string& file, const ClaimNames& known) : TomlReader(file), known_(known) {}

  Claim claim(const toml::table& root) const;

 private:
  const toml::table& table(const toml::node& node, std::string_view key) const {
    if (const toml::table* inner = node.as_table()) return *inner;
    throw UsageError(fmt::format("{} must be a table", at(node, key)));
  }

  // Reads a text in both languages, or one text for both.
  BilingualString bilingual(const toml::node& node, std::string_view key) const {
    if (node.is_string()) return {text(node, key), text(node, key)};
    const toml::table& both = table(node, key);
    check_keys(both, {"en", "zh"});
    const std::string english = text(need(both, "en"), "en");
    const toml::node* chinese = both.get("zh");
    return {english, chinese == nullptr ? english : text(*chinese, "zh")};
  }
  BilingualString bilingual_if_any(const toml::table& from, std::string_view key) const {
    const toml::node* node = from.get(key);
    return node == nullptr ? BilingualString{} : bilingual(*node, key);
  }

  double number(const toml::node& node, std::string_view key) const {
    const auto value = node.value<double>();
    if (value && (node.is_integer() || node.is_floating_point()) && std::isfinite(*value)) return *value;
    throw UsageError(fmt::format("{} must be a number", at(node, key)));
  }

  // Refuses a name that isn't one of those known, if any are.
  void check_name(const toml::node& node, std::string_view key, std::string_view kind, const std::string& name,
                  const std::vector<std::string>& known) const {
    if (known.empty() || std::ranges::find(known, name) != known.end()) return;
    throw UsageError(fmt::format("{}: unknown {} '{}'{}", at(node, key), kind, name, suggestion(name, known)));
  }

  std::string transport(const toml::node& node, std::string_view key) const {
    std::string name = text(node, key);
    check_name(node, key, "transport", name, known_.transports);
    return name;
  }
  std::vector<std::string> transports(const toml::node& node, std::string_view key) const {
    std::vector<std::string> all;
    for (const toml::node& value : array(node, key)) all.push_back(transport(value, key));
    return all;
  }

  std::string id(const toml::table& root) const;
  void add_source(const toml::table& root, Claim& claim) const;
  void add_verdicts(const toml::table& root, Claim& claim) const;
  HeadToHeadQuery head_to_head(const toml::table& from) const;
  BoundsQuery bounds(const toml::table& from) const;
  CopiesQuery copies(const toml::table& from) const;
  void select(const toml::table& from, CaseSelector& selector) const;
  std::vector<std::string> figures(const toml::node& node) const {
    return names(node, "figures", claim_figure_names());
  }
  void add_side(const toml::table& from, CaseSelector& selector, ClaimTest& test) const;
  void add_over(const toml::table& from, const CaseSelector& common, ClaimTest& test) const;
  ClaimTest test(const toml::table& from) const;
  std::vector<ClaimTest> tests(const toml::node& node, std::string_view key) const;

  const ClaimNames& known_;
};

std::string ClaimReader::id(const toml::table& root) const {
  const toml::node& node = need(root, "id");
  std::string id = text(node, "id");
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_';
  };
  if (!id.empty() && id.size() <= kLongestId && std::ranges::all_of(id, fits)) return id;
  throw UsageError(fmt::format("{} must be 1 to {} letters, digits, '-', '.' or '_'", at(node, "id"), kLongestId));
}

void ClaimReader::add_source(const toml::table& root, Claim& claim) const {
  const toml::node* articles = root.get("articles");
  claim.is_of_articles = articles != nullptr;
  if (articles == nullptr) {
    claim.source = text(need(root, "source"), "source");
    return;
  }
  if (const toml::node* source = root.get("source"))
    throw UsageError(fmt::format("{} and articles exclude each other: give one of them", at(*source, "source")));
  std::vector<std::string> keys;
  for (const toml::node& key : array(*articles, "articles")) keys.push_back(text(key, "articles"));
  claim.source = fmt::format("{}", fmt::join(keys, " "));
}

void ClaimReader::add_verdicts(const toml::table& root, Claim& claim) const {
  const toml::node* node = root.get("verdicts");
  if (node == nullptr) return;
  const toml::table& verdicts = table(*node, "verdicts");
  check_keys(verdicts, {"confirmed", "refuted", "mislabelled"});
  claim.confirmed = bilingual_if_any(verdicts, "confirmed");
  claim.refuted = bilingual_if_any(verdicts, "refuted");
  claim.mislabelled = bilingual_if_any(verdicts, "mislabelled");
}

HeadToHeadQuery ClaimReader::head_to_head(const toml::table& from) const {
  check_keys(from, {"better", "better_row", "than", "contests", "from_size", "subject"});
  HeadToHeadQuery query;
  if (const toml::node* row = from.get("better_row")) {
    query.better_row = text(*row, "better_row");
    std::vector<std::string> rows;
    for (const SourceRow& one : source_table()) rows.emplace_back(one.row);
    check_name(*row, "better_row", "row", query.better_row, rows);
  } else {
    query.better = transports(need(from, "better"), "better");
  }
  if (const toml::node* than = from.get("than")) query.than = transports(*than, "than");
  for (const std::string& name : names(need(from, "contests"), "contests", kContestNames)) {
    const auto at = std::ranges::find(kContestNames, name) - kContestNames.begin();
    query.contests.push_back(static_cast<Contest>(at));
  }
  if (const toml::node* size = from.get("from_size")) query.from_size = bytes(*size, "from_size");
  query.subject = bilingual_if_any(from, "subject");
  return query;
}

BoundsQuery ClaimReader::bounds(const toml::table& from) const {
  check_keys(from, {"queue", "message_limit", "queue_limit", "others", "beside", "size"});
  return {.queue = transport(need(from, "queue"), "queue"),
          .message_limit = text(need(from, "message_limit"), "message_limit"),
          .queue_limit = text(need(from, "queue_limit"), "queue_limit"),
          .others = transports(need(from, "others"), "others"),
          .beside = transport(need(from, "beside"), "beside"),
          .size = bytes(need(from, "size"), "size")};
}

CopiesQuery ClaimReader::copies(const toml::table& from) const {
  check_keys(from, {"queue", "lends", "copies", "calls"});
  return {.queue = transport(need(from, "queue"), "queue"),
          .lends = transport(need(from, "lends"), "lends"),
          .copies = transport(need(from, "copies"), "copies"),
          .calls = number(need(from, "calls"), "calls")};
}

void ClaimReader::select(const toml::table& from, CaseSelector& selector) const {
  const auto each = [&](std::string_view key, const std::vector<std::string>& valid) {
    const toml::node* node = from.get(key);
    return node == nullptr ? std::vector<std::string>{} : names(*node, key, valid);
  };
  const auto if_any = [](auto& values, auto&& given) {
    if (!given.empty()) values = std::forward<decltype(given)>(given);
  };
  std::vector<std::string> scenarios;
  for (const ScenarioInfo& scenario : offered_scenarios()) scenarios.emplace_back(scenario.name);
  std::vector<Scenario> some;
  for (const std::string& name : each("scenarios", scenarios)) some.push_back(*parse_scenario(name));
  if_any(selector.scenarios, std::move(some));
  if (const toml::node* node = from.get("transports")) selector.transports = transports(*node, "transports");
  std::vector<WaitStrategy> waits;
  for (const std::string& name : each("waits", names_in(kWaitStrategies))) waits.push_back(*parse_wait_strategy(name));
  if_any(selector.waits, std::move(waits));
  if_any(selector.placements, each("placements", joined(names_in(kPlacements), {"nearest"})));
  if (const toml::node* node = from.get("sizes")) {
    selector.sizes.clear();
    for (const toml::node& value : array(*node, "sizes")) selector.sizes.push_back(bytes(value, "sizes"));
  }
  if (const toml::node* node = from.get("options")) {
    selector.options.clear();
    for (const toml::node& value : array(*node, "options")) {
      selector.options.push_back(option(value, "options"));
      check_name(value, "options", "option", selector.options.back().first, known_.options);
    }
  }
  if (const toml::node* node = from.get("payload")) {
    const std::string name = text(*node, "payload");
    selector.payload = parse_payload_mode(name);
    if (!selector.payload) {
      throw UsageError(fmt::format("{}: unknown value '{}'{}", at(*node, "payload"), name,
                                   suggestion(name, names_in(kPayloadModes))));
    }
  }
}

// Reads the axes that one side of a quotient has of its own.
void ClaimReader::add_side(const toml::table& from, CaseSelector& selector, ClaimTest& test) const {
  check_keys(from, joined(kAxes, {"figures"}));
  select(from, selector);
  for (const std::string& axis : kAxes) {
    if (from.contains(axis) && std::ranges::find(test.apart, axis) == test.apart.end()) test.apart.push_back(axis);
  }
}

void ClaimReader::add_over(const toml::table& from, const CaseSelector& common, ClaimTest& test) const {
  test.over = common;
  add_side(from, *test.over, test);
  const toml::node* divisors = from.get("figures");
  if (divisors != nullptr) test.over_figures = figures(*divisors);
  if (divisors == nullptr && test.apart.empty())
    throw UsageError(fmt::format("{}: name the axes of another case, or figures of the same one", at(from.source())));
  if (divisors == nullptr) test.over_figures = test.figures;
}

ClaimTest ClaimReader::test(const toml::table& from) const {
  check_keys(from, joined(kAxes, {"says", "of", "over", "figures", "gather", "at_least", "at_most"}));
  ClaimTest test{.says = bilingual(need(from, "says"), "says"), .of = {}, .figures = figures(need(from, "figures"))};
  CaseSelector common;
  select(from, common);
  test.of = common;
  if (const toml::node* of = from.get("of")) {
    if (!from.contains("over"))
      throw UsageError(
          fmt::format("{} needs 'over', the divisor; without one give its axes beside 'says'", at(*of, "of")));
    add_side(table(*of, "of"), test.of, test);
    if (const toml::node* own = table(*of, "of").get("figures")) test.figures = figures(*own);
  }
  if (const toml::node* over = from.get("over")) add_over(table(*over, "over"), common, test);
  if (const toml::node* node = from.get("gather")) {
    const std::vector<std::string> valid = {"average", "spread"};
    const std::string name = text(*node, "gather");
    if (name != valid[0] && name != valid[1])
      throw UsageError(fmt::format("{}: unknown value '{}'{}", at(*node, "gather"), name, suggestion(name, valid)));
    test.gather = name == valid[0] ? Gather::average : Gather::spread;
    if (test.gather == Gather::spread && test.over)
      throw UsageError(fmt::format("{}: a spread is a quotient itself: leave out 'over'", at(*node, "gather")));
  }
  if (const toml::node* node = from.get("at_least")) test.at_least = number(*node, "at_least");
  if (const toml::node* node = from.get("at_most")) test.at_most = number(*node, "at_most");
  if (!test.at_least && !test.at_most)
    throw UsageError(fmt::format("{}: a test needs at_least, at_most or both", at(from.source())));
  if (test.at_least && test.at_most && *test.at_least > *test.at_most)
    throw UsageError(fmt::format("{} must not be below at_least", at(*from.get("at_most"), "at_most")));
  return test;
}

std::vector<ClaimTest> ClaimReader::tests(const toml::node& node, std::string_view key) const {
  std::vector<ClaimTest> all;
  const toml::array& tables = array(node, key);
  if (tables.size() > kMostTests)
    throw UsageError(fmt::format("{}: a claim has at most {}", at(node, key), kMostTests));
  for (const toml::node& one : tables) {
    if (!one.is_table()) throw UsageError(fmt::format("{} must be tables: [[{}]]", at(one, key), key));
    all.push_back(test(*one.as_table()));
  }
  return all;
}

Claim ClaimReader::claim(const toml::table& root) const {
  check_schema(root, kClaimSchema, kClaimVersion);
  check_keys(root, joined(kQueries, {"schema", "version", "id", "articles", "source", "sentence", "contract", "missing",
                                     "beyond", "verdicts", "label"}));
  Claim claim{.id = id(root), .source = "", .sentence = bilingual(need(root, "sentence"), "sentence"), .query = {}};
  add_source(root, claim);
  claim.contract = bilingual_if_any(root, "contract");
  claim.missing = bilingual_if_any(root, "missing");
  add_verdicts(root, claim);
  const auto given = std::ranges::count_if(kQueries, [&](const std::string& name) { return root.contains(name); });
  if (given != 1) {
    throw UsageError(
        fmt::format("{}: {} of these decide the claim, and it needs one: [experiment], [head_to_head], [bounds], "
                    "[copies] or [[test]]",
                    at(root.source()), given == 0 ? "none" : "several"));
  }
  for (const char* name : {"label", "beyond"}) {
    if (root.contains(name) && !root.contains("test"))
      throw UsageError(fmt::format("{} needs a [[test]]", at(*root.get(name), name)));
  }
  if (const toml::node* node = root.get("experiment")) {
    const toml::table& from = table(*node, "experiment");
    check_keys(from, {"fact"});
    const toml::node& fact = need(from, "fact");
    claim.query = ExperimentQuery{.fact = text(fact, "fact")};
    check_name(fact, "fact", "fact", text(fact, "fact"), known_.facts);
  } else if ((node = root.get("head_to_head")) != nullptr) {
    claim.query = head_to_head(table(*node, "head_to_head"));
  } else if ((node = root.get("bounds")) != nullptr) {
    claim.query = bounds(table(*node, "bounds"));
  } else if ((node = root.get("copies")) != nullptr) {
    claim.query = copies(table(*node, "copies"));
  } else {
    TestsQuery query{.tests = tests(*root.get("test"), "test"), .labels = {}};
    if ((node = root.get("label")) != nullptr) query.labels = tests(*node, "label");
    query.beyond = bilingual_if_any(root, "beyond");
    claim.query = std::move(query);
  }
  return claim;
}

}  // namespace

Claim parse_claim(const std::string& text, const std::string& file, const ClaimNames& names) {
  try {
    return ClaimReader(file, names).claim(toml::parse(text, file));
  } catch (const toml::parse_error& error) {
    throw UsageError(fmt::format("{}:{}: {}", file, error.source().begin.line, error.description()));
  }
}

Claim load_claim(const std::string& path, const ClaimNames& names) {
  std::string text;
  try {
    text = read_input(path, kLargestClaim);
  } catch (const std::system_error& error) {
    throw UsageError(fmt::format("--claims: {}", error.what()));
  }
  return parse_claim(text, path, names);
}

}  // namespace ipcbench
