#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "results/claims/claim.h"
#include "results/model/bilingual.h"
#include "results/model/record.h"

namespace ipcbench {

// A limit of message queues: whether it was met, and the evidence. Empty: not found out.
struct QueueBound {
  std::optional<bool> is_met;
  BilingualString why;
  BilingualString limits = {};  // limits of the host that prevent an answer
};

// Returns a limit that the result states of its host; "" if it doesn't.
std::string stated_limit(const Result& result, std::string_view name);
// Returns the queue's case at the largest message that its limit permits, if larger ones were asked for.
const CaseRecord* queue_at_largest(const Result& result, const BoundsQuery& query);

// Finds the limit of a message: one was refused, or the largest is smaller than what others carried. It isn't met if
// the queue carried messages as large as theirs.
QueueBound bound_of_message(const Result& result, const BoundsQuery& query);
// Finds the limit of a queue: it holds less than what stands beside it.
QueueBound bound_of_queue(const Result& result, const BoundsQuery& query);

}  // namespace ipcbench
