// Checks which texts of a plug-in are taken: into a ticket, and into tables.

#include <fcntl.h>

#include <cerrno>
#include <stdexcept>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/plugin/checked_text.h"
#include "harness/plugin/plugin_program.h"

namespace ipcbench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Key;
using ::testing::Pair;

TEST(PluginTexts, AreUtf8InATicket) {
  Ticket ticket;
  const PluginProgram program({.written = &ticket});
  const ipcbench_program* self = program.get();
  EXPECT_EQ(self->put_text(self, "name", "a\377b"), -EILSEQ);
  EXPECT_EQ(self->put_text(self, "\xc3", "text"), -EILSEQ);
  EXPECT_EQ(self->put_text(self, "straße", "größer\n"), 0);
  EXPECT_THAT(ticket.text, ElementsAre(Pair("straße", "größer\n")));
  EXPECT_EQ(self->put_descriptor(self, "\xc3", ::open("/dev/null", O_RDONLY | O_CLOEXEC)), -EILSEQ);
  EXPECT_EQ(self->put_descriptor(self, "null", ::open("/dev/null", O_RDONLY | O_CLOEXEC)), 0);
  EXPECT_THAT(ticket.descriptors, ElementsAre(Key("null")));
}

TEST(PluginTexts, AreOneLineOfUtf8InATable) {
  EXPECT_EQ(line_from("größer", "summary"), "größer");
  for (const auto& [text, why] : {std::pair("a\377b", "summary isn't UTF-8"), std::pair("a\nb", "control character"),
                                  std::pair("a\302\233m", "control character")}) {
    EXPECT_THAT([&] { line_from(text, "summary"); }, testing::ThrowsMessage<std::runtime_error>(HasSubstr(why)));
  }
}

}  // namespace
}  // namespace ipcbench
