#include "plots/page/page_data.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "harness/measure/histogram.h"
#include "plots/table/html_text.h"
#include "plots/tables/result_tables.h"
#include "results/compare/comparability.h"
#include "results/figures/catalogue.h"
#include "results/figures/launch_figures.h"
#include "results/figures/memory_figure.h"
#include "results/figures/summary.h"
#include "results/model/json_text.h"
#include "results/model/limits.h"
#include "results/rows/at_largest.h"

namespace ipcbench {
namespace {

constexpr int kPageDataVersion = 1;

// In the place of a launch's flags.
constexpr unsigned kUsed = 1;
constexpr unsigned kOutlier = 2;
constexpr unsigned kBroken = 4;

std::string json_text(std::string_view text) { return json_quoted(shortened(text)); }

// Builds JSON without a line break where it isn't needed: a page holds thousands of cases.
class Json {
 public:
  void text(std::string_view key, std::string_view value) {
    if (!value.empty()) raw(key, json_text(value));
  }
  void number(std::string_view key, std::optional<double> value) {
    if (value) raw(key, json_number(*value));
  }
  void yes(std::string_view key, bool value) {
    if (value) raw(key, "true");
  }
  void raw(std::string_view key, std::string_view value) {
    comma();
    text_ += '"';
    text_ += key;
    text_ += "\":";
    text_ += value;
  }
  void item(std::string_view value) {
    comma();
    text_ += value;
  }
  std::string object() && { return "{" + std::move(text_) + "}"; }
  std::string array() && { return "[" + std::move(text_) + "]"; }

