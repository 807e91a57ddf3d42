// Compares the tables of what can be shared on the mechanisms' page with the capabilities, which checks prove.

#include "harness/conformance/cast_forms.h"

#include <string>

#include <fmt/core.h>
#include <gmock/gmock.h>

#include "harness/base/io.h"
#include "harness/sdk/registry.h"

namespace ipcbench {
namespace {

// Returns the forms that a mechanism has for a shape, or the reason why it has none.
std::string forms_cell(const TransportInfo& info, const CastShape& shape) {
  Cast cast{.pattern = {.producers = 3, .consumers = 2}, .to_all = shape.to_all};
  if (shape.scenario == Scenario::fan_out) cast.pattern.producers = 1;
  if (shape.scenario == Scenario::fan_in || shape.scenario == Scenario::server) cast.pattern.consumers = 1;
  cast.has_answers = shape.scenario == Scenario::server;
  const std::string_view no_form = cast.has_answers ? info.no_ping_pong : info.no_streaming;
  if (!no_form.empty()) return std::string(no_form);
  std::string forms, why_none;
  for (const Sharing sharing : kSharings) {
    cast.pattern.sharing = sharing;
    const std::string why = sharing_refusal(cast, info.capabilities);
    if (why.empty()) forms += fmt::format("{}{}", forms.empty() ? "" : ", ", to_string(sharing));
    if (sharing != Sharing::inbox) why_none = why;
  }
  return forms.empty() ? why_none : forms;
}

TEST(CastFormsTable, IsThatOfTheMechanismsPage) {
  if (find_registered("seqpacket-pair") != nullptr) GTEST_SKIP() << "the example's program has a transport more";
  std::string table = "| transport |";
  for (const CastShape& shape : kCastShapes)
    table += fmt::format(" {}{} |", to_string(shape.scenario), shape.to_all ? " to all" : "");
  table += "\n|---|---|---|---|---|---|---|\n";
  for (const RegisteredTransport& entry : registered_transports()) {
    if (entry.transport == nullptr) GTEST_SKIP() << entry.name << " was not built: " << entry.missing_reason;
    const TransportInfo& info = entry.transport->info();
    if (info.hidden) continue;
    table += fmt::format("| `{}` |", info.name);
    for (const CastShape& shape : kCastShapes) table += fmt::format(" {} |", forms_cell(info, shape));
    table += '\n';
  }
  EXPECT_THAT(read_file(IPCBENCH_SOURCE_DIR "/docs/mechanisms.md"), ::testing::HasSubstr(table));
}

// So is the table of how a process can wait for many channels.
TEST(ManyChannelsTable, IsThatOfTheMechanismsPage) {
  if (find_registered("seqpacket-pair") != nullptr) GTEST_SKIP() << "the example's program has a transport more";
  std::string table = "| `mux=` | transports |\n|---|---|\n";
  for (const MuxCall call : {MuxCall::epoll, MuxCall::poll, MuxCall::futex_waitv, MuxCall::spin}) {
    std::string names;
    for (const RegisteredTransport& entry : registered_transports()) {
      if (entry.transport == nullptr) GTEST_SKIP() << entry.name << " was not built: " << entry.missing_reason;
      const TransportInfo& info = entry.transport->info();
      const Cast cast{.channels = 1, .active = 1, .mux = call};
      if (info.hidden || !info.no_streaming.empty()) continue;
      if (!channels_refusal(cast, info.capabilities, WaitStrategy::block).empty()) continue;
      names += fmt::format("{}`{}`", names.empty() ? "" : ", ", info.name);
    }
    table += fmt::format("| `{}` | {} |\n", to_string(call), names);
  }
  EXPECT_THAT(read_file(IPCBENCH_SOURCE_DIR "/docs/mechanisms.md"), ::testing::HasSubstr(table));
}

}  // namespace
}  // namespace ipcbench
