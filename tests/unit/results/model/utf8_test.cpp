#include "results/model/utf8.h"

#include <string>

#include <gtest/gtest.h>

namespace ipcbench {
namespace {

TEST(Utf8, PrintableEscapesWhatATerminalObeys) {
  EXPECT_EQ(printable("pipe µs — 管道"), "pipe µs — 管道");
  EXPECT_EQ(printable("\x1b[2Jx\n\t\x7f"), "\\x1b[2Jx\\n\\t\\x7f");
  EXPECT_EQ(printable(std::string("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(printable("\u0085\u202e\u2066\u2028"), "\\x85\\u202e\\u2066\\u2028");
}

TEST(Utf8, PrintableEscapesWhatIsNotUtf8) {
  EXPECT_EQ(printable("\xff"), "\\xff");
  EXPECT_EQ(printable("\xc3"), "\\xc3");                    // truncated
  EXPECT_EQ(printable("\xc0\xaf"), "\\xc0\\xaf");           // overlong
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");  // a surrogate
  EXPECT_EQ(printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
}

TEST(Utf8, InvalidBytesAreReplaced) {
  EXPECT_EQ(valid_utf8("a\xff"
                       "b"),
            "a\xef\xbf\xbd"
            "b");
  EXPECT_EQ(valid_utf8("µ"), "µ");
}

TEST(Utf8, WidthIsThatOfATerminal) {
  EXPECT_EQ(display_width("µs"), 2u);
  EXPECT_EQ(display_width("管道"), 4u);
  EXPECT_EQ(display_width("e\u0301"), 1u);
  EXPECT_EQ(display_width("×—"), 2u);
  EXPECT_EQ(display_width("⏰⚡🦀"), 6u);              // emoji, as East Asian Width has them
  EXPECT_EQ(display_width("\u05bf\u0670\u3099"), 0u);  // nonspacing marks of any script
  EXPECT_EQ(display_width("\u0915\u093e"), 2u);        // a spacing mark
  EXPECT_EQ(display_width("\xff"), 1u);
  EXPECT_EQ(display_width("\x1b\n"), 0u);
  EXPECT_EQ(display_width(""), 0u);
}

}  // namespace
}  // namespace ipcbench
