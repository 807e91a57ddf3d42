#pragma once

#include <concepts>
#include <cstdint>
#include <type_traits>

// Maps members to keys once, for the writer and the reader alike, so that they can't disagree. An archive A offers:
//
//   a("key", member)           any member type
//   a.object("key", f)         f(archive of the nested object)
//   a.word("key", s)           a string that is an id or made of known words: bounded
//   a.text_or_null("key", s)   null for an empty string
//   a.reason(s)                "reason", left out if empty
//   a.added("key", member)     a key that files of earlier builds lack
//   a.added_object("key", is_there, f)   likewise an object, written only if it is there
//   a.if_any("key", optional)  a key that is left out if there is no value
//   a.unless_empty("key", member)   a list or a text that is left out if it is empty
//   a.form()                   what of a result the document holds

namespace ipcbench::json {

inline constexpr int kSchemaVersion = 1;  // of all schemas, until one of them changes

enum class Form : std::uint8_t {
  full,
  outline,  // a journal's header: nothing that follows from launches
  summary,  // launches are reduced to their figures: results/figures/summary_form.h
};

template <class T, class U>
concept Like = std::same_as<std::remove_const_t<T>, U>;

}  // namespace ipcbench::json
