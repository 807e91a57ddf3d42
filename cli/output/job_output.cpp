#include "cli/output/job_output.h"

#include <unistd.h>

#include <array>
#include <filesystem>
#include <functional>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/options/command_line.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/terminal.h"
#include "harness/base/usage_error.h"
#include "harness/files/input_file.h"
#include "harness/files/output_file.h"
#include "plots/jobs/job_outputs.h"
#include "results/files/noise_file.h"
#include "results/model/utf8.h"

namespace ipcbench {
namespace {

constexpr std::string_view kGithubForm = "github";

struct Form {
  std::string_view name;
  std::function<std::string(const JobOutcome&, const PairSession*)> text;
};

const std::vector<Form>& forms() {
  static const std::vector<Form> list = {
      {"markdown", [](const JobOutcome& outcome, const PairSession*) { return to_markdown(outcome); }},
      {"junit", [](const JobOutcome& outcome, const PairSession*) { return to_junit(outcome); }},
      {"json", [](const JobOutcome& outcome, const PairSession*) { return to_json(outcome); }},
      {kGithubForm, [](const JobOutcome& outcome, const PairSession*) { return to_github(outcome); }},
      {"openmetrics", [](const JobOutcome& outcome, const PairSession*) { return to_openmetrics(outcome); }},
      {"gbench", to_gbench},
  };
  return list;
}

struct WantedForm {
  const Form* form;
  std::string file;  // "": stdout
};

WantedForm wanted_form(const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::string name = text.substr(0, equals);
  for (const Form& form : forms()) {
    if (form.name != name) continue;
    if (equals == std::string::npos) return {&form, ""};
    if (equals + 1 == text.size()) throw UsageError(fmt::format("--out {}: the name of the file is empty", text));
    const std::string file = text.substr(equals + 1);
    return {&form, is_stdout(file) ? "" : file};
  }
  throw UsageError(fmt::format("--out: '{}' is no form{}; example: --out junit=report.xml github", name,
                               suggestion(name, job_form_names())));
}

// Checks a file before minutes of measuring. A device is written directly: /dev/null, a terminal.
void check_place(const std::string& file) {
  if (std::error_code ignored; std::filesystem::is_character_file(file, ignored)) return;
  try {
    check_output(file);
  } catch (const UsageError& error) {
    throw UsageError(fmt::format("--out {}", error.what()));
  }
}

}  // namespace

std::vector<std::string> job_form_names() {
  std::vector<std::string> names;
  for (const Form& form : forms()) names.emplace_back(form.name);
  return names;
}

void JobOutputs::add_to(CLI::App& app) {
  app.add_option("--out", out_,
                 "the report as markdown, junit, json, github, openmetrics or gbench; no FILE: on stdout")
      ->option_text("FORM[=FILE]...")
      ->group("Report");
}

void JobOutputs::check() const {
  std::string on_stdout;
  for (const std::string& text : out_) {
    const WantedForm wanted = wanted_form(text);
    // GitHub's annotations may share stdout, since they may occur anywhere in a log.
    if (!wanted.file.empty()) {
      check_place(wanted.file);
      continue;
    }
    if (wanted.form->name == kGithubForm) continue;
    if (!on_stdout.empty()) {
      throw UsageError(
          fmt::format("--out: both {} and {} want stdout; give one of them a file: {}=FILE", on_stdout, text, text));
    }
    on_stdout = text;
  }
}

int JobOutputs::write(const JobOutcome& outcome, const PairSession* session, const Globals& globals) const {
  std::string printed = to_text(outcome, {.color = use_color(globals.color_when(), STDOUT_FILENO)});
  std::string annotations;
  for (const std::string& text : out_) {
    const WantedForm wanted = wanted_form(text);
    if (!wanted.file.empty()) continue;
    (wanted.form->name == kGithubForm ? annotations : printed) = wanted.form->text(outcome, session);
  }
  bool missing = false;
  const auto attempt = [&](const auto& write_one) {
    try {
      write_one();
    } catch (const std::system_error& error) {
      tell(fmt::format("ipcbench: --out: {}", error.what()));
      missing = true;
    }
  };
  attempt([&] { print(printed + annotations); });
  for (const std::string& text : out_) {
    const WantedForm wanted = wanted_form(text);
    if (wanted.file.empty()) continue;
    attempt([&] { write_file_atomically(wanted.file, wanted.form->text(outcome, session)); });
  }
  const int code = exit_code_of(verdict_of(outcome));
  return code == 0 && missing ? kExitInternal : code;
}

void CalibrationArguments::add_to(CLI::App& app) {
  app.add_option("--noise", files_,
                 "what calibrate has learnt of this machine class; default: noise.json, if it is there")
      ->allow_extra_args(false)
      ->option_text("FILE")
      ->group("Decision");
  app.add_flag("--strict", strict_, "fails (3) if a gated figure is too noisy to decide")->group("Decision");
}

std::optional<NoiseModel> CalibrationArguments::load(std::span<const Conditions> used, std::string& why) const {
  std::vector<std::string> files = files_;
  if (files.empty() && std::filesystem::exists(kDefaultNoise)) files.emplace_back(kDefaultNoise);
  if (files.empty()) why = fmt::format("there is no {}", kDefaultNoise);
  std::vector<std::string> others;
  for (const std::string& file : files) {
    std::string text;
    try {
      text = read_input(file);
    } catch (const std::system_error& error) {
      throw NotComparable(fmt::format("--noise: {}; learn it with: ipcbench calibrate --noise {}", error.what(), file));
    }
    NoiseModel model = noise_from_json(text, file);
    std::vector<Difference> apart;
    for (const Conditions& conditions : used) {
      if (apart.empty()) apart = margin_differences(conditions_of(model), conditions);
    }
    if (apart.empty()) return model;
    others.push_back(
        fmt::format("{} was learnt for something else than this ({})", file, differences_text(apart, true)));
  }
  if (!others.empty()) why = fmt::format("{}", fmt::join(others, ", "));
  return std::nullopt;
}

void ResultDiffArguments::add_to(CLI::App& app) {
  app.add_option("--reference,--normalise", reference_,
                 "compares times as multiples of this row's of the same run: a case's id, or a transport")
      ->check(not_empty())
      ->option_text("CASE|TRANSPORT")
      ->group("Decision");
  app.add_flag("--advisory", advisory_, "shows verdicts without a calibration; nothing fails")->group("Decision");
  calibration_.add_to(app);
}

ResultDiffRules ResultDiffArguments::load(const Result& base, std::optional<NoiseModel>& noise,
                                          std::string& why) const {
  noise = calibration_.load(std::array{conditions_of(base)}, why);
  const bool usable = noise && has_run_margins(*noise);
  if (noise && !usable) why = "it holds no margin between runs, which takes 20 of them at different hours";
  if (!advisory_ && !usable) {
    throw NotComparable(
        fmt::format("no calibration between runs: {}; learn it with ipcbench calibrate, or see the verdicts as "
                    "advice with --advisory",
                    why));
  }
  if (!usable) why = fmt::format("not calibrated between runs: {}", why);
  return {.noise = noise ? &*noise : nullptr,
          .strict = calibration_.strict(),
          .advisory = advisory_,
          .reference = reference_};
}

}  // namespace ipcbench
