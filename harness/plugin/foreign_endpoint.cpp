#include "harness/plugin/foreign_endpoint.h"

#include <atomic>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <iterator>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "harness/base/fixed_text.h"
#include "harness/plugin/coded_error.h"
#include "harness/plugin/foreign_lines.h"
#include "harness/sdk/channel.h"
#include "results/model/json_writer.h"
#include "scenarios/rate.h"

namespace ipcbench {
namespace {

using json::Json;

// A lane whose ends are elsewhere.
struct NoLane {
  bool put() noexcept { return false; }
  bool take() noexcept { return false; }
};

// ForeignSide gives a foreign worker its orders. They are sent ahead where their number is known, so that the worker
// finds the next one when it has carried out the last.
class ForeignSide {
 public:
  ForeignSide(ForeignLines& lines, SideLog& side) : lines_(lines), side_(side) {}

  // Orders `ops` messages to be answered or received.
  void order(std::uint64_t ops) {
    lines_.send(fmt::format(R"({{"messages":{}}})", ops));
    ordered_.push_back(ops);
  }
  // Waits until the next order of that many has been carried out. Returns false if it failed.
  bool carried_out(std::uint64_t ops) noexcept {
    try {
      if (ordered_.empty()) order(ops);
      if (ordered_.front() != ops)
        throw std::logic_error(fmt::format("{} messages are due, {} were ordered", ops, ordered_.front()));
      ordered_.pop_front();
      return is_done(lines_.receive(), ops);
    } catch (const std::exception& error) {
      return failed(error.what());
    }
  }

 private:
  bool is_done(const Json& said, std::uint64_t ops) {
    if (const auto wrong = said.find("wrong"); wrong != said.end()) {
      const std::uint64_t sequence = wrong->is_number_unsigned() ? wrong->get<std::uint64_t>() : 0;
      return end_side(side_, Failure::corrupted, sequence);
    }
    const auto done = said.find("done");
    if (done == said.end() || !done->is_number_unsigned() || done->get<std::uint64_t>() != ops)
      throw std::runtime_error(fmt::format("it says {:.100}, where \"done\":{} is due", said.dump(), ops));
    verified_ += ops;
    std::atomic_ref(side_.progress).store(verified_, std::memory_order_relaxed);
    return true;
  }
  bool failed(std::string_view what) noexcept {
    copy_text(side_.text, what);
    return end_side(side_, Failure::exception, verified_);
  }

  ForeignLines& lines_;
  SideLog& side_;
  std::deque<std::uint64_t> ordered_;
  std::uint64_t verified_ = 0;
};

// A stream that a foreign worker receives. Its end is told of by a line, which takes a wake-up more than the last
// message; slices have no ends.
class ForeignFlow {
 public:
  ForeignFlow(ForeignSide& worker, const Clock& clock) : worker_(worker), clock_(clock) {}

  void begin_send() noexcept {}
  bool put() noexcept { return false; }
  bool finish_send(RunLog&) noexcept { return false; }
  bool send(std::uint64_t, RunLog&) noexcept { return false; }
  bool receive(std::uint64_t ops, RunLog& log) noexcept {
    if (!worker_.carried_out(ops)) return false;
    log.block_end = clock_.end();
    log.block_ops_done = log.block_ops_sent = ops;
    return true;
  }
  bool receive_stamped(std::uint64_t, RunLog&, std::uint64_t*) noexcept { return false; }
  bool settle(RunLog&) noexcept { return true; }
  ResourceUsage usage_at_end(const ResourceUsage&) const noexcept { return resource_usage(); }

