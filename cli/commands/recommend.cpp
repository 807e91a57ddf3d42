#include <unistd.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "cli/options/command_line.h"
#include "cli/options/promise.h"
#include "cli/options/subcommands.h"
#include "cli/output/result_text.h"
#include "cli/terminal/terminal.h"
#include "harness/base/usage_error.h"
#include "harness/suite/case_names.h"
#include "harness/suite/duration.h"
#include "plots/tables/cast_recommendation_tables.h"
#include "plots/tables/channels_recommendation_tables.h"
#include "plots/tables/guide_table.h"
#include "plots/tables/load_recommendation_tables.h"
#include "results/files/store.h"
#include "results/model/utf8.h"

namespace ipcbench {
namespace {

constexpr const char* kRecommendExamples = R"(Examples:
  ipcbench recommend --size 4KiB --pattern stream
  ipcbench recommend quick.ipcbench.json --size 64 --unrelated --access-control --may-spin
  ipcbench recommend --pattern many-to-many --boundaries --by cpu --placement same-cpu
  ipcbench recommend patterns.ipcbench.json --pattern many-to-many --producers 20 --consumers 20     by measured casts
  ipcbench recommend patterns.ipcbench.json --producers 32                                           clients of a server
  ipcbench recommend load.ipcbench.json --rate 20k/s --p99 100us --cpu 30%     by curves that ipcbench load has measured
  ipcbench recommend channels.ipcbench.json --channels 500                      one process that waits for many channels
  ipcbench recommend --size 0                            notifications, which carry nothing
  ipcbench recommend --size 64 --reference pipe          round trips as multiples of the pipe's as well
  ipcbench show quick.ipcbench.json --table guide        typical needs at a glance

What a mechanism is (its capabilities) decides whether it qualifies, what was measured ranks those that do.)";

struct RecommendArguments {
  std::string file;
  std::string size = "64";
  std::string pattern;  // "": request-reply; with a rate, stream
  std::string by;
  std::string placement;
  std::string format = table_format_names().front();
  std::string reference;
  bool no_spin = false;        // the default, for those who want to state it
  std::string rate, p99, cpu;  // of messages at a rate
  std::string channels;        // of one process to another
  std::optional<std::size_t> producers, consumers;
  bool to_all = false;
  Need need;
};

// Returns the newest file with the default name of `run`.
std::string newest_result() {
  namespace fs = std::filesystem;
  fs::path newest;
  fs::file_time_type newest_time;
  for (const fs::directory_entry& entry : fs::directory_iterator(".")) {
    const std::string name = entry.path().filename().string();
    std::error_code gone;
    if (!name.starts_with("ipcbench-") || !name.ends_with(".ipcbench.json") || !entry.is_regular_file(gone)) continue;
    const fs::file_time_type time = entry.last_write_time(gone);
    if (gone || (!newest.empty() && time <= newest_time)) continue;
    newest = entry.path();
    newest_time = time;
  }
  if (newest.empty()) {
    throw UsageError(
        "recommend: no RESULT given, and no ipcbench-*.ipcbench.json in this folder; measure first: ipcbench run");
  }
  return newest.filename().string();
}

std::size_t index_of(const std::vector<std::string>& names, const std::string& name) {
  std::size_t index = 0;
  while (index < names.size() && names[index] != name) ++index;
  return index;  // a check ensures that it exists
}

Result load_for(const RecommendArguments& arguments) {
  if (arguments.file.empty()) {
    const std::string file = newest_result();
    tell(fmt::format("from {}", printable(file)));
    return load_result(file);
  }
  return load_stored_result(arguments.file);
}

LoadNeed load_need(const RecommendArguments& arguments) {
  std::string_view rate = arguments.rate;
  if (rate.ends_with("/s")) rate.remove_suffix(2);
  LoadNeed load{.rate_per_s = static_cast<double>(parse_rate(rate, "--rate")), .p99_ns = {}, .cpu_ratio = {}};
  if (!arguments.p99.empty()) load.p99_ns = ns_of(parse_short_duration(arguments.p99, "--p99"));
  if (!arguments.cpu.empty()) load.cpu_ratio = parse_cpu_share(arguments.cpu);
  return load;
}

// Returns how many processes are needed; none: a pair will do, as no number was given and its pattern doesn't say many.
std::optional<CastNeed> cast_need(const RecommendArguments& arguments, NeedPattern pattern) {
  CastNeed cast = usual_cast(pattern);
  const bool is_given = arguments.producers || arguments.consumers || arguments.to_all;
  if (!is_given && cast.producers == 1 && cast.consumers == 1) return std::nullopt;
  const bool has_one_producer = pattern == NeedPattern::one_to_many;
  const bool has_one_consumer = pattern == NeedPattern::request_reply || pattern == NeedPattern::stream;
  if (has_one_producer && arguments.producers.value_or(1) != 1)
    throw UsageError("--producers: one-to-many has one; ask for many-to-many");
  if (has_one_consumer && arguments.consumers.value_or(1) != 1)
    throw UsageError(fmt::format("--consumers: {} has one; ask for one-to-many or many-to-many",
                                 pattern_names()[static_cast<std::size_t>(pattern)]));
  if (has_one_consumer && arguments.to_all)
    throw UsageError("--to-all: there is one consumer; ask for one-to-many or many-to-many");
  cast.producers = arguments.producers.value_or(cast.producers);
  cast.consumers = arguments.consumers.value_or(cast.consumers);
  cast.to_all = arguments.to_all;
  return cast;
}

int recommend_for(const RecommendArguments& arguments, const Globals& globals) {
  Need need = arguments.need;
  need.size = arguments.size == "0" ? 0 : parse_size(arguments.size, "--size");
  if (!arguments.pattern.empty()) need.pattern = static_cast<NeedPattern>(index_of(pattern_names(), arguments.pattern));
  need.placement = PlacementName(arguments.placement);
  if (!arguments.by.empty()) need.by = static_cast<Criterion>(index_of(criterion_names(), arguments.by));
  const bool by_load = !arguments.rate.empty();
  if (by_load && arguments.pattern.empty()) need.pattern = NeedPattern::stream;
  const Result result = load_for(arguments);
  if (!arguments.channels.empty()) {
    need.pattern = NeedPattern::stream;
    const std::uint64_t channels = parse_count(arguments.channels, "--channels");
    const std::vector<Table> tables =
        channels_recommendation_tables(recommend_for_channels(result, std::move(need), channels));
    print(format_tables(tables, parse_table_format(arguments.format), use_color(globals.color_when(), STDOUT_FILENO)));
    return 0;
  }
  if (by_load) {
    const std::vector<Table> tables =
        load_recommendation_tables(recommend_at_rate(result, std::move(need), load_need(arguments)));
    print(format_tables(tables, parse_table_format(arguments.format), use_color(globals.color_when(), STDOUT_FILENO)));
    return 0;
  }
  const std::optional<CastNeed> cast = cast_need(arguments, need.pattern);
  if (cast && has_casts_for(result, need, *cast)) {
    if (!arguments.reference.empty()) throw UsageError("--reference: of casts nothing is a multiple; leave it out");
    const std::vector<Table> tables = cast_recommendation_tables(recommend_cast(result, std::move(need), *cast));
    print(format_tables(tables, parse_table_format(arguments.format), use_color(globals.color_when(), STDOUT_FILENO)));
    return 0;
  }
  if (cast && (arguments.producers || arguments.consumers || arguments.to_all))
    throw UsageError(fmt::format("recommend: this result has no such casts; measure them first: {}",
                                 command_to_measure(need, *cast, {})));
  const std::optional<Reference> reference = reference_in(result, arguments.reference, "this result");
  const std::vector<Table> tables = recommendation_tables(recommend(result, need), reference ? &*reference : nullptr);
  print(format_tables(tables, parse_table_format(arguments.format), use_color(globals.color_when(), STDOUT_FILENO)));
  return 0;
}

void add_factors(CLI::App& app, Need& need) {
  const auto add = [&](const char* flag, bool& value, const char* text) {
    app.add_flag(flag, value, text)->group("Must");
  };
  add("--unrelated", need.unrelated, "work between processes without a common ancestor");
  add("--crosses-hosts", need.crosses_hosts, "reach another machine");
  add("--persistent", need.persistent, "outlive its processes: the object, or its name");
  add("--boundaries", need.boundaries, "keep message boundaries");
  add("--typed", need.typed, "be received by type or priority");
  add("--self-synchronising", need.self_synchronising, "make the fast side wait for the slow one");
  add("--reliable", need.reliable, "lose nothing");
  add("--access-control", need.access_control, "be guarded by permissions or credentials");
  add("--no-service", need.no_service, "do without a daemon");
}

}  // namespace

