#include "plots/table/wrap.h"

#include "results/model/utf8.h"

namespace ipcbench {
namespace {

// Returns whether the mark may not begin a line.
bool closes(char32_t mark) noexcept {
  return std::u32string_view(U"，。；：、）》”’！？").find(mark) != std::u32string_view::npos;
}

// Returns whether the mark may not end a line.
bool opens(char32_t mark) noexcept { return std::u32string_view(U"（《“‘").find(mark) != std::u32string_view::npos; }

// The length of the first piece of `text` that may not be broken, with its trailing spaces.
struct Piece {
  std::size_t bytes = 0;
  std::size_t spaces = 0;  // bytes of the trailing spaces
  bool ends_line = false;
};

Piece first_piece(std::string_view text) {
  Piece piece;
  bool may_end = false;  // after a wide character
  bool after_opening = false;
  while (piece.bytes < text.size()) {
    const CodePoint point = first_code_point(text.substr(piece.bytes));
    if (point.value == U'\n' || point.value == U' ') {
      ++piece.bytes;
      ++piece.spaces;
      piece.ends_line = point.value == U'\n';
      if (piece.ends_line || piece.bytes == text.size() || text[piece.bytes] != ' ') return piece;
      continue;
    }
    const bool wide = display_width(text.substr(piece.bytes, point.bytes)) == 2;
    if ((may_end || (wide && piece.bytes > 0 && !after_opening)) && !closes(point.value)) return piece;
    after_opening = opens(point.value);
    may_end = wide && !after_opening;
    piece.bytes += point.bytes;
  }
  return piece;
}

}  // namespace

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines(1);
  std::size_t used = 0;     // columns of the last line
  std::string_view spaces;  // pending: written unless the line ends
  while (!text.empty()) {
    const Piece piece = first_piece(text);
    const std::string_view word = text.substr(0, piece.bytes - piece.spaces);
    const std::size_t columns = display_width(word);
    if (used > 0 && used + spaces.size() + columns > width) {
      lines.emplace_back();
      used = 0;
    } else if (used > 0) {
      lines.back() += spaces;
      used += spaces.size();
    }
    lines.back() += word;
    used += columns;
    spaces = text.substr(word.size(), piece.spaces);
    text.remove_prefix(piece.bytes);
    if (piece.ends_line) {
      lines.emplace_back();
      used = 0;
      spaces = {};
    }
  }
  return lines;
}

}  // namespace ipcbench
