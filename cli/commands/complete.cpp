#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/commands/completion_values.h"
#include "cli/options/command_line.h"
#include "cli/options/subcommands.h"
#include "cli/terminal/terminal.h"

// Answers the shells' completion scripts: `ipcbench complete -- WORDS…`, of which the last is unfinished. It prints a
// candidate a line, with a tab and a text if there is one. No output means file names.

namespace ipcbench {
namespace {

bool is_flag(std::string_view word) { return word.size() > 1 && word.front() == '-'; }

// Tries the long name of `flag` too, so that "-o" has the values of "--output".
CLI::Option* find_option(CLI::App& app, const std::string& flag) {
  CLI::Option* option = app.get_option_no_throw(flag);
  return option != nullptr && !option->get_positional() ? option : nullptr;
}

CLI::App* find_subcommand(CLI::App& program, const std::string& name) {
  const std::vector<CLI::App*> found =
      program.get_subcommands([&name](CLI::App* app) { return app->get_name() == name; });
  return found.empty() ? nullptr : found.front();
}

bool takes_value(const CLI::Option& option) { return option.get_items_expected_max() > 0; }

std::string option_name(const CLI::Option& option) {
  if (!option.get_lnames().empty()) return "--" + option.get_lnames().front();
  return option.get_name(true);
}

// Holds what the finished words determine.
struct Line {
  CLI::App* app;
  CLI::Option* pending = nullptr;  // takes the unfinished word as its value
  std::vector<std::string> positionals;
  std::vector<std::string> given;  // flags
};

Line read_line(CLI::App& program, const std::vector<std::string>& words) {
  Line line{.app = &program};
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const std::string& word = words[i];
    if (line.pending != nullptr) {
      line.pending = nullptr;
    } else if (is_flag(word)) {
      const std::string flag = word.substr(0, word.find('='));
      line.given.push_back(flag);
      CLI::Option* option = find_option(*line.app, flag);
      if (option != nullptr && takes_value(*option) && flag.size() == word.size()) line.pending = option;
    } else if (CLI::App* subcommand = find_subcommand(program, word); line.app == &program && subcommand != nullptr) {
      line.app = subcommand;
    } else {
      line.positionals.push_back(word);
    }
  }
  return line;
}

// Completes a value; only the last part of a list. `prefix` is the part of the unfinished word before the value.
std::vector<Candidate> value_candidates(CLI::Option& option, const Line& line, std::string prefix,
                                        std::string_view value) {
  std::vector<std::string> used;
  if (option.get_delimiter() == ',') {
    for (std::size_t comma = value.find(','); comma != std::string_view::npos; comma = value.find(',')) {
      used.emplace_back(value.substr(0, comma));
      prefix += value.substr(0, comma + 1);
      value.remove_prefix(comma + 1);
    }
  }
  std::vector<Candidate> candidates;
  for (const std::string& word : closed_values(option)) candidates.push_back({word, ""});
  if (candidates.empty()) candidates = completion_values(option_name(option), line.positionals);
  std::erase_if(candidates, [&](const Candidate& c) { return std::ranges::find(used, c.word) != used.end(); });
  for (Candidate& candidate : candidates) candidate.word.insert(0, prefix);
  return candidates;
}

std::vector<Candidate> flag_candidates(CLI::App& app, const std::vector<std::string>& given) {
  std::vector<Candidate> candidates;
  for (CLI::Option* option : app.get_options({})) {
    if (option->get_positional() || option->get_group().empty()) continue;
    const std::string name = option_name(*option);
    const bool again = option->get_delimiter() == ',' || name == "--filter";
    if (!again && std::ranges::find(given, name) != given.end()) continue;
    candidates.push_back({name, option->get_description()});
  }
  return candidates;
}

std::vector<Candidate> subcommand_candidates(const CLI::App& program) {
  std::vector<Candidate> candidates;
  for (const CLI::App* app : visible_subcommands(program))
    candidates.push_back({app->get_name(), app->get_description()});
  return candidates;
}

std::vector<Candidate> argument_candidates(const Line& line) {
  std::size_t n = line.positionals.size();
  for (CLI::Option* option : line.app->get_options({})) {
    if (option->get_positional() && n-- == 0) return value_candidates(*option, line, "", "");
  }
  return {};
}

std::vector<Candidate> candidates_of(CLI::App& program, const std::vector<std::string>& words) {
  const std::string word = words.empty() ? "" : words.back();
  const Line line = read_line(program, words);
  if (line.pending != nullptr) return value_candidates(*line.pending, line, "", word);
  const std::size_t equals = word.find('=');
  if (is_flag(word) && equals != std::string::npos) {
    CLI::Option* option = find_option(*line.app, word.substr(0, equals));
    if (option == nullptr || !takes_value(*option)) return {};
    return value_candidates(*option, line, word.substr(0, equals + 1), std::string_view(word).substr(equals + 1));
  }
  if (!word.empty() && word.front() == '-') return flag_candidates(*line.app, line.given);
  return line.app == &program ? subcommand_candidates(program) : argument_candidates(line);
}

int complete(CLI::App& program, const std::vector<std::string>& words) {
  const std::string_view begun = words.empty() ? std::string_view() : words.back();
  std::string text;
  for (const Candidate& candidate : candidates_of(program, words)) {
    if (!candidate.word.starts_with(begun)) continue;
    text += candidate.word;
    if (!candidate.text.empty()) text += "\t" + candidate.text;
    text += '\n';
  }
  print(text);
  return 0;
}

}  // namespace

Subcommand add_complete(CLI::App& program, const Globals&) {
  CLI::App* app = program.add_subcommand("complete", "candidates for the last of the words, for completion scripts");
  app->group("");
  auto words = std::make_shared<std::vector<std::string>>();
  app->add_option("WORDS", *words, "behind --: the line without the program's name");
  return {app, [words, &program] { return complete(program, *words); }};
}

}  // namespace ipcbench
