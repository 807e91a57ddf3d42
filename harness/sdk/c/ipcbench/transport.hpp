#pragma once

#include <ipcbench/transport.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>

// The plug-in interface of ipcbench for authors of C++17 and later: ipcbench/transport.h, which says more of each
// function, behind classes. An exception that leaves them becomes an error with its text. What is missing, or doesn't
// fit, is named by the compiler.
//
//   struct Mine {                                  // a transport
//     class Session;                               // required: the objects of a launch, in its host
//     class Endpoint;                              // required: one open side, in its worker
//     static constexpr ipcbench_info info();       // required: what it is; `size` is filled in
//     static void probe(Program);                  // optional: without it, it can run on every host; throws why not
//   };
//   class Mine::Session {
//     Session(Program, const ipcbench_session&);   // required: create()
//     ~Session();                                  // destroy(): must not throw
//     void ticket(Program, ipcbench_place);        // optional: without it, tickets are empty
//     void attached() noexcept;                    // optional: without it, names stay until the end
//     std::int64_t broker() const noexcept;        // optional: without it, no other process's CPU time counts
//   };
//   class Mine::Endpoint {
//     Endpoint(Program, const ipcbench_seat&);     // required: join()
//     ~Endpoint();                                 // close(): must not throw
//     std::ptrdiff_t write_some(const void*, std::size_t), read_some(void*, std::size_t);  // of IPCBENCH_STREAM
//     int send(const void*, std::size_t);                                                  // of IPCBENCH_MESSAGE
//     int receive(void*, std::size_t room, std::size_t& size);
//     int loan(std::size_t, void*&), publish(void*, std::size_t);                          // of IPCBENCH_LOAN
//     int acquire(const void*&, std::size_t&);
//     void release(const void*, std::size_t) noexcept;
//     int notify(), await(std::uint64_t& count);                                           // of IPCBENCH_NOTIFY
//     int watched() const noexcept;                // required of IPCBENCH_POLLABLE
//   };
//   IPCBENCH_PLUGIN("1.0", Mine)                   // the library: its version, and 1 to 16 transports
//
// Operations return what those of the C interface return. They are called directly: an operation adds no allocation and
// no virtual call, and one that is noexcept nothing at all.

namespace ipcbench::plugin {

// Returns the result of a call that sets errno; throws std::system_error with the call's name if it is negative.
template <class Result>
Result checked(Result result, const char* call) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), call);
  return result;
}

// Descriptor owns a file descriptor.
class Descriptor {
 public:
  Descriptor() noexcept = default;
  explicit Descriptor(int descriptor) noexcept : descriptor_(descriptor) {}
  Descriptor(Descriptor&& other) noexcept : descriptor_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    Descriptor(std::move(other)).swap(*this);
    return *this;
  }
  ~Descriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  int get() const noexcept { return descriptor_; }
  int release() noexcept { return std::exchange(descriptor_, -1); }
  void swap(Descriptor& other) noexcept { std::swap(descriptor_, other.descriptor_); }

 private:
  int descriptor_ = -1;
};

// Program is what ipcbench does for a plug-in during a call; it must not be kept. All throw std::system_error.
class Program {
 public:
  explicit Program(const ipcbench_program* program) noexcept : program_(program) {}

  // In create() and ticket(): returns a fresh name, noted so that what a killed launch left is removed.
  std::string claim_name(ipcbench_object object, const char* stem) const {
    char name[128];
    must(program_->claim_name(program_, object, stem, name, sizeof name), "claim_name", stem);
    return name;
  }
  // In ticket(): what the worker at that place gets. A descriptor must not stay open here.
  void put_text(const char* name, const std::string& text) const {
    must(program_->put_text(program_, name, text.c_str()), "put_text", name);
  }
  void put_descriptor(const char* name, Descriptor descriptor) const {
    must(program_->put_descriptor(program_, name, descriptor.release()), "put_descriptor", name);
  }
  // In join(): what ticket() has put in.
  std::string get_text(const char* name) const {
    const char* text = program_->get_text(program_, name);
    if (text == nullptr) must(-ENOENT, "get_text", name);
    return text;
  }
  Descriptor take_descriptor(const char* name) const {
    return Descriptor(must(program_->take_descriptor(program_, name), "take_descriptor", name));
  }
  // In join(): leave a text for the peer, and wait for the peer's.
  void publish(const std::string& text) const { must(program_->publish(program_, text.c_str()), "publish", text); }
  std::string await_peer() const {
    const char* text = program_->await_peer(program_);
    if (text == nullptr) must(-EPROTO, "await_peer", "");
    return text;
  }

