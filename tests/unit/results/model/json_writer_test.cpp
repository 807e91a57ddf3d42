#include "results/model/json_writer.h"

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "results/model/json_text.h"

namespace ipcbench {
namespace {

template <class F>
std::string written(JsonLayout layout, const F& write) {
  JsonWriter json(layout);
  write(json);
  return json.take();
}

// Every kind of value and container, some of them empty.
void write_all(JsonWriter& json) {
  json.object([&] {
    json.member("text", "a");
    json.member("numbers", std::vector<int>{1, -2});
    json.member("none", std::optional<int>());
    json.text_or_null("empty", "");
    json.key("objects").list(std::array{true, false}, [&](bool flag) {
      json.object([&] { json.member("flag", flag); });
    });
    json.key("nothing").list([] {});
    json.key("no_members").object([] {});
  });
}

TEST(JsonWriter, WritesOneLine) {
  EXPECT_EQ(written(kOneLineJson, write_all),
            R"({"text": "a", "numbers": [1, -2], "none": null, "empty": null, )"
            R"("objects": [{"flag": true}, {"flag": false}], "nothing": [], "no_members": {}})");
}

TEST(JsonWriter, WritesNoSpacesWhereItIsCompact) {
  EXPECT_EQ(written(kCompactJson, write_all),
            R"({"text":"a","numbers":[1,-2],"none":null,"empty":null,)"
            R"("objects":[{"flag":true},{"flag":false}],"nothing":[],"no_members":{}})");
}

TEST(JsonWriter, WritesATreeAsOthersDo) {
  const std::string tree = written(kTreeJson, write_all);
  EXPECT_EQ(tree, nlohmann::ordered_json::parse(tree).dump(2));
  const std::string narrow = written({.open_levels = kTreeJson.open_levels, .indent = 1}, write_all);
  EXPECT_EQ(narrow, nlohmann::ordered_json::parse(narrow).dump(1));
}

TEST(JsonWriter, OpensContainersDownToALevel) {
  EXPECT_EQ(written({.open_levels = 2, .opens_lists_of_values = false}, write_all),
            "{\n  \"text\": \"a\",\n  \"numbers\": [1, -2],\n  \"none\": null,\n  \"empty\": null,\n"
            "  \"objects\": [\n    {\"flag\": true},\n    {\"flag\": false}\n  ],\n"
            "  \"nothing\": [],\n  \"no_members\": {}\n}");
}

TEST(JsonWriter, BreaksLinesWhereItIsTold) {
  const std::string text = written(kOneLineJson, [](JsonWriter& json) {
    json.object([&] {
      json.member("a", 1);
      json.break_line(1);
      json.key("b").list([&] {
        for (const int number : {2, 3}) {
          json.break_line(2);
          json.value(number);
        }
      });
    });
  });
  EXPECT_EQ(text, "{\"a\": 1,\n \"b\": [\n  2,\n  3]}");
}

TEST(JsonWriter, WritesWholeNumbersDigitForDigit) {
  const std::string text = written(kOneLineJson, [](JsonWriter& json) {
    json.list([&] {
      json.value(std::numeric_limits<std::uint64_t>::max());
      json.value(std::numeric_limits<std::int64_t>::min());
      json.value(std::uint8_t{7});
    });
  });
  EXPECT_EQ(text, "[18446744073709551615, -9223372036854775808, 7]");
}

TEST(JsonWriter, ARealNumberStaysOne) {
  const std::string text = written(kOneLineJson, [](JsonWriter& json) {
    json.list([&] {
      for (const double number : {12.0, -0.0, 0.1, 1e300, 5e-324, std::numeric_limits<double>::infinity()}) {
        json.value(number);
        json.real(number);
      }
      json.real(std::nullopt);
    });
  });
  EXPECT_EQ(text, "[12, 12.0, -0, -0.0, 0.1, 0.1, 1e+300, 1e+300, 5e-324, 5e-324, null, null, null]");
}

TEST(JsonWriter, WritesRecordsOwnValues) {
  const std::string text = written(kOneLineJson, [](JsonWriter& json) {
    json.list([&] {
      json.value(Interval{.low = 1, .high = 2.5});
      for (const AttributeValue& value :
           {AttributeValue(), AttributeValue(true), AttributeValue(std::int64_t{3}), AttributeValue(3.0),
            AttributeValue(std::string("x")), AttributeValue(std::vector<std::string>{"y", "z"})}) {
        json.value(value);
      }
    });
  });
  EXPECT_EQ(text, R"([[1, 2.5], null, true, 3, 3.0, "x", ["y", "z"]])");
}

TEST(JsonWriter, EscapesKeysAndTexts) {
  const std::string bad = "\"\\\n\x01\x7f\xff\u2028é";
  const std::string text =
      written(kOneLineJson, [&](JsonWriter& json) { json.object([&] { json.member(bad, bad); }); });
  const nlohmann::json document = nlohmann::json::parse(text);
  const std::string read = "\"\\\n\x01\x7f\ufffd\u2028é";
  EXPECT_EQ(document.at(read), read);
  EXPECT_EQ(text, "{" + json_quoted(bad) + ": " + json_quoted(bad) + "}");
}

}  // namespace
}  // namespace ipcbench
