#include "harness/files/compression.h"

#include <zstd.h>

#include <cstdint>
#include <memory>
#include <new>
#include <stdexcept>

#include <fmt/core.h>

#include "harness/base/usage_error.h"

namespace ipcbench {
namespace {

// At this level a result of 20 MB takes half a second and shrinks to a twelfth; higher levels save little more.
constexpr int kLevel = 9;
// Results in the summary form take at most a second at a level that makes them a fifth smaller.
constexpr int kSmallLevel = 19;
constexpr std::size_t kLongestSmall = std::size_t{3} << 20;

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const noexcept { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const noexcept { ZSTD_freeDCtx(context); }
};

// Returns the first four bytes as a little-endian number; 0 where there are fewer.
std::uint32_t magic_of(std::string_view content) noexcept {
  if (content.size() < 4) return 0;
  std::uint32_t magic = 0;
  for (std::size_t i = 4; i-- > 0;) magic = magic << 8 | static_cast<unsigned char>(content[i]);
  return magic;
}

}  // namespace

bool names_compressed_file(std::string_view path) noexcept { return path.ends_with(".zst"); }

bool is_compressed(std::string_view content) noexcept {
  const std::uint32_t magic = magic_of(content);
  return magic == ZSTD_MAGICNUMBER || (magic & ZSTD_MAGIC_SKIPPABLE_MASK) == ZSTD_MAGIC_SKIPPABLE_START;
}

std::string compress(std::string_view text, Packing packing) {
  const std::unique_ptr<ZSTD_CCtx, FreeContext> context(ZSTD_createCCtx());
  if (!context) throw std::bad_alloc();
  const bool small = packing == Packing::small && text.size() <= kLongestSmall;
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, small ? kSmallLevel : kLevel);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  std::string frame(ZSTD_compressBound(text.size()), '\0');
  const std::size_t size = ZSTD_compress2(context.get(), frame.data(), frame.size(), text.data(), text.size());
  if (ZSTD_isError(size)) throw std::runtime_error(fmt::format("zstd: {}", ZSTD_getErrorName(size)));
  frame.resize(size);
  return frame;
}

std::string decompress(std::string_view content, const std::string& path, std::size_t largest) {
  const std::unique_ptr<ZSTD_DCtx, FreeContext> context(ZSTD_createDCtx());
  if (!context) throw std::bad_alloc();
  std::string text;
  std::string part(ZSTD_DStreamOutSize(), '\0');
  ZSTD_inBuffer in = {.src = content.data(), .size = content.size(), .pos = 0};
  for (;;) {
    ZSTD_outBuffer out = {.dst = part.data(), .size = part.size(), .pos = 0};
    const std::size_t left = ZSTD_decompressStream(context.get(), &out, &in);
    if (ZSTD_isError(left)) {
      throw UsageError(fmt::format("{}: damaged near byte {}, after {} bytes of text: {} (Zstandard)", path, in.pos,
                                   text.size(), ZSTD_getErrorName(left)));
    }
    if (text.size() + out.pos > largest) {
      throw UsageError(
          fmt::format("{}: unpacks to more than {}, which is more than such a file holds", path, format_size(largest)));
    }
    text.append(part.data(), out.pos);
    if (left == 0 && in.pos == in.size) return text;
    if (in.pos < in.size || out.pos == out.size) continue;
    throw UsageError(fmt::format("{}: cut off at byte {}, after {} bytes of text: the Zstandard frame has no end", path,
                                 content.size(), text.size()));
  }
}

}  // namespace ipcbench