 private:
  static int must(int result, const char* function, const std::string& object) {
    if (result < 0) throw std::system_error(-result, std::generic_category(), std::string(function) + " " + object);
    return result;
  }

  const ipcbench_program* program_;
};

// Returns the value of an option in a launch: of an ipcbench_session or an ipcbench_seat. Throws std::out_of_range.
template <class Asked>
std::string_view option(const Asked& asked, std::string_view name) {
  for (std::size_t i = 0; i < asked.option_count; ++i) {
    if (asked.options[i].name == name) return asked.options[i].value;
  }
  throw std::out_of_range("no option has the name " + std::string(name));
}

// What follows is called by the library itself. It is hidden: libraries that are loaded side by side share none of it.
namespace detail __attribute__((visibility("hidden"))) {

  constexpr bool is_line(const char* text) {
    std::size_t size = 0;
    for (; text != nullptr && text[size] != '\0'; ++size) {
      if ((text[size] >= 0 && text[size] < ' ') || text[size] == 0x7f) return false;
    }
    return size >= 1 && size <= 120;
  }

  constexpr bool is_name(const char* text) {
    if (!is_line(text)) return false;
    std::size_t size = 0;
    for (; text[size] != '\0'; ++size) {
      const char c = text[size];
      if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-') return false;
    }
    return size <= 32 && text[0] != '-' && text[size - 1] != '-';
  }

  // IPCBENCH_HOOK defines Calls_hook, whether a class has a member that can be called as the library calls it, and
  // Has_hook, whether it has a member of that name at all. IPCBENCH_OPERATION defines Calls_hook alone.
#define IPCBENCH_HOOK(hook, ...)                                                  \
  template <class T, class = void>                                                \
  struct Calls_##hook : std::false_type {};                                       \
  template <class T>                                                              \
  struct Calls_##hook<T, std::void_t<decltype(__VA_ARGS__)>> : std::true_type {}; \
  template <class T, class = void>                                                \
  struct Has_##hook : Calls_##hook<T> {};                                         \
  template <class T>                                                              \
  struct Has_##hook<T, std::void_t<decltype(&T::hook)>> : std::true_type {}
#define IPCBENCH_OPERATION(hook, result, ...)                                         \
  template <class T, class = void>                                                    \
  struct Calls_##hook : std::false_type {};                                           \
  template <class T>                                                                  \
  struct Calls_##hook<T, std::void_t<decltype(std::declval<T&>().hook(__VA_ARGS__))>> \
      : std::is_same<result, decltype(std::declval<T&>().hook(__VA_ARGS__))> {}

  IPCBENCH_HOOK(probe, T::probe(std::declval<Program>()));
  IPCBENCH_HOOK(ticket, std::declval<T&>().ticket(std::declval<Program>(), ipcbench_place{}));
  IPCBENCH_HOOK(attached, std::enable_if_t<noexcept(std::declval<T&>().attached())>());
  IPCBENCH_HOOK(broker, std::enable_if_t<noexcept(std::declval<const T&>().broker()), std::int64_t>());
  IPCBENCH_HOOK(watched, std::enable_if_t<noexcept(std::declval<const T&>().watched()), int>());
  IPCBENCH_HOOK(release, std::enable_if_t<noexcept(std::declval<T&>().release(nullptr, std::size_t{}))>());
  IPCBENCH_OPERATION(write_some, std::ptrdiff_t, std::declval<const void*>(), std::size_t{});
  IPCBENCH_OPERATION(read_some, std::ptrdiff_t, std::declval<void*>(), std::size_t{});
  IPCBENCH_OPERATION(send, int, std::declval<const void*>(), std::size_t{});
  IPCBENCH_OPERATION(receive, int, std::declval<void*>(), std::size_t{}, std::declval<std::size_t&>());
  IPCBENCH_OPERATION(loan, int, std::size_t{}, std::declval<void*&>());
  IPCBENCH_OPERATION(publish, int, std::declval<void*>(), std::size_t{});
  IPCBENCH_OPERATION(acquire, int, std::declval<const void*&>(), std::declval<std::size_t&>());
  IPCBENCH_OPERATION(notify, int);
  IPCBENCH_OPERATION(await, int, std::declval<std::uint64_t&>());
#undef IPCBENCH_HOOK
#undef IPCBENCH_OPERATION

