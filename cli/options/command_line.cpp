#include "cli/options/command_line.h"

#include <utility>

#include <fmt/core.h>

#include "harness/base/usage_error.h"

namespace ipcbench {
namespace {

std::vector<std::string> flags_of(const CLI::App& app) {
  std::vector<std::string> flags;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) flags.push_back("--" + name);
  }
  return flags;
}

std::vector<std::string> subcommands_of(const CLI::App& program) {
  std::vector<std::string> names;
  for (const CLI::App* subcommand : visible_subcommands(program)) names.push_back(subcommand->get_name());
  return names;
}

// The check's name; its description lists the values, where closed_values() finds them. Descriptions are shown only for
// options without a placeholder.
constexpr const char* kClosedSet = "one of";
constexpr char kSeparator = '|';

}  // namespace

CLI::Validator one_of(std::vector<std::string> names) {
  std::string joined;
  for (const std::string& name : names) {
    if (!joined.empty()) joined += kSeparator;
    joined += name;
  }
  const auto check = [names = std::move(names)](std::string& value) {
    for (const std::string& name : names) {
      if (name == value) return std::string();
    }
    return fmt::format("unknown value '{}'{}", value, suggestion(value, names));
  };
  return CLI::Validator(check, joined, kClosedSet);
}

std::vector<std::string> closed_values(CLI::Option& option) {
  try {
    return CLI::detail::split(option.get_validator(kClosedSet)->get_description(), kSeparator);
  } catch (const CLI::OptionNotFound&) {
    return {};
  }
}

std::vector<const CLI::App*> visible_subcommands(const CLI::App& program) {
  std::vector<const CLI::App*> visible;
  for (const CLI::App* subcommand : program.get_subcommands({})) {
    if (!subcommand->get_group().empty()) visible.push_back(subcommand);
  }
  return visible;
}

CLI::Validator not_negative() {
  const auto check = [](std::string& value) {
    return value.find('-') == std::string::npos ? std::string() : fmt::format("'{}' is negative", value);
  };
  return CLI::Validator(check, "");
}

std::vector<std::string> names_given(const std::vector<const CLI::Option*>& options) {
  std::vector<std::string> names;
  for (const CLI::Option* option : options) {
    if (option->count() > 0) names.push_back(option->get_name());
  }
  return names;
}

CLI::Validator not_empty() {
  const auto check = [](std::string& value) {
    return value.empty() ? std::string("the name is empty") : std::string();
  };
  return CLI::Validator(check, "");
}

void refuse_extras(const CLI::App& program) {
  std::vector<std::string> extras = program.remaining(true);
  std::erase(extras, "--");  // CLI11 obeys it, but leaves it behind
  if (extras.empty()) return;
  const std::string& extra = extras.front();
  const std::vector<CLI::App*> chosen = program.get_subcommands();
  const CLI::App& app = chosen.empty() ? program : *chosen.front();
  const std::string name = chosen.empty() ? "ipcbench" : "ipcbench " + app.get_name();

  if (extra.size() > 1 && extra.front() == '-') {
    const std::string flag = extra.substr(0, extra.find('='));
    throw UsageError(fmt::format("{}: unknown flag '{}'{}", name, flag, suggestion(flag, flags_of(app))));
  }
  if (chosen.empty())
    throw UsageError(fmt::format("unknown subcommand '{}'{}", extra, suggestion(extra, subcommands_of(program))));
  throw UsageError(fmt::format("{}: unexpected argument '{}'", name, extra));
}

}  // namespace ipcbench
