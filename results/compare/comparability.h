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

// Decides whether figures may stand side by side: in a table, a rank, a comparison of results, a claim, or beside a
// learnt margin. Nothing else decides that.

namespace ipcbench {

// What a figure depends on besides its mechanism.
enum class Aspect : std::uint8_t {
  machine,
  inherited,
  payload,
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
Term term_of(Aspect aspect) noexcept;  // "machine class", "payload" …

// What a figure was measured under. What isn't known is none, and no difference; but see margin_differences().
struct Conditions {
  std::optional<std::string> machine_class, inherited, payload, wait, placement, core_kinds, build_type, flags, suite;
  std::optional<std::uint64_t> size;   // bytes of a message
  std::optional<std::string> reply;    // bytes of an answer, or that it is like the message; round trips only
  std::optional<double> block_ns;      // wanted length of a block
  std::optional<std::string> limits;   // of the host, that changed what was measured; "none"
  std::optional<std::string> buffers;  // of the channel
  std::optional<Interval> state;       // ns: canaries of the state that the figures are of
  bool has_state = false;              // whether its placement has states at all
};
Conditions conditions_of(const Result& result);  // of all its cases
Conditions conditions_of(const Result& result, const CaseRecord& c);
Conditions conditions_of(const PairHeader& header);
Conditions conditions_of(const MachineRecord& machine);  // the host alone
Conditions conditions_of(const ArmRecord& arm);          // its build alone
Conditions conditions_of(const NoiseModel& model);

struct Difference {
  Aspect aspect;
  bool forbids = false;  // the figures can't stand side by side; else the difference must be said beside them
  Phrase text;           // "payload: lines and header"
};

// What sets `a` and `b` apart, in the order of Aspect. The suite never does.
std::vector<Difference> differences(const Conditions& a, const Conditions& b);
// Of two cases of one run: payload, message size, answers, wait, placement and state.
std::vector<Difference> differences(const CaseRecord& a, const CaseRecord& b);
// What keeps a margin learnt under `learnt` from deciding what was measured under `used`: every difference, the suite's
// included, and whatever only one of the two knows.
std::vector<Difference> margin_differences(const Conditions& learnt, const Conditions& used);

// Whether `aspect` is of the host and of what its processes inherit, which all cases of a run share.
bool is_of_the_host(Aspect aspect) noexcept;
// Says what sets the host of stored figures apart from this one: `on another machine class: "…", here "…"`. Returns ""
// where nothing does.
std::string host_difference(const Conditions& stored, const Conditions& here);

// The texts of the differences that forbid, or of those that don't; joined by "; ", "" if there are none.
std::string text_of(std::span<const Difference> all, bool forbids);
Phrase phrase_of(std::span<const Difference> all, bool forbids);  // in both languages

// Whether a case may be ranked at all: it carries nothing, or its payload is touched.
bool may_be_ranked(const CaseRecord& c) noexcept;

// The bytes of the answers of a ping-pong case as its id has them; "" where they are like the messages.
std::string_view reply_of(const CaseRecord& c) noexcept;

// Throws NotComparable, naming the difference, where the sessions of `file` were not all measured under the conditions
// of the last one.
void check_one_kind(std::span<const PairSession> sessions, std::string_view file);

}  // namespace ipcbench
