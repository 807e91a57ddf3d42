#pragma once

#ifndef __has_feature
#define __has_feature(x) 0  // g++
#endif

namespace ipcbench {

// Whether this build runs under the thread sanitizer; under it, the address or the memory sanitizer.
#if defined(__SANITIZE_THREAD__) || __has_feature(thread_sanitizer)
inline constexpr bool kThreadSanitized = true;
#else
inline constexpr bool kThreadSanitized = false;
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = kThreadSanitized;
#endif

}  // namespace ipcbench
