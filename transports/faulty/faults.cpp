// These transports are faulty, each in one way, so that the harness can be shown to detect it
// (harness/selftest/selftest.h). All run over the same sound carrier; each class below is just the fault.

#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <ctime>
#include <system_error>

#include "transports/faulty/busy_wait.h"
#include "transports/faulty/faulty.h"

namespace ipcbench {
namespace faulty {
namespace {

constexpr long kStallNs = 10'000'000;
constexpr std::uint64_t kStallEvery = 1000;

using Message = std::array<std::byte, std::size_t{64} << 10>;

template <std::uint64_t kNs>
class Delay final : public Fault {
 public:
  using Fault::Fault;
  Received receive(Carrier& carrier, Bytes buffer, std::uint64_t) noexcept override {
    const Received received = carrier.receive(buffer);
    if (produces()) return received;
    busy_wait(kNs);
    return received;
  }
};

class Stall final : public Fault {
 public:
  using Fault::Fault;
  Received receive(Carrier& carrier, Bytes buffer, std::uint64_t number) noexcept override {
    const Received received = carrier.receive(buffer);
    if (!produces() && number % kStallEvery == kFaultyMessage) {
      timespec left{.tv_sec = 0, .tv_nsec = kStallNs};
      while (::clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left) == EINTR) {
      }
    }
    return received;
  }
};

class Corrupt final : public Fault {
 public:
  using Fault::Fault;
  IoStatus send(Carrier& carrier, ConstBytes message, std::uint64_t number) noexcept override {
    if (!produces() || number != kFaultyMessage) return carrier.send(message);
    Message copy;
    std::memcpy(copy.data(), message.data(), message.size());
    const std::size_t line =
        message.size() / 2 / kCacheLine * kCacheLine;  // lines mode looks at each line's first word
    copy[line] ^= std::byte{1};
    return carrier.send({copy.data(), message.size()});
  }
};

class Lose final : public Fault {
 public:
  using Fault::Fault;
  IoStatus send(Carrier& carrier, ConstBytes message, std::uint64_t number) noexcept override {
    if (produces() && number == kFaultyMessage) return IoStatus::ok;
    return carrier.send(message);
  }
};

class Duplicate final : public Fault {
 public:
  using Fault::Fault;
  IoStatus send(Carrier& carrier, ConstBytes message, std::uint64_t number) noexcept override {
    if (produces() && number == kFaultyMessage) carrier.send(message);
    return carrier.send(message);
  }
};

class Reorder final : public Fault {
 public:
  using Fault::Fault;
  IoStatus send(Carrier& carrier, ConstBytes message, std::uint64_t number) noexcept override {
    if (produces() && number == kFaultyMessage) {
      std::memcpy(held_.data(), message.data(), message.size());
      return IoStatus::ok;
    }
    const IoStatus status = carrier.send(message);
    return produces() && number == kFaultyMessage + 1 ? carrier.send({held_.data(), message.size()}) : status;
  }

 private:
  Message held_;
};

class Truncate final : public Fault {
 public:
  using Fault::Fault;
  IoStatus send(Carrier& carrier, ConstBytes message, std::uint64_t number) noexcept override {
    const bool cut = produces() && number == kFaultyMessage;
    return carrier.send(cut ? message.first(message.size() / 2) : message);
  }
};

class EchoSelf final : public Fault {
 public:
  using Fault::Fault;
  IoStatus send(Carrier& carrier, ConstBytes message, std::uint64_t) noexcept override {
    own_ = message;
    return carrier.send(message);
  }
  Received receive(Carrier& carrier, Bytes buffer, std::uint64_t number) noexcept override {
    if (!produces() || number != kFaultyMessage) return carrier.receive(buffer);
    std::memcpy(buffer.data(), own_.data(), own_.size());
    return {IoStatus::ok, own_.size()};
  }

