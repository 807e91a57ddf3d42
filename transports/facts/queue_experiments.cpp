// Claims 11 and 12: does receiving a message remove it from its queue, and which one is received? msgop(2),
// mq_overview(7).

#include <stdexcept>
#include <string>

#include <fmt/core.h>

#include "transports/facts/experiment.h"
#include "transports/facts/queues.h"

namespace ipcbench {
namespace {

Finding removal_from(AnyQueue& queue) {
  queue.send(1, "once");
  const std::size_t before = queue.size();
  if (queue.receive(0) != "once") throw std::runtime_error("the message didn't come");
  const std::size_t after = queue.size();
  const bool again = queue.receive(0).has_value();
  return yes_or_no(!again && after + 1 == before, true,
                   fmt::format("messages in it before {}, after {}; a second receive found {}", before, after,
                               again ? "it again" : "none"));
}

// Sends in the order 1, 2, 3, and asks for 2, then for 3, then for any.
Finding selection_from(AnyQueue& queue) {
  std::string got;
  for (const int type : {1, 2, 3}) queue.send(type, std::to_string(type));
  for (const int type : {2, 3, 0}) got += queue.receive(type).value_or("-");
  return yes_or_no(got == "231", true,
                   fmt::format("sent the types 1, 2, 3; asked for 2, 3, any; got {}, {}, {}", got[0], got[1], got[2]));
}

}  // namespace

std::vector<Experiment> queue_experiments() {
  std::vector<Experiment> experiments;
  for (const QueueMaker& maker : queue_makers()) {
    experiments.push_back({"11", maker.transport, "Is a message gone once it is received?",
                           [make = maker.make](RunDir& run) { return removal_from(*make(run)); }});
    if (maker.transport != "sysv-mq") continue;  // POSIX messages have no type to ask for
    experiments.push_back({"12", maker.transport, "Can a message be received by its type?",
                           [make = maker.make](RunDir& run) { return selection_from(*make(run)); }});
  }
  return experiments;
}

}  // namespace ipcbench
