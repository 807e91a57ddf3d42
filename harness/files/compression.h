#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// These functions use Zstandard (RFC 8878), by libzstd, for a user's files whose names end in ".zst".

namespace ipcbench {

// Returns whether an output of this name is to be compressed.
bool names_compressed_file(std::string_view path) noexcept;

// Returns whether `content` begins as a Zstandard frame does, skippable ones included.
bool is_compressed(std::string_view content) noexcept;

// Says what a compressed file is for: to be written soon, or to be kept and sent around.
enum class Packing : std::uint8_t { fast, small };

// Returns `text` as one frame with its length and a checksum. Texts of over 3 MiB are always packed fast.
std::string compress(std::string_view text, Packing packing = Packing::fast);

// Returns the text of all frames in `content`, one after the other. Throws UsageError, naming `path` and the place,
// where a frame is torn or damaged, and where the text is longer than `largest`: a short file can unpack to any length.
std::string decompress(std::string_view content, const std::string& path, std::size_t largest);

}  // namespace ipcbench
