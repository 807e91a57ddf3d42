#include "harness/launch/worker_orders.h"

#include <fcntl.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "results/model/result_error.h"

namespace ipcbench {
namespace {

using std::chrono::nanoseconds;
using ::testing::HasSubstr;

int open_descriptor() { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }

WorkerOrders unusual_orders() {
  return {.task = WorkerTask::hold_channels,
          .transport = "unix-stream",
          .seat = {.role = Role::consumer, .index = 7},
          .wait = WaitStrategy::poll,
          .message_size = 4097,
          .options = {{"name", "abstract"}, {"sndbuf", "4096"}},
          .clock = {.kind = ClockKind::tsc, .ns_per_tick_q32 = (std::uint64_t{1} << 63) + 1},
          .hybrid_spin = nanoseconds(123),
          .quiet = nanoseconds(456),
          .cpu = 3,
          .canary = true,
          .is_timed = true,
          .sees_buffers = true,
          .channels = 2,
          .spec = {.scenario = Scenario::fill_channel,
                   .payload = PayloadMode::header,
                   .merges = true,
                   .seed = ~std::uint64_t{0},
                   .message_size = 4096,
                   .reply_size = 4097,
                   .warmup_ops = 5,
                   .block_ops = 6,
                   .pilot_ns = 7,
                   .counts_calls = true,
                   .broker = 8,
                   .likely_held = 9,
                   .options = {11, 12, 13, 14}}};
}

std::vector<Ticket> two_tickets() {
  std::vector<Ticket> tickets;
  tickets.push_back(Ticket{}.with("path", "/tmp/a \"quoted\" one").with("in", UniqueFd(open_descriptor())));
  tickets.push_back(Ticket{}.with("key", "-12"));
  return tickets;
}

// Descriptors pass by number, so that whoever reads the line takes those of the writer over.
class OrdersLine : public testing::Test {
 protected:
  std::string line(const WorkerOrders& orders, std::vector<Ticket> tickets) {
    const std::string text = orders_line(orders, tickets, links_);
    for (Ticket& ticket : tickets) {
      for (auto& [name, descriptor] : ticket.descriptors) descriptor.release();
    }
    return text;
  }