Subcommand add_recommend(CLI::App& program, const Globals& globals) {
  CLI::App* app = program.add_subcommand("recommend", "which mechanism for what, ranked by what was measured");
  app->footer(kRecommendExamples);
  auto arguments = std::make_shared<RecommendArguments>();
  app->add_option("RESULT", arguments->file, "a result file; default: the newest ipcbench-*.ipcbench.json here");
  app->add_option("--size", arguments->size, "of a message: 64 (default), 4KiB, 1MiB; 0: notifications")
      ->option_text("SIZE");
  app->add_option("--pattern", arguments->pattern,
                  "request-reply (default), stream (with --rate), one-to-many, many-to-many")
      ->check(one_of(pattern_names()))
      ->option_text("PATTERN");
  app->add_option("--by", arguments->by, "rank by latency, throughput, cpu or memory; default: as the pattern asks")
      ->check(one_of(criterion_names()))
      ->option_text("FIGURE");
  app->add_option("--placement", arguments->placement, "where it was measured; default: two CPUs if there are")
      ->option_text("NAME");
  CLI::Option* rate = app->add_option("--rate", arguments->rate, "messages a second, by measured loads: 20k/s")
                          ->check(not_empty())
                          ->option_text("RATE")
                          ->excludes("--by");
  app->add_option("--p99", arguments->p99, "with --rate: the response's p99 below this time: 100us")
      ->check(not_empty())
      ->option_text("TIME")
      ->needs(rate);
  app->add_option("--cpu", arguments->cpu, "with --rate: CPU time of both sides below this part of one CPU: 30%")
      ->check(not_empty())
      ->option_text("PERCENT")
      ->needs(rate);
  app->add_option("--channels", arguments->channels, "channels of one process that another waits for: 500")
      ->check(not_empty())
      ->option_text("COUNT")
      ->excludes(rate)
      ->excludes("--by")
      ->excludes("--pattern");
  const auto add_seats = [&](const char* flag, std::optional<std::size_t>& seats, const char* text) {
    return app->add_option(flag, seats, text)
        ->check(CLI::Range(std::size_t{1}, kMostSeats - 1))
        ->option_text("N")
        ->excludes(rate);
  };
  add_seats("--producers", arguments->producers, "processes that send, or clients that ask, by measured casts");
  add_seats("--consumers", arguments->consumers, "processes that receive, by measured casts");
  app->add_flag("--to-all", arguments->to_all, "each message goes to every consumer")->excludes(rate);
  CLI::Option* may_spin = app->add_flag("--may-spin", arguments->need.may_spin, "waiting may burn a CPU");
  app->add_flag("--no-spin", arguments->no_spin, "waiting may not burn a CPU (default)")->excludes(may_spin);
  add_factors(*app, arguments->need);
  add_reference_to(*app, arguments->reference);
  rate->excludes("--reference");
  app->get_option("--channels")->excludes("--reference");
  app->add_option("--format", arguments->format, "table (default), markdown, csv (what qualifies) or json")
      ->check(one_of(table_format_names()))
      ->option_text("FORMAT");
  return {app, [arguments, &globals] { return recommend_for(*arguments, globals); }};
}

}  // namespace ipcbench
