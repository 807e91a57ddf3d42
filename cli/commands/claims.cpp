#include "results/claims/claims.h"

#include <unistd.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "cli/options/command_line.h"
#include "cli/options/subcommands.h"
#include "cli/output/result_text.h"
#include "cli/terminal/terminal.h"
#include "harness/base/usage_error.h"
#include "harness/sdk/registry.h"
#include "harness/suite/case_spec.h"
#include "plots/tables/claims_table.h"
#include "results/claims/builtin_claims.h"
#include "results/claims/claim_file.h"
#include "results/model/utf8.h"

namespace ipcbench {
namespace {

constexpr const char* kClaimsExamples = R"(Examples:
  ipcbench claims quick.ipcbench.json                         all claims, judged by a result
  ipcbench claims quick.ipcbench.json standard.ipcbench.json  by two: each claim is tested in both
  ipcbench claims quick.ipcbench.json --claim C4 --claim 1    these alone
  ipcbench claims quick.ipcbench.json --claims mine.toml      a claim of your own as well: docs/adding-a-claim.md
  ipcbench claims quick.ipcbench.json --format json --lang zh

A claim is judged where the whole interval of what was measured is on one side of its number. What is missing is named, with
the command that measures it: ipcbench run claims measures what decides the claims made in public.)";

struct ClaimsArguments {
  std::vector<std::string> files;
  std::vector<std::string> claims;  // files of a user's own
  std::vector<std::string> only;    // ids
  std::string format = table_format_names().front();
  std::string language{kLanguageNames.front()};
};

std::vector<std::string> ids_of(const std::vector<Claim>& claims) {
  std::vector<std::string> ids;
  for (const Claim& claim : claims) ids.push_back(claim.id);
  return ids;
}

// Returns the names that a user's claim may use.
ClaimNames names_of_claims() {
  ClaimNames names;
  std::set<std::string> options;
  for (const RegisteredTransport& entry : registered_transports()) {
    names.transports.emplace_back(entry.name);
    if (entry.transport == nullptr) continue;
    for (const OptionInfo& option : entry.transport->info().options) options.emplace(option.name);
  }
  for (const ScenarioInfo& scenario : offered_scenarios()) {
    for (const OptionInfo& option : scenario.options) options.emplace(option.name);
  }
  names.options.assign(options.begin(), options.end());
  for (const Claim& claim : articles_claims()) {
    if (const auto* experiment = std::get_if<ExperimentQuery>(&claim.query)) names.facts.push_back(experiment->fact);
  }
  return names;
}

// Returns those made in public, the user's own, and the articles'.
std::vector<Claim> all_claims(const std::vector<std::string>& files) {
  std::vector<Claim> claims(public_claims().begin(), public_claims().end());
  const ClaimNames names = names_of_claims();
  const auto is_taken = [&](const Claim& claim) {
    const auto has_id = [&](const Claim& other) { return other.id == claim.id; };
    return std::ranges::any_of(claims, has_id) || std::ranges::any_of(articles_claims(), has_id);
  };
  for (const std::string& file : files) {
    Claim claim = load_claim(file, names);
    if (is_taken(claim))
      throw UsageError(
          fmt::format("{}: id: there is a claim '{}' already; choose another id", printable(file), claim.id));
    claims.push_back(std::move(claim));
  }
  claims.insert(claims.end(), articles_claims().begin(), articles_claims().end());
  return claims;
}

std::vector<Claim> chosen_claims(const ClaimsArguments& arguments) {
  std::vector<Claim> claims = all_claims(arguments.claims);
  const std::vector<std::string> ids = ids_of(claims);
  for (const std::string& id : arguments.only) {
    if (std::ranges::find(ids, id) == ids.end())
      throw UsageError(fmt::format("--claim: there is no claim '{}'{}", printable(id), suggestion(id, ids)));
  }
  if (!arguments.only.empty()) {
    std::erase_if(claims, [&](const Claim& claim) {
      return std::ranges::find(arguments.only, claim.id) == arguments.only.end();
    });
  }
  return claims;
}

int judge_results(const ClaimsArguments& arguments, const Globals& globals) {
  const std::vector<Claim> claims = chosen_claims(arguments);
  std::deque<Result> loaded;
  std::vector<ClaimResult> results;
  for (const std::string& file : arguments.files) {
    const Result& result = loaded.emplace_back(load_stored_result(file));
    const auto same = std::ranges::find_if(results, [&](const ClaimResult& other) {
      return !result.run_id.empty() && other.result->run_id == result.run_id;
    });
    if (same == results.end()) {
      results.push_back({.result = &result, .name = printable(file)});
    } else {
      tell(fmt::format("left out: {}: the same run as {}, which counts once", printable(file), same->name));
    }
  }
  if (results.size() == 1) results.front().name = "";
  const Table table = judged_claims_table(judge(claims, results), *parse_language(arguments.language));
  print(
      format_tables({&table, 1}, parse_table_format(arguments.format), use_color(globals.color_when(), STDOUT_FILENO)));
  return 0;
}

}  // namespace

Subcommand add_claims(CLI::App& program, const Globals& globals) {
  CLI::App* app = program.add_subcommand("claims", "judges what is claimed of the mechanisms by stored results");
  app->footer(kClaimsExamples);
  auto arguments = std::make_shared<ClaimsArguments>();
  app->add_option("RESULT", arguments->files, "result files or journals")->required();
  app->add_option("--claims", arguments->claims, "a claim of your own as well: docs/adding-a-claim.md; may be repeated")
      ->check(not_empty())
      ->option_text("FILE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app->add_option("--claim", arguments->only, "only the claim with this id; may be repeated")
      ->check(not_empty())
      ->option_text("ID")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app->add_option("--format", arguments->format, "table (default), markdown, csv or json")
      ->check(one_of(table_format_names()))
      ->option_text("FORMAT");
  app->add_option("--lang", arguments->language, "of the table: en (default) or zh")
      ->check(one_of({kLanguageNames.begin(), kLanguageNames.end()}))
      ->option_text("LANG");
  return {app, [arguments, &globals] { return judge_results(*arguments, globals); }};
}

}  // namespace ipcbench
