#include "tests/fuzz/mutate.h"

#include <array>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/measure/splitmix64.h"

namespace ipcbench {
namespace {

using Json = nlohmann::ordered_json;

// A value and the container that holds it.
struct Place {
  Json* parent;
  Json* value;
  std::string key;  // in an object
  std::size_t index;
};

void collect(Json& node, std::vector<Place>& places) {
  std::size_t index = 0;
  for (auto child = node.begin(); node.is_structured() && child != node.end(); ++child, ++index) {
    places.push_back({&node, &*child, node.is_object() ? child.key() : "", index});
    collect(*child, places);
  }
}

Json odd_number(SplitMix64& random) {
  constexpr std::array<double, 12> kReal = {0, -1, 0.5, 1e-300, 1e18, 9.3e18, 1e19, 1e300, -1e300, 2.5e9, 1e12, 4e-9};
  constexpr std::array<std::int64_t, 10> kWhole = {
      0, 1, -1, 2, 19, 20, 10'000, 2'147'483'647, 1'000'000'000'000, 9'000'000'000'000'000'000};
  if (random.below(2) == 0) return kReal[random.below(kReal.size())];
  return kWhole[random.below(kWhole.size())];
}

Json odd_text(SplitMix64& random) {
  const std::array<std::string, 9> kTexts = {"",
                                             std::string(600, 'a'),
                                             "\x1b[31m",
                                             "=1+1|', \"<script>",
                                             "2026-02-31T25:61:61Z",
                                             "\xe2\x80\xae\xf0\x9f\x98\x80",
                                             "state 1",
                                             "ok",
                                             "same-cpu"};
  return kTexts[random.below(kTexts.size())];
}

void change(const Place& place, const std::vector<Place>& places, SplitMix64& random) {
  switch (random.below(8)) {
    case 0:
      *place.value = nullptr;
      return;
    case 1:
      *place.value = place.value->is_string() ? odd_text(random) : odd_number(random);
      return;
    case 2:
      if (place.value->is_number()) *place.value = place.value->get<double>() * (random.below(2) == 0 ? 1e6 : -1);
      return;
    case 3:
      if (place.parent->is_array()) place.parent->erase(place.index);
      return;
    case 4:
      if (place.parent->is_array()) place.parent->push_back(Json(*place.value));
      return;
    case 5:
      if (place.value->is_structured()) place.value->clear();
      return;
    default:
      *place.value = Json(*places[random.below(places.size())].value);
  }
}

}  // namespace

std::string mutated_json(std::string_view text, std::uint64_t seed) {
  SplitMix64 random(seed);
  std::size_t begin = 0, end = text.size();
  Json document = Json::parse(text, nullptr, false);
  if (document.is_discarded()) {
    // JSON Lines: picks one of the lines.
    const std::size_t at = text.empty() ? 0 : random.below(text.size());
    begin = text.rfind('\n', at == 0 ? 0 : at - 1);
    begin = begin == std::string_view::npos ? 0 : begin + 1;
    end = std::min(text.find('\n', begin), text.size());
    document = Json::parse(text.substr(begin, end - begin), nullptr, false);
  }
  if (document.is_discarded()) return "";
  for (std::uint64_t changes = 1 + random.below(3); changes > 0; --changes) {
    std::vector<Place> places;
    collect(document, places);
    if (places.empty()) break;
    change(places[random.below(places.size())], places, random);
  }
  std::string changed(text.substr(0, begin));
  changed += document.dump(-1, ' ', false, Json::error_handler_t::replace);
  changed += text.substr(end);
  return changed;
}

}  // namespace ipcbench
