#include "plots/table/units.h"

#include <array>
#include <cmath>
#include <span>

#include <fmt/format.h>

namespace ipcbench {
namespace {

struct Scale {
  double factor;
  std::string_view suffix;
};

constexpr std::array<Scale, 4> kTime = {{{1, " ns"}, {1e3, " µs"}, {1e6, " ms"}, {1e9, " s"}}};
constexpr std::array<Scale, 4> kSize = {{{1, " B"}, {0x1p10, " KiB"}, {0x1p20, " MiB"}, {0x1p30, " GiB"}}};
constexpr std::array<Scale, 5> kBandwidth = {
    {{1, " B/s"}, {1e3, " kB/s"}, {1e6, " MB/s"}, {1e9, " GB/s"}, {1e12, " TB/s"}}};
constexpr std::array<Scale, 4> kRate = {{{1, " /s"}, {1e3, " k/s"}, {1e6, " M/s"}, {1e9, " G/s"}}};
constexpr std::array<Scale, 1> kPlain = {{{1, ""}}};
constexpr std::array<Scale, 1> kPercent = {{{0.01, " %"}}};

std::span<const Scale> scales_of(Unit unit) {
  switch (unit) {
    case Unit::ns:
      return kTime;
    case Unit::bytes:
      return kSize;
    case Unit::bytes_per_s:
      return kBandwidth;
    case Unit::per_s:
      return kRate;
    case Unit::percent:
      return kPercent;
    default:
      return kPlain;
  }
}

Scale scale_of(Unit unit, double value) {
  const std::span<const Scale> scales = scales_of(unit);
  Scale chosen = scales.front();
  for (const Scale& scale : scales) {
    if (std::abs(value) >= scale.factor * 0.9995) chosen = scale;  // 999.6 ns rounds to 1.00 µs
  }
  return chosen;
}

std::string digits(Unit unit, double value) {
  if (!std::isfinite(value)) return std::string(kNothing);
  const double size = std::abs(value);
  if (unit == Unit::count || size >= 99.95 || size == 0) return fmt::format("{:.0f}", size == 0 ? 0 : value);
  if (unit == Unit::bytes && value == std::floor(value)) return fmt::format("{:.0f}", value);
  if (size >= 9.995) return fmt::format("{:.1f}", value);
  if (size >= 0.9995) return fmt::format("{:.2f}", value);
  return fmt::format("{:.3g}", value);
}

}  // namespace

std::string_view to_string(Unit unit) noexcept {
  switch (unit) {
    case Unit::ns:
      return "ns";
    case Unit::bytes:
      return "B";
    case Unit::bytes_per_s:
      return "B/s";
    case Unit::per_s:
      return "1/s";
    default:
      return "";
  }
}

std::string human(Unit unit, double value, const std::optional<Interval>& interval) {
  if (!std::isfinite(value)) return std::string(kNothing);
  const Scale scale = scale_of(unit, value);
  const auto scaled = [&](double number) { return digits(unit, number / scale.factor); };
  const std::string text = fmt::format("{}{}{}", unit == Unit::times ? "×" : "", scaled(value), scale.suffix);
  return interval ? fmt::format("{} [{}, {}]", text, scaled(interval->low), scaled(interval->high)) : text;
}

}  // namespace ipcbench