  // Returns the error for the exception that is being handled, and hands its text to `tell`. A std::system_error keeps
  // its number, which the program explains itself; others have ECANCELED.
  template <class Tell>
  int error_of_exception(Tell tell) {
    try {
      throw;
    } catch (const std::system_error& error) {
      const bool has_errno =
          error.code().category() == std::generic_category() || error.code().category() == std::system_category();
      const std::string explained = ": " + error.code().message();
      std::string text = error.what();
      const std::size_t at = text.size() - (text.size() < explained.size() ? text.size() : explained.size());
      if (has_errno && text.compare(at, std::string::npos, explained) == 0) text.erase(at);
      tell(text.c_str());
      return has_errno && error.code().value() > 0 ? -error.code().value() : -ECANCELED;
    } catch (const std::bad_alloc&) {
      return -ENOMEM;
    } catch (const std::exception& error) {
      tell(error.what());
    } catch (...) {
      tell("an exception that is no std::exception");
    }
    return -ECANCELED;
  }

  // Runs a function of a transport's life.
  template <class Body>
  int guarded(const ipcbench_program* program, Body body) noexcept {
    try {
      body();
      return 0;
    } catch (...) {
      return error_of_exception([&](const char* text) { program->fail(program, text); });
    }
  }

  // Runs an operation. It has no program to tell the text of an exception to: standard error gets that.
  template <class Result, class Body>
  Result operation(const char* name, Body body) noexcept {
    try {
      return body();
    } catch (...) {
      return error_of_exception([&](const char* text) { std::fprintf(stderr, "plug-in: %s(): %s\n", name, text); });
    }
  }

  // Table has the C interface's tables of a transport.
  template <class T>
  struct Table {
    using Session = typename T::Session;
    using Endpoint = typename T::Endpoint;

    static Session& session(void* session) noexcept { return *static_cast<Session*>(session); }
    static Endpoint& side(void* endpoint) noexcept { return *static_cast<Endpoint*>(endpoint); }

    static constexpr ipcbench_info make_info() {
      ipcbench_info info = T::info();
      info.size = sizeof info;
      return info;
    }
    static constexpr ipcbench_info kInfo = make_info();
    static constexpr bool has(std::uint32_t trait) { return (kInfo.traits & trait) != 0; }

    static_assert(is_name(kInfo.name), "info().name: lower case, digits and '-', at most 32 bytes");
    static_assert(is_line(kInfo.summary), "info().summary: one line, at most 120 bytes");
    static_assert(is_line(kInfo.subject), "info().subject: what is measured, one line, at most 120 bytes");
    static_assert(is_line(kInfo.language), "info().language: of the measured code, one line, at most 120 bytes");
    static_assert(kInfo.family == nullptr || is_line(kInfo.family), "info().family: one line, at most 120 bytes");
    static_assert(kInfo.shape >= IPCBENCH_STREAM && kInfo.shape <= IPCBENCH_NOTIFY, "info().shape: an ipcbench_shape");
    static_assert(kInfo.waits > 0 && kInfo.waits < 16, "info().waits: ipcbench_wait bits, at least one");
    static_assert(kInfo.traits < 128, "info().traits: ipcbench_trait bits");
    static_assert(!has(IPCBENCH_MAY_LOSE) || kInfo.shape == IPCBENCH_MESSAGE,
                  "info().traits: IPCBENCH_MAY_LOSE is of IPCBENCH_MESSAGE alone");
    static_assert(!has(IPCBENCH_MERGES) || kInfo.shape == IPCBENCH_NOTIFY,
                  "info().traits: IPCBENCH_MERGES is of IPCBENCH_NOTIFY alone");
    static_assert(kInfo.option_count <= 16, "info().option_count: at most 16");