 private:
  ForeignSide& worker_;
  Clock clock_;
};

std::string hexadecimal(std::uint64_t word) { return fmt::format("{:#018x}", word); }

std::string loop_line(const LoopSpec& spec) {
  JsonWriter json(kCompactJson);
  json.object([&] {
    json.key("loop").object([&] {
      json.member("answers", spec.has_answers());
      json.member("message_size", spec.size_from(Role::producer));
      json.member("answer_size", spec.size_from(Role::consumer));
      json.key("payload").object([&] {
        json.member("received", hexadecimal(Payload(spec.payload, spec.seed, Role::producer).first_word(0)));
        json.member("sent", hexadecimal(Payload(spec.payload, spec.seed, Role::consumer).first_word(0)));
        json.member("words", to_string(spec.payload));
      });
    });
  });
  return json.take();
}

std::int32_t threads_of(pid_t pid) {
  std::error_code error;
  const std::filesystem::directory_iterator tasks(fmt::format("/proc/{}/task", pid), error);
  return error ? 0 : static_cast<std::int32_t>(std::distance(begin(tasks), end(tasks)));
}

class ForeignEndpoint final : public Endpoint {
 public:
  ForeignEndpoint(const std::string& worker, UniqueFd socket, bool touches_payload, const SeatConfig& config)
      : worker_(worker), lines_(std::move(socket)), touches_payload_(touches_payload) {
    try {
      until_open(config);
    } catch (const std::system_error& error) {
      throw CodedError(error.code().value(), named(error));
    } catch (const std::exception& error) {
      throw std::runtime_error(named(error));
    }
  }

  void run(Role role, const LoopSpec& spec, RunLog& log) override {
    SideLog& side = log.side(role);
    try {
      if (!touches_payload_ && spec.message_size > 0 && spec.payload != PayloadMode::header)
        throw std::runtime_error("it doesn't touch the payload: run with --payload header");
      lines_.send(loop_line(spec));
      run_loop(role, spec, log);
    } catch (const std::exception& error) {
      copy_text(side.text, error.what());
      end_side(side, Failure::exception, 0);
    }
    side.threads = threads_of(spec.broker);
    if (side.failure == Failure::exception)
      copy_text(side.text, fmt::format("worker '{}': {}", worker_, std::string(side.text)));
  }
  Channel channel(Role, const LoopSpec&) noexcept override { return {}; }  // casts are refused

 private:
  std::string named(const std::exception& error) const { return fmt::format("worker '{}': {}", worker_, error.what()); }

  void until_open(const SeatConfig& config) {
    while (true) {
      const Json said = lines_.receive();
      if (const auto text = said.find("publish"); text != said.end()) {
        if (!text->is_string())
          throw std::runtime_error(fmt::format("it says {:.100}, where \"publish\" needs a text", said.dump()));
        config.rendezvous.publish(config.seat, text->get<std::string>());
      } else if (said.contains("await")) {
        JsonWriter json(kCompactJson);
        json.object([&] { json.member("published", config.rendezvous.await(peer_of(config.seat))); });
        lines_.send(json.take());
      } else if (said.contains("open")) {
        return;
      } else {
        throw std::runtime_error(fmt::format("it says {:.100}, where open, publish or await is due", said.dump()));
      }
    }
  }

  void run_loop(Role role, const LoopSpec& spec, RunLog& log) {
    ForeignSide worker(lines_, log.side(role));
    const bool is_rate = spec.scenario == Scenario::rate;
    if (spec.pilot_ns == 0) {  // a pilot's batches aren't known yet
      worker.order(spec.warmup_ops);
      if (spec.has_answers() && !is_rate) worker.order(spec.block_ops);
      worker.order(spec.block_ops + (spec.has_answers() ? 1 : 0));
    }
    NoLane lane;
    const auto answers = [&](std::uint64_t ops) noexcept { return worker.carried_out(ops); };
    if (is_rate) {
      run_scheduled_round_trips(lane, role, spec, log, answers);
    } else if (spec.has_answers()) {
      run_round_trips(lane, role, spec, log, answers);
    } else {
      ForeignFlow flow(worker, spec.clock);
      run_stream(flow, role, spec, log);
    }
  }

  std::string worker_;
  ForeignLines lines_;
  bool touches_payload_;
};

}  // namespace

std::unique_ptr<Endpoint> join_foreign(const std::string& worker, UniqueFd socket, bool touches_payload,
                                       const SeatConfig& config) {
  return std::make_unique<ForeignEndpoint>(worker, std::move(socket), touches_payload, config);
}

}  // namespace ipcbench
