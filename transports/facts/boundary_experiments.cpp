// Claim 23: does one receive with room for more take one message, or whatever has arrived?

#include <string>

#include <fmt/core.h>

#include "transports/facts/ends.h"
#include "transports/facts/experiment.h"
#include "transports/facts/queues.h"

namespace ipcbench {
namespace {

constexpr const char* kBoundaryQuestion = "Does one receive take one message?";
const std::string kMessages[] = {"a", "bb", "ccc"};
constexpr std::size_t kAllBytes = 6;

Finding boundaries_by(std::size_t first, bool claimed) {
  return yes_or_no(first == kMessages[0].size(), claimed,
                   fmt::format("of messages of 1, 2 and 3 bytes the first receive took {}", first));
}

Finding boundaries_of(const Ends& ends, bool claimed) {
  for (const std::string& message : kMessages) send_to(ends.sender.get(), message);
  return boundaries_by(receive_from(ends.receiver.get(), kAllBytes).size(), claimed);
}

Finding boundaries_of_queue(AnyQueue& queue) {
  for (const std::string& message : kMessages) queue.send(1, message);
  return boundaries_by(queue.receive(0).value_or("").size(), true);
}

}  // namespace

std::vector<Experiment> boundary_experiments() {
  std::vector<Experiment> experiments;
  for (const QueueMaker& maker : queue_makers()) {
    experiments.push_back({"23", maker.transport, kBoundaryQuestion,
                           [make = maker.make](RunDir& run) { return boundaries_of_queue(*make(run)); }});
  }
  for (const EndsMaker& maker : ends_makers()) {
    const bool claimed =
        maker.transport == "unix-dgram" || maker.transport == "unix-seqpacket" || maker.transport.starts_with("udp");
    experiments.push_back({"23", maker.transport, kBoundaryQuestion,
                           [make = maker.make, claimed](RunDir& run) { return boundaries_of(make(run), claimed); }});
  }
  return experiments;
}

}  // namespace ipcbench