 private:
  ConstBytes own_;  // the lane's buffer: still the same when the answer is asked for
};

class Die final : public Fault {
 public:
  using Fault::Fault;
  Received receive(Carrier& carrier, Bytes buffer, std::uint64_t number) noexcept override {
    if (!produces() && number == kFaultyMessage) ::kill(::getpid(), SIGKILL);
    return carrier.receive(buffer);
  }
};

// The producer sees a channel close that it is still opening.
class DieOpening final : public Fault {
 public:
  using Fault::Fault;
  void opened(Carrier& carrier) override {
    if (!produces()) ::kill(::getpid(), SIGKILL);
    Message greeting;
    if (carrier.receive(greeting).status != IoStatus::ok) {
      throw std::system_error(ECONNRESET, std::generic_category(), "wait for the peer's greeting");
    }
  }
};

class Hang final : public Fault {
 public:
  using Fault::Fault;
  Received receive(Carrier& carrier, Bytes buffer, std::uint64_t number) noexcept override {
    while (!produces() && number == kFaultyMessage) ::pause();
    return carrier.receive(buffer);
  }
};

class Refuse final : public Fault {
 public:
  using Fault::Fault;
  void opened(Carrier&) override {
    if (!produces()) throw std::system_error(EACCES, std::generic_category(), "open the refused channel");
  }
};

}  // namespace

IoStatus FaultyEndpoint::send(ConstBytes message) noexcept { return fault_->send(carrier_, message, sent_++); }
Received FaultyEndpoint::receive(Bytes buffer) noexcept { return fault_->receive(carrier_, buffer, received_++); }

}  // namespace faulty

using namespace faulty;

const Transport& transport_carrier() {
  static const FaultyTransport transport(make_fault<Fault>, "carrier",
                                         "the carrier of the faulty ones, without a fault");
  return transport;
}

const Transport& transport_delay() {
  static const FaultyTransport transport(make_fault<Delay<10'000>>, "delay",
                                         "the consumer works 10 us on each message it takes");
  return transport;
}

// A busy consumer is scheduled differently from an idle one, which alone costs some 0.3 us on one CPU. What a known
// delay adds is therefore the difference between two busy ones.
const Transport& transport_delay_20us() {
  static const FaultyTransport transport(make_fault<Delay<20'000>>, "delay-20us",
                                         "the consumer works 20 us on each message it takes");
  return transport;
}

// What a message costs beside that is under 2 % of 100 us, so that the rate is known: 10 000 a second.
const Transport& transport_delay_100us() {
  static const FaultyTransport transport(make_fault<Delay<100'000>>, "delay-100us",
                                         "the consumer works 100 us on each message it takes");
  return transport;
}

const Transport& transport_stall() {
  static const FaultyTransport transport(make_fault<Stall>, "stall",
                                         "every 1000th message the consumer takes waits for 10 ms");
  return transport;
}

const Transport& transport_corrupt() {
  static const FaultyTransport transport(make_fault<Corrupt>, "corrupt", "one bit of message 110 is wrong");
  return transport;
}

const Transport& transport_lose() {
  static const FaultyTransport transport(make_fault<Lose>, "lose", "message 110 never comes");
  return transport;
}

const Transport& transport_duplicate() {
  static const FaultyTransport transport(make_fault<Duplicate>, "duplicate", "message 110 comes twice");
  return transport;
}

const Transport& transport_reorder() {
  static const FaultyTransport transport(make_fault<Reorder>, "reorder", "message 111 comes before message 110",
                                         "never more than one message is under way: none to overtake");
  return transport;
}

const Transport& transport_truncate() {
  static const FaultyTransport transport(make_fault<Truncate>, "truncate", "half of message 110 comes");
  return transport;
}

const Transport& transport_echo_self() {
  static const FaultyTransport transport(make_fault<EchoSelf>, "echo-self",
                                         "answers message 110 with itself, not by the peer", "",
                                         "a stream has no answers");
  return transport;
}

const Transport& transport_die() {
  static const FaultyTransport transport(make_fault<Die>, "die", "the consumer is killed before it takes message 110");
  return transport;
}

const Transport& transport_die_opening() {
  static const FaultyTransport transport(make_fault<DieOpening>, "die-opening",
                                         "the consumer is killed while both sides open it");
  return transport;
}

const Transport& transport_hang() {
  static const FaultyTransport transport(make_fault<Hang>, "hang", "the consumer never takes message 110");
  return transport;
}

const Transport& transport_refuse() {
  static const FaultyTransport transport(make_fault<Refuse>, "refuse", "the consumer may not open it");
  return transport;
}

}  // namespace ipcbench
