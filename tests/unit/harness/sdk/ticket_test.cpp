#include "harness/sdk/ticket.h"

#include <fcntl.h>
#include <unistd.h>

#include <functional>
#include <stdexcept>
#include <string>
#include <utility>

#include <gmock/gmock.h>

#include "harness/memory/mapping.h"
#include "harness/process/child.h"
#include "harness/sdk/rendezvous.h"

namespace ipcbench {
namespace {

using ::testing::HasSubstr;

UniqueFd open_null() { return UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC)); }
bool is_open(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }

std::string what_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

TEST(Ticket, HoldsTextAndDescriptors) {
  Ticket ticket = Ticket{}.with("path", "/run/x").with("in", open_null());
  EXPECT_EQ(ticket.value("path"), "/run/x");
  UniqueFd in = ticket.take("in");
  EXPECT_TRUE(is_open(in.get()));
}

TEST(Ticket, GivesADescriptorOnce) {
  Ticket ticket = Ticket{}.with("in", open_null());
  const UniqueFd in = ticket.take("in");
  EXPECT_THAT(what_of([&] { ticket.take("in"); }), HasSubstr("'in'"));
}

TEST(Ticket, NamesWhatItLacks) {
  Ticket ticket;
  EXPECT_THAT(what_of([&] { static_cast<void>(ticket.value("address")); }), HasSubstr("'address'"));
  EXPECT_THAT(what_of([&] { ticket.take("memory"); }), HasSubstr("'memory'"));
}

TEST(Ticket, ClosesWhatNobodyTook) {
  int fd = -1;
  {
    const Ticket ticket = Ticket{}.with("in", open_null());
    fd = ticket.descriptors.at("in").get();
    EXPECT_TRUE(is_open(fd));
  }
  EXPECT_FALSE(is_open(fd));
}

TEST(Rendezvous, TellsAnotherProcess) {
  const Mapping memory = Mapping::shared_anonymous(sizeof(Rendezvous::PairCells));
  auto& cells = *reinterpret_cast<Rendezvous::PairCells*>(memory.data());
  const Rendezvous rendezvous(cells);
  const Seat producer{Role::producer}, consumer{Role::consumer};
  Child child = Child::spawn("seat", [&] {
    if (rendezvous.await(consumer) != "port 80") return 1;
    rendezvous.publish(producer, "heard");
    return 0;
  });
  rendezvous.publish(consumer, "port 80");
  EXPECT_EQ(rendezvous.await(producer), "heard");
  EXPECT_TRUE(child.wait().clean());
}

TEST(Rendezvous, RefusesATextThatIsTooLong) {
  Rendezvous::PairCells cells{};
  const Rendezvous rendezvous(cells);
  rendezvous.publish({Role::producer}, std::string(RendezvousCell::kMostText, 'a'));
  EXPECT_EQ(rendezvous.await({Role::producer}).size(), RendezvousCell::kMostText);
  EXPECT_THROW(rendezvous.publish({Role::consumer}, std::string(RendezvousCell::kMostText + 1, 'a')),
               std::length_error);
}

}  // namespace
}  // namespace ipcbench
