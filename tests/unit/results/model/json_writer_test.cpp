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
  JsonWriter writer(layout);
  write(writer);
  return writer.take();
}

// Every kind of value and container, some of them empty.
void write_all(JsonWriter& writer) {
  writer.object([&] {
    writer.member("text", "a");
    writer.member("numbers", std::vector<int>{1, -2});
    writer.member("none", std::optional<int>());
    writer.text_or_null("empty", "");
    writer.key("objects").list(std::array{true, false},
                               [&](bool flag) { writer.object([&] { writer.member("flag", flag); }); });
    writer.key("nothing").list([] {});
    writer.key("no_members").object([] {});
  });
}

TEST(JsonWriter, WritesAZeroWithoutASign) {
  EXPECT_EQ(written(kOneLineJson, [](JsonWriter& writer) { writer.value(std::array{0.0, -0.0}); }), "[0, 0]");
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
  const std::string text = written(kOneLineJson, [](JsonWriter& writer) {
    writer.object([&] {
      writer.member("a", 1);
      writer.break_line(1);
      writer.key("b").list([&] {
        for (const int number : {2, 3}) {
          writer.break_line(2);
          writer.value(number);
        }
      });
    });
  });
  EXPECT_EQ(text, "{\"a\": 1,\n \"b\": [\n  2,\n  3]}");
}

TEST(JsonWriter, WritesWholeNumbersDigitForDigit) {
  const std::string text = written(kOneLineJson, [](JsonWriter& writer) {
    writer.list([&] {
      writer.value(std::numeric_limits<std::uint64_t>::max());
      writer.value(std::numeric_limits<std::int64_t>::min());
      writer.value(std::uint8_t{7});
    });
  });
  EXPECT_EQ(text, "[18446744073709551615, -9223372036854775808, 7]");
}

TEST(JsonWriter, ARealNumberStaysOne) {
  const std::string text = written(kOneLineJson, [](JsonWriter& writer) {
    writer.list([&] {
      for (const double number : {12.0, -0.0, 0.1, 1e300, 5e-324, std::numeric_limits<double>::infinity()}) {
        writer.value(number);
        writer.real(number);
      }
      writer.real(std::nullopt);
    });
  });
  EXPECT_EQ(text, "[12, 12.0, 0, -0.0, 0.1, 0.1, 1e+300, 1e+300, 5e-324, 5e-324, null, null, null]");
}

TEST(JsonWriter, WritesRecordsOwnValues) {
  const std::string text = written(kOneLineJson, [](JsonWriter& writer) {
    writer.list([&] {
      writer.value(Interval{.low = 1, .high = 2.5});
      for (const AttributeValue& value :
           {AttributeValue(), AttributeValue(true), AttributeValue(std::int64_t{3}), AttributeValue(3.0),
            AttributeValue(std::string("x")), AttributeValue(std::vector<std::string>{"y", "z"})}) {
        writer.value(value);
      }
    });
  });
  EXPECT_EQ(text, R"([[1, 2.5], null, true, 3, 3.0, "x", ["y", "z"]])");
}

TEST(JsonWriter, EscapesKeysAndTexts) {
  const std::string bad = "\"\\\n\x01\x7f\xff\u2028é";
  const std::string text =
      written(kOneLineJson, [&](JsonWriter& writer) { writer.object([&] { writer.member(bad, bad); }); });
  const nlohmann::json document = nlohmann::json::parse(text);
  const std::string read = "\"\\\n\x01\x7f\ufffd\u2028é";
  EXPECT_EQ(document.at(read), read);
  EXPECT_EQ(text, "{" + json_quoted(bad) + ": " + json_quoted(bad) + "}");
}

}  // namespace
}  // namespace ipcbench
