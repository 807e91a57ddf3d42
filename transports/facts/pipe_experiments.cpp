// Claims 5 and 10: how much does a pipe hold, in which order does it give it back, and can one seek in it? pipe(7),
// fifo(7).

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <string>

#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/base/page_size.h"
#include "harness/descriptors/pipe_buffer.h"
#include "transports/facts/ends.h"
#include "transports/facts/experiment.h"

namespace ipcbench {
namespace {

constexpr std::size_t kAFewKilobytes = 16 << 10;
constexpr std::size_t kNoLimit = 64 << 20;

Finding capacity_of(const Ends& ends) {
  const BufferSize size = pipe_buffer(ends.sender.get(), BufferDirection::forward, std::nullopt);
  if (size.size > 0 && size.effect != LimitEffect::none) throw LimitedObject(size);
  const std::string page(page_size(), 'x');
  std::size_t held = 0;
  while (held<kNoLimit&& ::write(ends.sender.get(), page.data(), page.size())> 0) held += page.size();
  if (held >= kNoLimit) return {.answer = "more than 64 MiB", .agreement = FactAgreement::contradicts};
  if (errno != EAGAIN) throw_errno("write");
  return {.answer = fmt::format("{} bytes", held),
          .evidence = fmt::format("the next write fails: {}; F_GETPIPE_SZ says {}", std::strerror(EAGAIN),
                                  ::fcntl(ends.sender.get(), F_GETPIPE_SZ)),
          .agreement = held <= kAFewKilobytes ? FactAgreement::agrees : FactAgreement::partly};
}

Finding order_of(const Ends& ends) {
  std::string sent;
  std::string got;
  for (char byte = 'a'; byte <= 'z'; ++byte) {
    sent += byte;
    send_to(ends.sender.get(), sent.substr(sent.size() - 1));
  }
  while (got.size() < sent.size()) got += receive_from(ends.receiver.get(), 1);
  return yes_or_no(got == sent, true, fmt::format("written a to z, read {}", got == sent ? "a to z" : got));
}

Finding seeking_in(const Ends& ends) {
  const bool reader = ::lseek(ends.receiver.get(), 0, SEEK_SET) >= 0;
  const bool writer = ::lseek(ends.sender.get(), 0, SEEK_SET) >= 0;
  const int error = errno;
  const bool seeks = reader || writer;
  return yes_or_no(seeks, false,
                   seeks ? "lseek succeeds" : fmt::format("lseek of both ends: {}", std::strerror(error)));
}

}  // namespace

std::vector<Experiment> pipe_experiments() {
  std::vector<Experiment> experiments;
  for (const EndsMaker& maker : ends_makers()) {
    if (maker.transport != "pipe" && maker.transport != "fifo") continue;
    const auto ask = [&](const char* claim, const char* question, Finding (*find)(const Ends&)) {
      experiments.push_back(
          {claim, maker.transport, question, [make = maker.make, find](RunDir& run) { return find(make(run)); }});
    };
    ask("5", "How much does it hold until a writer has to wait?", capacity_of);
    ask("10", "Do bytes come out in the order they went in?", order_of);
    ask("10", "Can one seek in it?", seeking_in);
  }
  return experiments;
}

}  // namespace ipcbench