  WorkerLinks links_{.memory_fd = open_descriptor(), .told = open_descriptor(), .socket = -1};
};

TEST_F(OrdersLine, SaysAllThatItIsTold) {
  const std::string text = line(unusual_orders(), two_tickets());
  EXPECT_EQ(text.find('\n'), text.size() - 1);
  const ReceivedOrders received = parse_orders(text);
  const WorkerOrders sent = unusual_orders();
  const WorkerOrders& got = received.orders;
  EXPECT_EQ(got.task, sent.task);
  EXPECT_EQ(got.transport, sent.transport);
  EXPECT_EQ(got.seat, sent.seat);
  EXPECT_EQ(got.wait, sent.wait);
  EXPECT_EQ(got.message_size, sent.message_size);
  EXPECT_EQ(got.options, sent.options);
  EXPECT_EQ(got.clock.kind, sent.clock.kind);
  EXPECT_EQ(got.clock.ns_per_tick_q32, sent.clock.ns_per_tick_q32);
  EXPECT_EQ(got.hybrid_spin, sent.hybrid_spin);
  EXPECT_EQ(got.quiet, sent.quiet);
  EXPECT_EQ(got.cpu, sent.cpu);
  EXPECT_EQ(got.canary, sent.canary);
  EXPECT_EQ(got.is_timed, sent.is_timed);
  EXPECT_EQ(got.sees_buffers, sent.sees_buffers);
  EXPECT_EQ(got.channels, sent.channels);
  EXPECT_EQ(got.spec.scenario, sent.spec.scenario);
  EXPECT_EQ(got.spec.payload, sent.spec.payload);
  EXPECT_EQ(got.spec.merges, sent.spec.merges);
  EXPECT_EQ(got.spec.seed, sent.spec.seed);
  EXPECT_EQ(got.spec.message_size, sent.spec.message_size);
  EXPECT_EQ(got.spec.reply_size, sent.spec.reply_size);
  EXPECT_EQ(got.spec.options, sent.spec.options);
  EXPECT_EQ(got.spec.warmup_ops, sent.spec.warmup_ops);
  EXPECT_EQ(got.spec.block_ops, sent.spec.block_ops);
  EXPECT_EQ(got.spec.pilot_ns, sent.spec.pilot_ns);
  EXPECT_EQ(got.spec.counts_calls, sent.spec.counts_calls);
  EXPECT_EQ(got.spec.broker, sent.spec.broker);
  EXPECT_EQ(got.spec.likely_held, sent.spec.likely_held);
  EXPECT_EQ(got.spec.clock.ns_per_tick_q32, sent.clock.ns_per_tick_q32);
  EXPECT_EQ(received.parent, ::getpid());
  EXPECT_EQ(received.memory.get(), links_.memory_fd);
  EXPECT_EQ(received.told.get(), links_.told);
  EXPECT_FALSE(received.socket);
  ASSERT_EQ(received.tickets.size(), 2u);
  EXPECT_EQ(received.tickets[0].value("path"), "/tmp/a \"quoted\" one");
  EXPECT_TRUE(received.tickets[0].descriptors.at("in"));
  EXPECT_EQ(received.tickets[1].value("key"), "-12");
  EXPECT_TRUE(received.tickets[1].descriptors.empty());
}

TEST_F(OrdersLine, HasANameForEveryScenario) {
  for (const Scenario scenario :
       {Scenario::ping_pong, Scenario::streaming, Scenario::setup, Scenario::conformance, Scenario::fill_channel}) {
    WorkerOrders orders;
    orders.spec.scenario = scenario;
    std::vector<Ticket> ticket(1);
    const ReceivedOrders received = parse_orders(line(orders, std::move(ticket)));
    EXPECT_EQ(received.orders.spec.scenario, scenario);
    links_ = {.memory_fd = open_descriptor(), .told = open_descriptor(), .socket = -1};
  }
}

// Returns the complaint about a line that differs from a good one in one place.
std::string complaint_about(std::string line, std::string_view from, std::string_view to) {
  const std::size_t at = line.find(from);
  EXPECT_NE(at, std::string::npos) << from << " in " << line;
  line.replace(at, from.size(), to);
  try {
    parse_orders(line);
  } catch (const ResultError& error) {
    return error.what();
  }
  return "no complaint";
}

TEST_F(OrdersLine, ThatIsNotOfThisProtocolIsRefusedByWhatIsWrong) {
  const std::vector<Ticket> none(1);
  const std::string good = orders_line({.transport = "pipe"}, none, links_);
  EXPECT_THAT(complaint_about(good, "\"protocol\":1", "\"protocol\":2"),
              HasSubstr("protocol 2; this program speaks 1"));
  EXPECT_THAT(complaint_about(good, "\"measure\"", "\"dance\""), HasSubstr("\"task\" of the line is \"dance\""));
  EXPECT_THAT(complaint_about(good, "\"wait\":\"block\"", "\"wait\":3"), HasSubstr("\"wait\" of the line is 3"));
  EXPECT_THAT(complaint_about(good, "\"transport\":\"pipe\",", ""), HasSubstr("the line has no \"transport\""));
  EXPECT_THAT(complaint_about(good, "\"role\":\"producer\"", "\"role\":\"judge\""), HasSubstr("\"role\" of the seat"));
  EXPECT_THAT(complaint_about(good, "\"tickets\":[{", "\"tickets\":[{\"text\":{},\"descriptors\":{}},{"),
              HasSubstr("2 tickets where 1 are needed"));
  EXPECT_THAT(complaint_about(good, "{\"protocol\"", "[\"protocol\""), HasSubstr("not JSON"));
  ::close(links_.memory_fd);
  EXPECT_THAT(complaint_about(good, "pipe", "fifo"), HasSubstr("\"memory\" is descriptor"));
}

}  // namespace
}  // namespace ipcbench