    static_assert(std::is_constructible_v<Session, Program, const ipcbench_session&>,
                  "required: Session(Program, const ipcbench_session&)");
    static_assert(std::is_nothrow_destructible_v<Session>, "required: ~Session() that doesn't throw");
    static_assert(std::is_constructible_v<Endpoint, Program, const ipcbench_seat&>,
                  "required: Endpoint(Program, const ipcbench_seat&)");
    static_assert(std::is_nothrow_destructible_v<Endpoint>, "required: ~Endpoint() that doesn't throw");
    static_assert(!Has_probe<T>::value || Calls_probe<T>::value, "optional, but then: static void probe(Program)");
    static_assert(!Has_ticket<Session>::value || Calls_ticket<Session>::value,
                  "optional, but then: void ticket(Program, ipcbench_place)");
    static_assert(!Has_attached<Session>::value || Calls_attached<Session>::value,
                  "optional, but then: void attached() noexcept");
    static_assert(!Has_broker<Session>::value || Calls_broker<Session>::value,
                  "optional, but then: std::int64_t broker() const noexcept");
    static_assert(!Has_watched<Endpoint>::value || Calls_watched<Endpoint>::value,
                  "optional, but then: int watched() const noexcept");
    static_assert(Has_watched<Endpoint>::value == has(IPCBENCH_POLLABLE),
                  "watched() is there exactly where info().traits has IPCBENCH_POLLABLE");

    static constexpr ipcbench_endpoint_ops make_ops() {
      ipcbench_endpoint_ops ops{};
      ops.size = sizeof ops;
      if constexpr (kInfo.shape == IPCBENCH_STREAM) {
        static_assert(Calls_write_some<Endpoint>::value,
                      "required of IPCBENCH_STREAM: std::ptrdiff_t write_some(const void*, std::size_t)");
        static_assert(Calls_read_some<Endpoint>::value,
                      "required of IPCBENCH_STREAM: std::ptrdiff_t read_some(void*, std::size_t)");
        ops.write_some = [](void* endpoint, const void* bytes, std::size_t size) noexcept {
          return operation<std::ptrdiff_t>("write_some", [&] { return side(endpoint).write_some(bytes, size); });
        };
        ops.read_some = [](void* endpoint, void* bytes, std::size_t size) noexcept {
          return operation<std::ptrdiff_t>("read_some", [&] { return side(endpoint).read_some(bytes, size); });
        };
      } else if constexpr (kInfo.shape == IPCBENCH_MESSAGE) {
        static_assert(Calls_send<Endpoint>::value, "required of IPCBENCH_MESSAGE: int send(const void*, std::size_t)");
        static_assert(Calls_receive<Endpoint>::value,
                      "required of IPCBENCH_MESSAGE: int receive(void*, std::size_t room, std::size_t& size)");
        ops.send = [](void* endpoint, const void* bytes, std::size_t size) noexcept {
          return operation<int>("send", [&] { return side(endpoint).send(bytes, size); });
        };
        ops.receive = [](void* endpoint, void* bytes, std::size_t room, std::size_t* size) noexcept {
          return operation<int>("receive", [&] { return side(endpoint).receive(bytes, room, *size); });
        };
      } else if constexpr (kInfo.shape == IPCBENCH_LOAN) {
        static_assert(Calls_loan<Endpoint>::value, "required of IPCBENCH_LOAN: int loan(std::size_t, void*&)");
        static_assert(Calls_publish<Endpoint>::value, "required of IPCBENCH_LOAN: int publish(void*, std::size_t)");
        static_assert(Calls_acquire<Endpoint>::value,
                      "required of IPCBENCH_LOAN: int acquire(const void*&, std::size_t&)");
        static_assert(Calls_release<Endpoint>::value,
                      "required of IPCBENCH_LOAN: void release(const void*, std::size_t) noexcept");
        ops.loan = [](void* endpoint, std::size_t size, void** bytes) noexcept {
          return operation<int>("loan", [&] { return side(endpoint).loan(size, *bytes); });
        };
        ops.publish = [](void* endpoint, void* bytes, std::size_t size) noexcept {
          return operation<int>("publish", [&] { return side(endpoint).publish(bytes, size); });
        };
        ops.acquire = [](void* endpoint, const void** bytes, std::size_t* size) noexcept {
          return operation<int>("acquire", [&] { return side(endpoint).acquire(*bytes, *size); });
        };
        ops.release = [](void* endpoint, const void* bytes, std::size_t size) noexcept {
          side(endpoint).release(bytes, size);
        };
      } else {
        static_assert(Calls_notify<Endpoint>::value, "required of IPCBENCH_NOTIFY: int notify()");
        static_assert(Calls_await<Endpoint>::value, "required of IPCBENCH_NOTIFY: int await(std::uint64_t& count)");
        ops.notify = [](void* endpoint) noexcept {
          return operation<int>("notify", [&] { return side(endpoint).notify(); });
        };
        ops.await = [](void* endpoint, std::uint64_t* count) noexcept {
          return operation<int>("await", [&] { return side(endpoint).await(*count); });
        };
      }
      if constexpr (Has_watched<Endpoint>::value) {
        ops.watched = [](const void* endpoint) noexcept { return static_cast<const Endpoint*>(endpoint)->watched(); };
      }
      return ops;
    }
    static constexpr ipcbench_endpoint_ops kOps = make_ops();

