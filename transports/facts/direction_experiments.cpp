// Claim 6: does a channel that has carried a message in one direction carry one in the other?

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include <fmt/core.h>

#include "transports/facts/ends.h"
#include "transports/facts/experiment.h"

namespace ipcbench {
namespace {

Finding direction_of(const Ends& ends, bool claimed_two_way) {
  send_to(ends.sender.get(), "there");
  if (receive_from(ends.receiver.get(), 5) != "there") throw std::runtime_error("the message there didn't come");
  if (::write(ends.receiver.get(), "back", 4) < 0) {
    return {.answer = "one-way",
            .evidence = fmt::format("write into the reader's end: {}", std::strerror(errno)),
            .agreement = claimed_two_way ? FactAgreement::contradicts : FactAgreement::agrees};
  }
  if (receive_from(ends.sender.get(), 4) != "back") throw std::runtime_error("the message back didn't come");
  return {.answer = "two-way",
          .evidence = "a message each way",
          .agreement = claimed_two_way ? FactAgreement::agrees : FactAgreement::contradicts};
}

}  // namespace

std::vector<Experiment> direction_experiments() {
  std::vector<Experiment> experiments;
  for (const EndsMaker& maker : ends_makers()) {
    const bool two_way = maker.transport != "pipe" && maker.transport != "fifo";
    experiments.push_back({"6", maker.transport, "Does one of it carry messages both ways?",
                           [make = maker.make, two_way](RunDir& run) { return direction_of(make(run), two_way); }});
  }
  return experiments;
}

}  // namespace ipcbench
