#include "cli/command_line.h"

#include <utility>

#include <fmt/core.h>

#include "harness/os/usage_error.h"

namespace ipcbench {
namespace {

std::vector<std::string> flags_of(const CLI::App& app) {
  std::vector<std::string> flags;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) flags.push_back("--" + name);
  }
  return flags;
}

// The hidden ones aren't suggested.
std::vector<std::string> subcommands_of(const CLI::App& program) {
  std::vector<std::string> names;
  for (const CLI::App* subcommand : program.get_subcommands({})) {
    if (!subcommand->get_group().empty()) names.push_back(subcommand->get_name());
  }
  return names;
}

}  // namespace

CLI::Validator one_of(std::vector<std::string> names) {
  const auto check = [names = std::move(names)](std::string& value) {
    for (const std::string& name : names) {
      if (name == value) return std::string();
    }
    return fmt::format("unknown value '{}'{}", value, suggestion(value, names));
  };
  return CLI::Validator(check, "");
}

CLI::Validator not_negative() {
  const auto check = [](std::string& value) {
    return value.find('-') == std::string::npos ? std::string() : fmt::format("'{}' is negative", value);
  };
  return CLI::Validator(check, "");
}

CLI::Validator not_empty() {
  const auto check = [](std::string& value) {
    return value.empty() ? std::string("the name is empty") : std::string();
  };
  return CLI::Validator(check, "");
}

void refuse_extras(const CLI::App& program) {
  const std::vector<std::string> extras = program.remaining(true);
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
