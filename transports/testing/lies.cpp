// Transports that lie, each in one way, so that the harness can be shown to catch it (harness/run/selftest.h). All run
// over the same honest carrier; each struct below is just the lie.

#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <ctime>
#include <system_error>

#include "transports/testing/busy_wait.h"
#include "transports/testing/liar.h"

namespace ipcbench {
namespace lies {
namespace {

constexpr long kStallNs = 10'000'000;
constexpr std::uint64_t kStallEvery = 1000;

using Message = std::array<std::byte, std::size_t{64} << 10>;

template <std::uint64_t kNs>
struct Delay : Honest {
  Received receive(Carrier& carrier, Bytes buffer, std::uint64_t) noexcept {
    const Received received = carrier.receive(buffer);
    if (role == Role::producer) return received;
    busy_wait(kNs);
    return received;
  }
};

struct Stall : Honest {
  Received receive(Carrier& carrier, Bytes buffer, std::uint64_t number) noexcept {
    const Received received = carrier.receive(buffer);
    if (role == Role::consumer && number % kStallEvery == kLie) {
      timespec left{.tv_sec = 0, .tv_nsec = kStallNs};
      while (::clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left) == EINTR) {
      }
    }
    return received;
  }
};

struct Corrupt : Honest {
  IoStatus send(Carrier& carrier, ConstBytes message, std::uint64_t number) noexcept {
    if (role != Role::producer || number != kLie) return carrier.send(message);
    Message copy;
    std::memcpy(copy.data(), message.data(), message.size());
    const std::size_t line =
        message.size() / 2 / kCacheLine * kCacheLine;  // lines mode looks at each line's first word
    copy[line] ^= std::byte{1};
    return carrier.send({copy.data(), message.size()});
  }
};

struct Lose : Honest {
  IoStatus send(Carrier& carrier, ConstBytes message, std::uint64_t number) noexcept {
    if (role == Role::producer && number == kLie) return IoStatus::ok;
    return carrier.send(message);
  }
};

struct Duplicate : Honest {
  IoStatus send(Carrier& carrier, ConstBytes message, std::uint64_t number) noexcept {
    if (role == Role::producer && number == kLie) carrier.send(message);
    return carrier.send(message);
  }
};

struct Reorder : Honest {
  IoStatus send(Carrier& carrier, ConstBytes message, std::uint64_t number) noexcept {
    if (role == Role::producer && number == kLie) {
      std::memcpy(held.data(), message.data(), message.size());
      return IoStatus::ok;
    }
    const IoStatus status = carrier.send(message);
    return role == Role::producer && number == kLie + 1 ? carrier.send({held.data(), message.size()}) : status;
  }
  Message held;
};

struct Truncate : Honest {
  IoStatus send(Carrier& carrier, ConstBytes message, std::uint64_t number) noexcept {
    const bool cut = role == Role::producer && number == kLie;
    return carrier.send(cut ? message.first(message.size() / 2) : message);
  }
};

struct EchoSelf : Honest {
  IoStatus send(Carrier& carrier, ConstBytes message, std::uint64_t) noexcept {
    own = message;  // the port's buffer: still the same when the answer is asked for
    return carrier.send(message);
  }
  Received receive(Carrier& carrier, Bytes buffer, std::uint64_t number) noexcept {
    if (role == Role::consumer || number != kLie) return carrier.receive(buffer);
    std::memcpy(buffer.data(), own.data(), own.size());
    return {IoStatus::ok, own.size()};
  }
  ConstBytes own;
};

struct Die : Honest {
  Received receive(Carrier& carrier, Bytes buffer, std::uint64_t number) noexcept {
    if (role == Role::consumer && number == kLie) ::kill(::getpid(), SIGKILL);
    return carrier.receive(buffer);
  }
};

struct Hang : Honest {
  Received receive(Carrier& carrier, Bytes buffer, std::uint64_t number) noexcept {
    while (role == Role::consumer && number == kLie) ::pause();
    return carrier.receive(buffer);
  }
};

struct Refuse : Honest {
  static void open(Role role) {
    if (role == Role::consumer) throw std::system_error(EACCES, std::generic_category(), "open the refused channel");
  }
};

}  // namespace
}  // namespace lies

using namespace lies;

const Transport& transport_carrier() {
  static const LiarTransport<Honest> transport("carrier", "the honest carrier of those that lie");
  return transport;
}

const Transport& transport_delay() {
  static const LiarTransport<Delay<10'000>> transport("delay", "the consumer works 10 us on each message it takes");
  return transport;
}

// A busy consumer is scheduled otherwise than an idle one, which alone costs some 0.3 us on one CPU: what a known delay
// adds is the difference between two busy ones.
const Transport& transport_delay_20us() {
  static const LiarTransport<Delay<20'000>> transport("delay-20us",
                                                      "the consumer works 20 us on each message it takes");
  return transport;
}

const Transport& transport_stall() {
  static const LiarTransport<Stall> transport("stall", "every 1000th message the consumer takes waits for 10 ms");
  return transport;
}

const Transport& transport_corrupt() {
  static const LiarTransport<Corrupt> transport("corrupt", "one bit of message 150 is wrong");
  return transport;
}

const Transport& transport_lose() {
  static const LiarTransport<Lose> transport("lose", "message 150 never comes");
  return transport;
}

const Transport& transport_duplicate() {
  static const LiarTransport<Duplicate> transport("duplicate", "message 150 comes twice");
  return transport;
}

const Transport& transport_reorder() {
  static const LiarTransport<Reorder> transport("reorder", "message 151 comes before message 150",
                                                "never more than one message is under way: none to overtake");
  return transport;
}

const Transport& transport_truncate() {
  static const LiarTransport<Truncate> transport("truncate", "half of message 150 comes");
  return transport;
}

const Transport& transport_echo_self() {
  static const LiarTransport<EchoSelf> transport("echo-self", "answers message 150 with itself, not by the peer", "",
                                                 "a stream has no answers");
  return transport;
}

const Transport& transport_die() {
  static const LiarTransport<Die> transport("die", "the consumer is killed before it takes message 150");
  return transport;
}

const Transport& transport_hang() {
  static const LiarTransport<Hang> transport("hang", "the consumer never takes message 150");
  return transport;
}

const Transport& transport_refuse() {
  static const LiarTransport<Refuse> transport("refuse", "the consumer may not open it");
  return transport;
}

}  // namespace ipcbench
