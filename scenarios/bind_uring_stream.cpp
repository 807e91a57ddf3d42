#include <utility>

#include "harness/sdk/uring_stream.h"
#include "scenarios/bind.h"
#include "scenarios/bind_descriptors.h"

namespace ipcbench {

std::unique_ptr<Endpoint> bind_uring_stream(UniqueFd in, UniqueFd out) {
  return bind_endpoint<UringStream>(std::move(in), std::move(out));
}

}  // namespace ipcbench
