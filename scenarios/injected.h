#pragma once

#include "harness/sdk/endpoint.h"

#if defined(IPCBENCH_INJECTION)
#include "harness/sdk/injection.h"
#endif

namespace ipcbench {

#if defined(IPCBENCH_INJECTION)

// E with the launch's injected delay before each message sent; a stream's short writes have one each.
template <AnyEndpoint E>
class Injected : public E {
 public:
  using E::E;

  std::ptrdiff_t write_some(ConstBytes out) noexcept requires ByteStream<E> {
    delay();
    return E::write_some(out);
  }
  IoStatus send(ConstBytes message) noexcept requires MessageEndpoint<E> {
    delay();
    return E::send(message);
  }
  IoStatus publish(Bytes loaned) noexcept requires LoanEndpoint<E> {
    delay();
    return E::publish(loaned);
  }
  IoStatus notify() noexcept requires NotifyEndpoint<E> {
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

// Delays a measuring loop once per op, if the launch wants that.
inline void delay_loop() noexcept {
  if (injected_into_harness.wait_ns != 0 || injected_into_harness.calls) [[unlikely]]
    injected_into_harness.happen();
}

#else

// The endpoint is bound as it is, and the loops have no delay.
template <AnyEndpoint E>
using Injectable = E;
inline void delay_loop() noexcept {}

#endif

}  // namespace ipcbench
