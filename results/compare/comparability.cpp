#include "results/compare/comparability.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "harness/base/usage_error.h"
#include "results/figures/states.h"
#include "results/figures/summary.h"
#include "results/model/limits.h"
#include "results/model/utf8.h"
#include "scenarios/list/scenario.h"

namespace ipcbench {
namespace {

constexpr std::array<Bilingual, 16> kAspects = {{{"machine class", "机器类别"},
                                                 {"inherited conditions", "继承的条件"},
                                                 {"payload", "数据内容"},
                                                 {"workers", "工作进程的启动方式"},
                                                 {"message size", "消息大小"},
                                                 {"answers", "应答大小"},
                                                 {"wait", "等待方式"},
                                                 {"placement", "放置"},
                                                 {"core kinds", "核心种类"},
                                                 {"canary state", "探测状态"},
                                                 {"limits met", "触及的限制"},
                                                 {"buffers", "缓冲区"},
                                                 {"build type", "构建类型"},
                                                 {"compiler flags", "编译选项"},
                                                 {"block length", "测量块长度"},
                                                 {"suite", "测试集"}}};

// A smaller ratio between block lengths is rounding.
constexpr double kSameBlock = 1.001;

template <class Text>
std::optional<Text> known(const Text& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

void add_build(Conditions& conditions, const BuildInfo& build) {
  conditions.build_type = known(build.build_type);
  conditions.flags = fmt::format("{} {}", build.compiler, build.flags);
}

// Returns how the workers of all measured cases came to life; none if they differ, or nothing was measured.
std::optional<std::string> common_workers(const Result& result) {
  std::optional<std::string> common;
  for (const CaseRecord& c : result.cases) {
    if (c.status == Status::skipped) continue;
    if (common && *common != known_workers(c.workers)) return std::nullopt;
    common = known_workers(c.workers);
  }
  return common;
}

// Returns what results, sessions of pairs and calibrations have in common.
template <class Record>
Conditions conditions_of_run(const std::string& machine_class, const std::optional<std::string>& inherited,
                             const Record& record, const BuildInfo& build) {
  Conditions conditions{.machine_class = known(machine_class),
                        .inherited = inherited,
                        .payload = known(record.payload),
                        .suite = known(record.suite),
                        .block_ns = record.block_ns};
  add_build(conditions, build);
  return conditions;
}

void add_case(Conditions& conditions, const CaseRecord& c) {
  conditions.payload = carries_payload(c) ? known(c.payload) : std::nullopt;
  conditions.workers = known_workers(c.workers);
  conditions.wait = known(c.wait);
  conditions.placement = known(c.placement);
  conditions.core_kinds = known(c.core_kinds);
  conditions.size = c.size;
  if (traffic_of(c.scenario) != Traffic::round_trips) return;
  const std::string_view reply = reply_of(c);
  conditions.reply = reply.empty() ? std::string("like the message") : fmt::format("{} bytes", reply);
}

// Earlier builds stored neither buffers nor limits.
void add_limits(Conditions& conditions, const CaseRecord& c) {
  if (c.summary.buffers.empty() && c.summary.limits_met.empty()) return;
  const std::string limits = launch_limits_of(c).english;
  conditions.limits = limits.empty() ? "none" : limits;
  if (!c.summary.buffers.empty()) conditions.buffers = buffers_text(c.summary.buffers);
}

Conditions conditions_within_run(const CaseRecord& c) {
  Conditions conditions;
  add_case(conditions, c);
  return conditions;
}

// Returns the range of the canaries of the used state.
std::optional<Interval> used_cluster(const StateRecord& states) {
  for (const auto& [name, range] : states.clusters_ns) {
    if (name == states.used) return range;
  }
  return std::nullopt;
}

std::string text_in(const std::optional<std::string>& text) { return text ? printable(*text) : "not known"; }
template <class T>
  requires kIsNamed<T>
std::string text_in(const std::optional<T>& named) {
  return named ? printable(named->name()) : "not known";
}
std::string text_in(const std::optional<std::uint64_t>& size) { return size ? format_size(*size) : "not known"; }
std::string text_in(const std::optional<double>& ns) { return ns ? fmt::format("{:.3g} ms", *ns / 1e6) : "not known"; }
std::string text_in(const std::optional<Interval>& range) {
  return range ? fmt::format("{:.0f} to {:.0f} ns", range->low, range->high) : "none";
}

Difference difference(Aspect aspect, bool forbids, const std::string& a, const std::string& b) {
  const Bilingual name = bilingual_name(aspect);
  return {aspect,
          forbids,
          {fmt::format("{}: {} and {}", name.english, a, b), fmt::format("{}：{}与{}", name.chinese, a, b)}};
}

bool is_same_block(double a, double b) { return a <= kSameBlock * b && b <= kSameBlock * a; }

bool is_same_state(const Conditions& a, const Conditions& b) {
  if (!a.has_state && !b.has_state) return true;
  if (!a.state || !b.state) return false;
  return a.state->low <= kStateGap * b.state->high && b.state->low <= kStateGap * a.state->high;
}

// Calls `visit(aspect, forbids, member)` for each condition, in the order of Aspect. A difference that doesn't forbid a
// comparison is stated beside it.
template <class Visit>
void visit_conditions(const Visit& visit) {
  visit(Aspect::machine, true, &Conditions::machine_class);
  visit(Aspect::inherited, true, &Conditions::inherited);
  visit(Aspect::payload, true, &Conditions::payload);
  visit(Aspect::workers, true, &Conditions::workers);
  visit(Aspect::size, true, &Conditions::size);
  visit(Aspect::reply, true, &Conditions::reply);
  visit(Aspect::wait, true, &Conditions::wait);
  visit(Aspect::placement, true, &Conditions::placement);
  visit(Aspect::core_kinds, true, &Conditions::core_kinds);
  visit(Aspect::state, true, &Conditions::state);
  visit(Aspect::limits, true, &Conditions::limits);
  visit(Aspect::buffers, false, &Conditions::buffers);
  visit(Aspect::build_type, false, &Conditions::build_type);
  visit(Aspect::flags, false, &Conditions::flags);
  visit(Aspect::block, false, &Conditions::block_ns);
  visit(Aspect::suite, false, &Conditions::suite);
}

class Differences {
 public:
  Differences(const Conditions& a, const Conditions& b, bool strict) : a_(a), b_(b), strict_(strict) {}

  std::vector<Difference> take() && {
    visit_conditions([this](Aspect aspect, bool forbids, auto member) {
      if (aspect == Aspect::suite && !strict_) return;
      if (differs(member)) add(aspect, forbids, text_in(a_.*member), text_in(b_.*member));
    });
    return std::move(all_);
  }

 private:
  template <class T>
  bool differs(std::optional<T> Conditions::*member) const {
    const std::optional<T>&a = a_.*member, &b = b_.*member;
    return a && b ? *a != *b : strict_ && (a.has_value() || b.has_value());
  }
  bool differs(std::optional<Interval> Conditions::*) const { return !is_same_state(a_, b_); }
  bool differs(std::optional<double> Conditions::*member) const {
    const std::optional<double>&a = a_.*member, &b = b_.*member;
    return a && b ? !is_same_block(*a, *b) : strict_ && (a.has_value() || b.has_value());
  }
  void add(Aspect aspect, bool forbids, const std::string& a, const std::string& b) {
    all_.push_back(difference(aspect, forbids || strict_, a, b));
  }

  const Conditions& a_;
  const Conditions& b_;
  bool strict_;  // every difference forbids, and so does a condition that only one side knows
  std::vector<Difference> all_;
};

}  // namespace

std::string known_workers(const std::string& workers) { return workers.empty() ? "fork" : workers; }

Bilingual bilingual_name(Aspect aspect) noexcept { return kAspects[static_cast<std::size_t>(aspect)]; }

Conditions conditions_of(const Result& result) {
  Conditions conditions =
      conditions_of_run(result.machine.machine_class, result.machine.inherited, result, result.build);
  conditions.workers = common_workers(result);
  return conditions;
}

Conditions conditions_of(const Result& result, const CaseRecord& c) {
  Conditions conditions = conditions_of(result);
  add_case(conditions, c);
  add_limits(conditions, c);
  if (const StateRecord* states = states_at(result.states, c.placement)) {
    conditions.has_state = true;
    conditions.state = used_cluster(*states);
  }
  return conditions;
}

Conditions conditions_of(const PairHeader& header) { return conditions_of(header, header.base); }

Conditions conditions_of(const PairHeader& header, const ArmRecord& arm) {
  Conditions conditions =
      conditions_of_run(header.machine_class, header.inherited, header, arm.build.value_or(header.build));
  conditions.workers = known_workers(header.workers);
  return conditions;
}

Conditions conditions_of(const MachineRecord& machine) {
  return {.machine_class = known(machine.machine_class), .inherited = machine.inherited};
}

Conditions conditions_of(const ArmRecord& arm) {
  Conditions conditions;
  if (arm.build) add_build(conditions, *arm.build);
  return conditions;
}

Conditions conditions_of(const NoiseModel& model) {
  Conditions conditions = conditions_of_run(model.machine_class, model.inherited, model, model.build);
  conditions.workers = known_workers(model.workers);
  return conditions;
}

std::vector<Difference> differences(const Conditions& a, const Conditions& b) {
  return Differences(a, b, false).take();
}

std::vector<Difference> half_known(const Conditions& a, const Conditions& b) {
  std::vector<Difference> apart;
  visit_conditions([&](Aspect aspect, bool, auto member) {
    if (aspect == Aspect::state || aspect == Aspect::suite) return;
    if ((a.*member).has_value() == (b.*member).has_value()) return;
    apart.push_back(difference(aspect, false, text_in(a.*member), text_in(b.*member)));
  });
  return apart;
}

std::vector<Difference> differences(const CaseRecord& a, const CaseRecord& b) {
  std::vector<Difference> apart = Differences(conditions_within_run(a), conditions_within_run(b), false).take();
  // All cases of a run share one set of states, so that the names can be compared.
  const std::string &state = a.summary.state_used, &other = b.summary.state_used;
  if (state != other) apart.push_back(difference(Aspect::state, true, state, other));
  return apart;
}

std::vector<Difference> margin_differences(const Conditions& learnt, const Conditions& used) {
  // A margin is learnt for a build type. Comparisons exist to compare other revisions and compilers of it.
  Conditions learnt_for = learnt, used_under = used;
  learnt_for.flags.reset();
  used_under.flags.reset();
  return Differences(learnt_for, used_under, true).take();
}

std::string unusual_text(const Conditions& conditions) {
  const Conditions usual{
      .inherited = std::string(kUsualConditions), .payload = PayloadMode::lines, .workers = known_workers("")};
  std::string text;
  visit_conditions([&](Aspect aspect, bool forbids, auto member) {
    if (!forbids || aspect == Aspect::machine || conditions.*member == usual.*member) return;
    text +=
        fmt::format("{}{}: {}", text.empty() ? "" : "; ", bilingual_name(aspect).english, text_in(conditions.*member));
  });
  return text;
}

bool is_of_the_host(Aspect aspect) noexcept { return aspect == Aspect::machine || aspect == Aspect::inherited; }

std::string host_difference(const Conditions& stored, const Conditions& here) {
  std::string text;
  const auto add = [&](const char* what, const std::optional<std::string>& a, const std::optional<std::string>& b) {
    if (!a || !b || *a == *b) return;
    text += fmt::format("{}{}: \"{}\", here \"{}\"", text.empty() ? "" : ", and ", what, printable(*a), printable(*b));
  };
  add("on another machine class", stored.machine_class, here.machine_class);
  add("under other inherited conditions", stored.inherited, here.inherited);
  return text;
}

BilingualString bilingual_text(std::span<const Difference> all, bool forbids) {
  BilingualString text;
  for (const Difference& difference : all) {
    if (difference.forbids != forbids) continue;
    text.english += (text.english.empty() ? "" : "; ") + difference.text.english;
    text.chinese += (text.chinese.empty() ? "" : "；") + difference.text.chinese;
  }
  return text;
}

std::string differences_text(std::span<const Difference> all, bool forbids) {
  return bilingual_text(all, forbids).english;
}

bool may_be_ranked(const CaseRecord& c) noexcept { return c.payload != PayloadMode::header || !carries_payload(c); }

std::string_view reply_of(const CaseRecord& c) noexcept {
  for (const auto& [name, value] : c.options) {
    if (name == "reply") return value;
  }
  return "";
}

void check_one_kind(std::span<const PairSession> sessions, std::string_view file) {
  for (const PairSession& session : sessions) {
    const std::vector<Difference> apart =
        margin_differences(conditions_of(session.header), conditions_of(sessions.back().header));
    if (apart.empty()) continue;
    throw NotComparable(fmt::format(
        "{}: its sessions are of different kinds, and a margin is learnt from one kind: {} (the sessions of {} "
        "and {}); measure each kind into a file of its own",
        file, differences_text(apart, true), printable(session.header.started),
        printable(sessions.back().header.started)));
  }
}

}  // namespace ipcbench