 private:
  void comma() {
    if (!text_.empty()) text_ += ',';
  }
  std::string text_;
};

template <class Items, class F>
std::string array_of(const Items& items, const F& json_of) {
  Json all;
  for (const auto& item : items) all.item(json_of(item));
  return std::move(all).array();
}

std::string numbers(std::initializer_list<double> values) {
  return array_of(values, [](double value) { return json_number(value); });
}

std::string transport_json(const TransportRecord& t) {
  const auto is_loan = [](const auto& capability) {
    return capability.first == "shape" && capability.second == AttributeValue(std::string("loan"));
  };
  Json json;
  json.text("name", t.name);
  json.text("family", t.family);
  json.text("row", t.row);
  json.text("summary", t.summary);
  json.yes("loan", std::any_of(t.capabilities.begin(), t.capabilities.end(), is_loan));
  if (!t.available) json.text("missing", t.reason.empty() ? "not available" : t.reason);
  return std::move(json).object();
}

std::string bandwidths_json(const std::vector<BandwidthRecord>& all) {
  return array_of(all, [](const BandwidthRecord& b) { return numbers({static_cast<double>(b.size), b.bytes_per_s}); });
}

std::string floor_json(const FloorRecord& floor) {
  Json json;
  json.text("placement", floor.placement);
  json.text("state", floor.state);
  json.number("cache_line_rtt_ns", floor.cache_line_rtt_ns);
  json.number("futex_rtt_ns", floor.futex_rtt_ns);
  json.number("syscall_ns", floor.syscall_ns);
  json.raw("memcpy", bandwidths_json(floor.memcpy));
  json.raw("line_touch", bandwidths_json(floor.line_touch));
  return std::move(json).object();
}

std::string states_json(const StateRecord& states) {
  Json json;
  json.text("placement", states.placement);
  json.text("used", states.used);
  json.raw("clusters", array_of(states.clusters_ns, [](const auto& cluster) {
             Json one;
             one.item(json_text(cluster.first));
             one.item(json_number(cluster.second.low));
             one.item(json_number(cluster.second.high));
             return std::move(one).array();
           }));
  return std::move(json).object();
}

// [median, n] or [median, n, low, high].
std::string figure_json(const Figure& figure) {
  const auto n = static_cast<double>(figure.n);
  if (!figure.ci95) return numbers({*figure.median, n});
  return numbers({*figure.median, n, figure.ci95->low, figure.ci95->high});
}

std::string figures_json(const CaseSummary& summary) {
  Json json;
  for (const FigureInfo& info : figure_catalogue()) {
    const Figure& figure = summary.*info.figure;
    if (figure.median) json.raw(info.key, figure_json(figure));
  }
  return std::move(json).object();
}

// [median, paired] or [median, paired, low, high] of each figure that comes from launches.
std::string times_json(const CaseRecord& c, const CaseRecord& row) {
  Json json;
  for (const FigureInfo& info : figure_catalogue()) {
    const Ratio ratio = ratio_of(c, row, info);
    if (!ratio.median) continue;
    const double paired = ratio.paired ? 1 : 0;
    json.raw(info.key, ratio.interval ? numbers({*ratio.median, paired, ratio.interval->low, ratio.interval->high})
                                      : numbers({*ratio.median, paired}));
  }
  return std::move(json).object();
}

// Of each bucket that isn't empty: its index in the histogram's layout, less the one before it, and its count.
std::string histogram_json(const SparseHistogram& histogram) {
  std::string text = "[";
  std::size_t last = 0;
  for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
    const std::size_t index = Histogram::index_of(histogram.values_ns[i]);
    fmt::format_to(std::back_inserter(text), "{}{},{}", i == 0 ? "" : ",", index - last, histogram.counts[i]);
    last = index;
  }
  return text + "]";
}

std::string launch_json(const LaunchRecord& launch, std::size_t place) {
  const bool broken = launch.status != Status::ok;
  const std::optional<double> value = broken ? std::nullopt : op_ns(launch);
  const auto optional_number = [](const std::optional<double>& v) { return v ? json_number(*v) : "null"; };
  const unsigned flags = (launch.used ? kUsed : 0) | (launch.outlier ? kOutlier : 0) | (broken ? kBroken : 0);
  Json json;
  json.item(fmt::format("{},{},{},{}", place, launch.pass, optional_number(value), flags));
  if (launch.canary_ns) {
    json.item(fmt::format("{},{},{}", json_number((*launch.canary_ns)[0]), json_number((*launch.canary_ns)[1]),
                          json_text(launch.state)));
  }
  return std::move(json).array();
}

using Places = std::vector<std::vector<std::size_t>>;

// When each launch took place, 1-based, by case and launch: in the order of their starts.
Places places_of(const Result& result) {
  struct Start {
    std::string_view when;
    std::size_t number, launch;
  };
  std::vector<Start> starts;
  Places places(result.cases.size());
  for (std::size_t number = 0; number < result.cases.size(); ++number) {
    const auto& launches = result.cases[number].launches;
    places[number].resize(launches.size());
    for (std::size_t launch = 0; launch < launches.size(); ++launch) {
      starts.push_back({launches[launch].started, number, launch});
    }
  }
  std::stable_sort(starts.begin(), starts.end(), [](const Start& a, const Start& b) { return a.when < b.when; });
  for (std::size_t i = 0; i < starts.size(); ++i) places[starts[i].number][starts[i].launch] = i + 1;
  return places;
}

std::string case_json(const PageRun& run, const CaseRecord& c, const std::vector<std::size_t>& places) {
  const Result& result = *run.result;
  const CaseSummary& s = c.summary;
  Json json;
  json.text("id", c.id);
  json.text("scenario", c.scenario);
  json.text("transport", c.transport);
  json.text("label", label_of(c));
  json.text("wait", c.wait);
  json.number("size", static_cast<double>(c.size));
  if (const Phrase largest = largest_phrase(c); !largest.english.empty()) {
    json.yes("only_largest", !has_asked_size(c));
    json.text("largest", largest.english);
    json.text("largest_zh", largest.chinese);
  }
  json.text("reply", reply_of(c));
  json.text("placement", c.placement);
  json.raw("cpus", fmt::format("[{},{}]", c.cpus[0], c.cpus[1]));
  if (c.payload != "lines") json.text("payload", c.payload);
  json.number("ops", static_cast<double>(c.ops));
  if (c.status != Status::ok) json.text("status", name_of(c.status));
  json.text("reason", c.reason);
  json.text("state", s.state_used);
  json.text("class", s.steady);
  json.yes("bimodal", s.bimodal.value_or(false));
  json.yes("mean_for_p50", s.p50_from_mean);
  json.yes("calls_vary", s.syscalls_vary);
  json.yes("calls_lump_retried", s.syscalls_producer.median && !s.syscalls_retried.median);
  json.yes("has_broker", std::ranges::any_of(c.launches, [](const LaunchRecord& l) { return l.broker.has_value(); }));
  json.yes("capped", c.channel && c.channel->capped);
  json.yes("unseen", misses_kernel_objects(result, c));
  json.text("channel_source", s.channel_source);
  if (is_limited(c)) {
    const Phrase limits = launch_limits_of(c);
    json.raw("limits", array_of(std::array{limits.english, limits.chinese}, json_text));
  }
  if (has_limited_memory(c)) {
    const Phrase limits = memory_limits_of(c);
    json.raw("memory_limits", array_of(std::array{limits.english, limits.chinese}, json_text));
  }
  json.text("buffers", buffers_text(s.buffers));
  if (s.rtt_worst) {
    json.raw("worst", fmt::format("[{},{},{}]", json_number(s.rtt_worst->ns),
                                  s.rtt_worst->at_ns ? json_number(*s.rtt_worst->at_ns) : "null", s.rtt_worst->pass));
  }
  if (!s.notes.empty()) json.raw("notes", array_of(s.notes, json_text));
  json.raw("figures", figures_json(s));
  const CaseRecord* row = run.reference != nullptr && c.status == Status::ok ? run.reference->row_for(c) : nullptr;
  if (row != nullptr) json.raw("times", times_json(c, *row));
  const SparseHistogram pooled = pooled_histogram(c);
  if (!pooled.counts.empty()) json.raw("histogram", histogram_json(pooled));
  Json launches;
  for (std::size_t i = 0; i < c.launches.size(); ++i) launches.item(launch_json(c.launches[i], places[i]));
  json.raw("launches", std::move(launches).array());
  return std::move(json).object();
}

std::string run_json(const PageRun& run) {
  const Result& r = *run.result;
  Json json;
  json.text("name", run.name);
  json.text("suite", r.suite);
  json.text("started", r.started);
  json.text("machine", r.machine.cpu);
  json.yes("complete", r.complete);
  json.number("passes", r.passes);
  if (run.reference != nullptr) json.text("reference", run.reference->name());
  json.raw("transports", array_of(r.transports, transport_json));
  json.raw("floors", array_of(r.floors, floor_json));
  json.raw("states", array_of(r.states, states_json));
  const Places places = places_of(r);
  Json cases;
  for (std::size_t i = 0; i < r.cases.size(); ++i) cases.item(case_json(run, r.cases[i], places[i]));
  json.raw("cases", std::move(cases).array());
  return std::move(json).object();
}

}  // namespace

std::string page_data(std::span<const PageRun> runs) {
  Json json;
  json.number("version", kPageDataVersion);
  json.raw("runs", array_of(runs, run_json));
  return std::move(json).object();
}

}  // namespace ipcbench
