#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "results/compare/noise_model.h"
#include "results/compare/pairs.h"
#include "results/model/bilingual.h"
#include "results/model/record.h"

// Decides whether two figures may be compared: in a table, a rank, a comparison of results, a claim, or with a learnt
// margin. It is the only place that decides this.

namespace ipcbench {

// Names a condition, besides the mechanism, that a figure depends on.
enum class Aspect : std::uint8_t {
  machine,
  inherited,
  payload,
  workers,
  size,
  reply,
  wait,
  placement,
  core_kinds,
  state,
  limits,
  buffers,
  build_type,
  flags,
  block,
  suite,
};
Bilingual bilingual_name(Aspect aspect) noexcept;  // "machine class", "payload" …

// Holds the conditions that a figure was measured under. An unknown one is none and makes no difference, except in
// margin_differences().
struct Conditions {
  std::optional<std::string> machine_class, inherited;
  std::optional<PayloadName> payload;
  std::optional<std::string> workers;
  std::optional<WaitName> wait;
  std::optional<PlacementName> placement;
  std::optional<std::string> core_kinds, build_type, flags, suite;
  std::optional<std::uint64_t> size;   // bytes of a message
  std::optional<std::string> reply;    // bytes of an answer, or "like the message"; round trips only
  std::optional<double> block_ns;      // wanted length of a block
  std::optional<std::string> limits;   // limits of the host that changed what was measured; "none"
  std::optional<std::string> buffers;  // of the channel
  std::optional<Interval> state;       // ns: range of the canaries of the figures' state
  bool has_state = false;              // whether the placement has states
};
Conditions conditions_of(const Result& result);  // common to all its cases
Conditions conditions_of(const Result& result, const CaseRecord& c);
Conditions conditions_of(const PairHeader& header);  // with the base's build
Conditions conditions_of(const PairHeader& header, const ArmRecord& arm);
Conditions conditions_of(const MachineRecord& machine);  // of the host alone
Conditions conditions_of(const ArmRecord& arm);          // of its build alone
Conditions conditions_of(const NoiseModel& model);

struct Difference {
  Aspect aspect;
  bool forbids = false;  // the figures may not be compared; else the difference is stated beside them
  BilingualString text;  // "payload: lines and header"
};

// Returns the differences between `a` and `b`, in the order of Aspect. The suite is never one.
std::vector<Difference> differences(const Conditions& a, const Conditions& b);
// Returns the conditions that only one side knows, since earlier builds stored fewer. They forbid nothing.
std::vector<Difference> half_known(const Conditions& a, const Conditions& b);
// Returns the differences between two cases of one run: payload, workers, size, answer, wait, placement and state.
std::vector<Difference> differences(const CaseRecord& a, const CaseRecord& b);
// Returns what keeps a margin learnt under `learnt` from judging figures measured under `used`. Every difference
// counts, the suite included, and so does every condition that only one side knows.
std::vector<Difference> margin_differences(const Conditions& learnt, const Conditions& used);

// Returns what of a result, besides its machine class, differs from the usual and forbids a comparison with usual
// figures: "payload: header; workers: not known". Returns "" if nothing does.
std::string unusual_text(const Conditions& conditions);

// Returns whether `aspect` describes the host or what its processes inherit, and so is shared by all cases of a run.
bool is_of_the_host(Aspect aspect) noexcept;
// Describes how the host of stored figures differs from this one: `on another machine class: "…", here "…"`. Returns ""
// if it doesn't.
std::string host_difference(const Conditions& stored, const Conditions& here);

// Returns how workers came to life by what a file says: files of earlier builds don't, and theirs were forked.
std::string known_workers(const std::string& workers);

// Joins the texts of the differences that forbid a comparison, or of the others, by "; ". Returns "" if there are none.
std::string differences_text(std::span<const Difference> all, bool forbids);
BilingualString bilingual_text(std::span<const Difference> all, bool forbids);  // in both languages

// Returns whether a case may be ranked: it carries no payload, or its payload is touched.
bool may_be_ranked(const CaseRecord& c) noexcept;

// Returns the bytes of a ping-pong case's answers as its id has them; "" if they are like the messages.
std::string_view reply_of(const CaseRecord& c) noexcept;

// Throws NotComparable, naming the difference, unless all sessions of `file` were measured under the conditions of the
// last.
void check_one_kind(std::span<const PairSession> sessions, std::string_view file);

}  // namespace ipcbench
