// A plug-in by ipcbench/transport.hpp, with a transport for each function out of which an exception is thrown.

#include <cerrno>
#include <stdexcept>
#include <system_error>

#include <ipcbench/transport.hpp>

namespace {

using ipcbench::plugin::Program;

enum class In { probe, create, ticket, join, notify };

template <In where>
struct Throws {
  static void in(In here) {
    if (here != where) return;
    if (here == In::create) throw std::system_error(ENOSPC, std::generic_category(), "no slot");
    if (here == In::ticket) throw 7;
    throw std::runtime_error("the moon is full");
  }

  struct Session {
    Session(Program, const ipcbench_session&) { in(In::create); }
    void ticket(Program, ipcbench_place) { in(In::ticket); }
  };
  struct Endpoint {
    // Asks for a descriptor that no ticket has.
    Endpoint(Program program, const ipcbench_seat&) {
      if (where == In::join) program.take_descriptor("key");
    }
    int notify() {
      in(In::notify);
      return 0;
    }
    int await(std::uint64_t& count) noexcept {
      count = 1;
      return 0;
    }
  };

  static void probe(Program) { in(In::probe); }
  static constexpr ipcbench_info info() {
    ipcbench_info info{};
    info.name = where == In::probe    ? "throws-in-probe"
                : where == In::create ? "throws-in-create"
                : where == In::ticket ? "throws-in-ticket"
                : where == In::join   ? "throws-in-join"
                                      : "throws-in-notify";
    info.summary = "a plug-in of the tests";
    info.subject = "nothing";
    info.language = "C++";
    info.shape = IPCBENCH_NOTIFY;
    info.waits = IPCBENCH_BLOCK;
    return info;
  }
};

}  // namespace

IPCBENCH_PLUGIN("1.0", Throws<In::probe>, Throws<In::create>, Throws<In::ticket>, Throws<In::join>, Throws<In::notify>)
