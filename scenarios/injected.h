#pragma once

#include "harness/sdk/endpoint.h"

#if defined(IPCBENCH_INJECTION)
#include "harness/sdk/injection.h"
#endif

namespace ipcbench {

#if defined(IPCBENCH_INJECTION)

// Injected is E with the launch's injected delay before each message sent. Each short write of a stream has a delay of
// its own.
template <AnyEndpoint E>
class Injected : public E {
 public:
  using E::E;

  std::ptrdiff_t write_some(ConstBytes out) noexcept
    requires ByteStream<E>
  {
    delay();
    return E::write_some(out);
  }
  IoStatus send(ConstBytes message) noexcept
    requires MessageEndpoint<E>
  {
    delay();
    return E::send(message);
  }
  IoStatus publish(Bytes loaned) noexcept
    requires LoanEndpoint<E>
  {
    delay();
    return E::publish(loaned);
  }
  IoStatus notify() noexcept
    requires NotifyEndpoint<E>
  {
    delay();
    return E::notify();
  }

 private:
  void delay() noexcept {
    if (injects_) [[unlikely]]
      injected_delay().happen();
  }

  bool injects_ = injected_delay().calls || injected_delay().wait_ns != 0;
};

template <AnyEndpoint E>
using Injectable = Injected<E>;

// Returns whether the launch injects into the harness.
inline bool delays_loops() noexcept { return injected_into_harness.wait_ns != 0 || injected_into_harness.calls; }
// Delays a measuring loop once per op, if the launch injects into the harness.
inline void delay_loop() noexcept {
  if (delays_loops()) [[unlikely]]
    injected_into_harness.happen();
}

#else

// Builds without injection bind the endpoint as it is, and their loops have no delay.
template <AnyEndpoint E>
using Injectable = E;
constexpr bool delays_loops() noexcept { return false; }
inline void delay_loop() noexcept {}

#endif

}  // namespace ipcbench