    static constexpr ipcbench_transport make_transport() {
      ipcbench_transport transport{};
      transport.size = sizeof transport;
      transport.info = &kInfo;
      transport.ops = &kOps;
      if constexpr (Has_probe<T>::value) {
        transport.probe = [](const ipcbench_program* program) noexcept {
          return guarded(program, [&] { T::probe(Program(program)); });
        };
      }
      transport.create = [](const ipcbench_program* program, const ipcbench_session* asked, void** made) noexcept {
        return guarded(program, [&] { *made = new Session(Program(program), *asked); });
      };
      if constexpr (Has_ticket<Session>::value) {
        transport.ticket = [](const ipcbench_program* program, void* made, ipcbench_place place) noexcept {
          return guarded(program, [&] { session(made).ticket(Program(program), place); });
        };
      }
      if constexpr (Has_attached<Session>::value) {
        transport.attached = [](void* made) noexcept { session(made).attached(); };
      }
      if constexpr (Has_broker<Session>::value) {
        transport.broker = [](const void* made) noexcept -> std::int64_t {
          return static_cast<const Session*>(made)->broker();
        };
      }
      transport.destroy = [](void* made) noexcept { delete &session(made); };
      transport.join = [](const ipcbench_program* program, const ipcbench_seat* seat, void** endpoint) noexcept {
        return guarded(program, [&] { *endpoint = new Endpoint(Program(program), *seat); });
      };
      transport.close = [](void* endpoint) noexcept { delete &side(endpoint); };
      return transport;
    }
    static constexpr ipcbench_transport kTransport = make_transport();
  };

  template <class... Transports>
  struct Tables {
    static_assert(sizeof...(Transports) >= 1 && sizeof...(Transports) <= 16, "a library has 1 to 16 transports");
    static constexpr const ipcbench_transport* kAll[] = {&Table<Transports>::kTransport...};

    static constexpr ipcbench_library library(const char* version) {
      return {IPCBENCH_ABI, static_cast<std::uint32_t>(sizeof...(Transports)), version, kAll};
    }
  };

}  // namespace detail
}  // namespace ipcbench::plugin

// Defines the function that the library exports. Stands once in it, outside of namespaces.
#define IPCBENCH_PLUGIN(version, ...)                                                                              \
  const ipcbench_library* ipcbench_plugin(void) {                                                                  \
    static_assert(::ipcbench::plugin::detail::is_line(version), "the version: one line, at most 120 bytes");       \
    static constexpr ipcbench_library library = ::ipcbench::plugin::detail::Tables<__VA_ARGS__>::library(version); \
    return &library;                                                                                               \
  }
