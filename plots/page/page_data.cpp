#include "plots/page/page_data.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "harness/measure/histogram.h"
#include "plots/table/html_text.h"
#include "plots/tables/result_tables.h"
#include "results/claims/source_table.h"
#include "results/compare/comparability.h"
#include "results/figures/cast_lines.h"
#include "results/figures/catalogue.h"
#include "results/figures/idle_rows.h"
#include "results/figures/launch_figures.h"
#include "results/figures/load_curves.h"
#include "results/figures/load_summary.h"
#include "results/figures/memory_figure.h"
#include "results/figures/summary.h"
#include "results/model/json_writer.h"
#include "results/model/limits.h"
#include "results/rows/at_largest.h"
#include "results/rows/service_spread.h"

namespace ipcbench {
namespace {

constexpr int kPageDataVersion = 1;

// Bits of a launch's flags.
constexpr unsigned kUsed = 1;
constexpr unsigned kOutlier = 2;
constexpr unsigned kBroken = 4;

// Members that are left out where they would say nothing: a page holds thousands of cases.
void add_text(JsonWriter& json, std::string_view key, std::string_view text) {
  if (!text.empty()) json.member(key, shortened(text));
}
void add_number(JsonWriter& json, std::string_view key, const std::optional<double>& number) {
  if (number) json.member(key, *number);
}
void add_flag(JsonWriter& json, std::string_view key, bool is_set) {
  if (is_set) json.member(key, true);
}
void write_text(JsonWriter& json, const std::string& text) { json.value(shortened(text)); }

// In both languages.
void add_bilingual(JsonWriter& json, std::string_view key, const BilingualString& text) {
  json.member(key, std::array{shortened(text.english), shortened(text.chinese)});
}

void write_transport(JsonWriter& json, const TransportRecord& t) {
  const auto is_loan = [](const auto& capability) {
    return capability.first == "shape" && capability.second == AttributeValue(std::string("loan"));
  };
  json.object([&] {
    add_text(json, "name", t.name);
    add_text(json, "family", t.family);
    add_text(json, "row", t.row);
    add_text(json, "summary", t.summary);
    add_flag(json, "sample", is_sources_sample(t.name));
    add_flag(json, "loan", std::any_of(t.capabilities.begin(), t.capabilities.end(), is_loan));
    if (!t.available) add_text(json, "missing", t.reason.empty() ? "not available" : t.reason);
  });
}

// [size, bytes per second].
void write_bandwidth(JsonWriter& json, const BandwidthRecord& bandwidth) {
  json.list([&] {
    json.value(bandwidth.size);
    json.value(bandwidth.bytes_per_s);
  });
}

void write_floor(JsonWriter& json, const FloorRecord& floor) {
  json.object([&] {
    add_text(json, "placement", to_string(floor.placement));
    add_text(json, "state", floor.state);
    add_number(json, "cache_line_rtt_ns", floor.cache_line_rtt_ns);
    add_number(json, "futex_rtt_ns", floor.futex_rtt_ns);
    add_number(json, "syscall_ns", floor.syscall_ns);
    json.key("memcpy").list(floor.memcpy, write_bandwidth);
    json.key("line_touch").list(floor.line_touch, write_bandwidth);
  });
}

// [name, low, high].
void write_cluster(JsonWriter& json, const std::pair<std::string, Interval>& cluster) {
  json.list([&] {
    json.value(shortened(cluster.first));
    json.value(cluster.second.low);
    json.value(cluster.second.high);
  });
}

void write_states(JsonWriter& json, const StateRecord& states) {
  json.object([&] {
    add_text(json, "placement", to_string(states.placement));
    add_text(json, "used", states.used);
    json.key("clusters").list(states.clusters_ns, write_cluster);
  });
}

// [median, count] or [median, count, low, high].
void write_median(JsonWriter& json, double median, std::size_t count, const std::optional<Interval>& interval) {
  json.list([&] {
    json.value(median);
    json.value(count);
    if (!interval) return;
    json.value(interval->low);
    json.value(interval->high);
  });
}

void write_figures(JsonWriter& json, const CaseSummary& summary) {
  json.object([&] {
    for (const FigureInfo& info : figure_catalogue()) {
      const Figure& figure = summary.*info.figure;
      if (figure.median) write_median(json.key(info.key), *figure.median, figure.n, figure.ci95);
    }
  });
}

// Of each figure that comes from launches; its count is 1 where the ratio is of pairs, else 0.
void write_times(JsonWriter& json, const CaseRecord& c, const CaseRecord& row) {
  json.object([&] {
    for (const FigureInfo& info : figure_catalogue()) {
      const Ratio ratio = ratio_of(c, row, info);
      if (ratio.median) write_median(json.key(info.key), *ratio.median, ratio.paired ? 1 : 0, ratio.interval);
    }
  });
}

// Returns, for each non-empty bucket, its index in the histogram's layout less the one before, and its count.
void write_histogram(JsonWriter& json, const SparseHistogram& histogram) {
  json.list([&] {
    std::size_t last = 0;
    for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
      const std::size_t index = Histogram::index_of(histogram.values_ns[i]);
      json.value(index - last);
      json.value(histogram.counts[i]);
      last = index;
    }
  });
}

// [place, pass, ns per op, flags] or [place, pass, ns per op, flags, canary before, canary after, its state].
void write_launch(JsonWriter& json, const LaunchRecord& launch, std::size_t place) {
  const bool broken = launch.status != Status::ok;
  json.list([&] {
    json.value(place);
    json.value(launch.pass);
    json.value(broken ? std::nullopt : op_ns(launch));
    json.value((launch.used ? kUsed : 0) | (launch.outlier ? kOutlier : 0) | (broken ? kBroken : 0));
    if (!launch.canary_ns) return;
    json.value((*launch.canary_ns)[0]);
    json.value((*launch.canary_ns)[1]);
    json.value(shortened(launch.state));
  });
}

using Places = std::vector<std::vector<std::size_t>>;

// Returns each launch's 1-based position in the order of their starts, by case and launch.
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

// Returns what charts call a case. Curves of casts stand beside those of pairs.
std::string page_label(const CaseRecord& c) {
  if (c.summary.is_open_loop && c.summary.has_cast)
    return fmt::format("{} {} {}", transport_label(c), seats_text(c), scenario_option(c, "sharing"));
  return c.summary.is_open_loop || c.summary.has_cast ? transport_label(c) : label_of(c);
}

void write_members(JsonWriter& json, const PageRun& run, const CaseRecord& c, const std::vector<std::size_t>& places) {
  const CaseSummary& s = c.summary;
  add_text(json, "id", c.id);
  add_text(json, "scenario", to_string(c.scenario));
  add_text(json, "transport", c.transport);
  add_text(json, "label", page_label(c));
  add_text(json, "wait", to_string(c.wait));
  json.member("size", c.size);
  if (const BilingualString largest = at_largest_text(c); !largest.english.empty()) {
    add_flag(json, "only_largest", !has_asked_size(c));
    add_text(json, "largest", largest.english);
    add_text(json, "largest_zh", largest.chinese);
  }
  add_text(json, "reply", reply_of(c));
  add_text(json, "placement", to_string(c.placement));
  json.member("cpus", c.cpus);
  if (c.payload != PayloadMode::lines) add_text(json, "payload", to_string(c.payload));
  json.member("ops", c.ops);
  if (c.status != Status::ok) add_text(json, "status", to_string(c.status));
  add_text(json, "reason", c.reason);
  add_text(json, "state", s.state_used);
  add_text(json, "class", s.steady);
  const auto is_any = [&](bool LoadRecord::*what) {
    return std::ranges::any_of(c.launches, [&](const LaunchRecord& l) { return l.used && l.load && (*l.load).*what; });
  };
  add_flag(json, "overloaded", is_any(&LoadRecord::overloaded));
  add_flag(json, "unsteady", is_any(&LoadRecord::unsteady));
  add_number(json, "clock_error_ns", s.clock_error_ns);
  if (s.is_open_loop && !measures_saturation(c))
    add_text(json, "headline", has_spinning_pacer(c) ? "response" : "service");
  add_flag(json, "bimodal", s.bimodal.value_or(false));
  add_flag(json, "mean_for_p50", s.p50_from_mean);
  add_flag(json, "calls_vary", s.syscalls_vary);
  add_flag(json, "calls_lump_retried", s.syscalls_producer.median && !s.syscalls_retried.median);
  add_flag(json, "has_broker",
           std::ranges::any_of(c.launches, [](const LaunchRecord& l) { return l.broker.has_value(); }));
  add_flag(json, "capped", c.channel && c.channel->capped);
  add_flag(json, "unseen", misses_kernel_objects(run.compared->result, c));
  add_text(json, "channel_source", s.channel_source);
  if (is_limited(c)) add_bilingual(json, "limits", launch_limits_of(c));
  if (has_limited_memory(c)) add_bilingual(json, "memory_limits", memory_limits_of(c));
  add_text(json, "buffers", buffers_text(s.buffers));
  if (s.rtt_worst) {
    json.key("worst").list([&] {
      json.value(s.rtt_worst->ns);
      json.value(s.rtt_worst->at_ns);
      json.value(s.rtt_worst->pass);
    });
  }
  if (!s.notes.empty()) json.key("notes").list(s.notes, write_text);
  write_figures(json.key("figures"), s);
  const CaseRecord* row = run.reference != nullptr && c.status == Status::ok ? run.reference->row_for(c) : nullptr;
  if (row != nullptr) write_times(json.key("times"), c, *row);
  // No chart shows the distribution of a cast.
  const SparseHistogram pooled = s.has_cast ? SparseHistogram{} : pooled_histogram(c);
  if (!pooled.counts.empty()) write_histogram(json.key("histogram"), pooled);
  json.key("launches").list([&] {
    for (std::size_t i = 0; i < c.launches.size(); ++i) write_launch(json, c.launches[i], places[i]);
  });
}

// Returns the place in the run, which names the case.
std::size_t place_in(const Result& result, const CaseRecord* c) {
  return static_cast<std::size_t>(c - result.cases.data());
}

void write_curve(JsonWriter& json, const Result& result, const LoadCurve& curve) {
  const auto place_of = [&](const CaseRecord* c) { return place_in(result, c); };
  const CaseRecord& any = curve.any();
  json.object([&] {
    json.key("cases").list(curve.points, [&](JsonWriter& j, const LoadPoint& p) { j.value(place_of(p.measured)); });
    json.key("rates").list(curve.points, [](JsonWriter& j, const LoadPoint& p) { j.value(p.rate_per_s); });
    if (curve.saturation != nullptr) json.member("saturation", place_of(curve.saturation));
    for (const std::string_view option : {"schedule", "form", "pacer"})
      add_text(json, option, scenario_option(any, option));
  });
}

void write_idle_row(JsonWriter& json, const Result& result, const IdleRow& row) {
  json.object([&] {
    json.key("cases").list(row.points, [&](const IdlePoint& p) { json.value(place_in(result, p.measured)); });
    json.key("silences_ns").list(row.points, [&](const IdlePoint& p) { json.value(p.silence_ns); });
    json.key("longest_ns").list(row.points, [&](const IdlePoint& p) {
      json.value(longest(*p.measured, &LoadRecord::service_max_ns));
    });
  });
}

void write_cast_line(JsonWriter& json, const Result& result, const CastLine& line) {
  const CastSubject& subject = line.subject;
  json.object([&] {
    json.key("cases").list(line.points, [&](const CastPoint& p) { json.value(place_in(result, p.measured)); });
    json.key("at").list(line.points, [&](const CastPoint& p) { json.value(p.at); });
    add_text(json, "form", line.form);
    add_text(json, "counted", counted_seats(line.any()));
    add_text(json, "scenario", subject.scenario);
    add_text(json, "producers", subject.producers);
    add_text(json, "consumers", subject.consumers);
    add_text(json, "deliver", subject.deliver);
    add_text(json, "service", subject.service);
    add_text(json, "service_by", subject.service_by);
    add_text(json, "active", subject.active);
    add_text(json, "hold", subject.hold);
    add_text(json, "think", subject.think);
    add_flag(json, "in_spread", is_row_of_spread(line));
  });
}

void write_cast_lines(JsonWriter& json, const Result& result) {
  const auto write = [&](std::string_view key, const std::vector<CastLine>& lines) {
    if (lines.empty()) return;
    json.key(key).list(lines, [&](const CastLine& line) { write_cast_line(json, result, line); });
  };
  const std::vector<CastLine> by_service = lines_by_service(result);
  write("seat_lines", lines_by_seats(result));
  write("service_lines", by_service);
  if (!by_service.empty()) json.member("even_ratio", kEvenRatio);
}

void write_run(JsonWriter& json, const PageRun& run) {
  const Result& r = run.compared->result;
  json.object([&] {
    add_text(json, "name", run.name);
    add_text(json, "suite", r.suite);
    add_text(json, "started", r.started);
    add_text(json, "machine", r.machine.cpu);
    add_flag(json, "complete", r.complete);
    json.member("passes", r.passes);
    if (run.reference != nullptr) add_text(json, "reference", run.reference->name());
    json.key("transports").list(r.transports, write_transport);
    json.key("floors").list(r.floors, write_floor);
    json.key("states").list(r.states, write_states);
    const Places places = places_of(r);
    json.key("cases").list([&] {
      for (std::size_t i = 0; i < r.cases.size(); ++i) {
        json.object([&] { write_members(json, run, r.cases[i], places[i]); });
      }
    });
    if (const std::vector<AtPlacement<LoadCurve>> all = curves_by_placement(r); !all.empty()) {
      json.key("load_curves").list([&] {
        for (const AtPlacement<LoadCurve>& here : all) {
          for (const LoadCurve& curve : here.channels) write_curve(json, r, curve);
        }
      });
    }
    if (const std::vector<IdleRow> rows = idle_rows(r); !rows.empty())
      json.key("idle_rows").list(rows, [&](const IdleRow& row) { write_idle_row(json, r, row); });
    write_cast_lines(json, r);
  });
}

}  // namespace

std::string page_data(std::span<const PageRun> runs) {
  JsonWriter json(kCompactJson);
  json.object([&] {
    json.member("version", kPageDataVersion);
    json.key("runs").list(runs, write_run);
  });
  return json.take();
}

}  // namespace ipcbench
