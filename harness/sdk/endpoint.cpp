#include "harness/sdk/endpoint.h"

namespace ipcbench {

// Here, and not in the header: bound endpoints are compiled with the measured loops, in which nothing is called
// indirectly.
Endpoint::~Endpoint() = default;

BufferSizes Endpoint::buffers() const { return read_buffers_ ? read_buffers_() : BufferSizes{}; }
void Endpoint::report_buffers_by(std::function<BufferSizes()> read) { read_buffers_ = std::move(read); }
void Endpoint::keep(std::shared_ptr<void> object) { kept_.push_back(std::move(object)); }

std::unique_ptr<Endpoint> with_buffers(std::unique_ptr<Endpoint> endpoint, std::function<BufferSizes()> read) {
  endpoint->report_buffers_by(std::move(read));
  return endpoint;
}

}  // namespace ipcbench
