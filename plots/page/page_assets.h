#pragma once

#include <string_view>

// The parts of a report's page that don't depend on a result, from plots/html/, as this build holds them.

namespace ipcbench {

std::string_view page_template() noexcept;  // page.html, with slots <!--name-->
std::string_view page_style() noexcept;     // page.css
// The charts' program with the libraries that it is made of, and their licences. Both "" in a build without it.
std::string_view page_script() noexcept;
std::string_view page_script_licences() noexcept;
// Why there is no script; "" where there is one.
std::string_view page_script_missing() noexcept;

// For the page's content security policy: "sha256-…" of exactly that style and script.
std::string page_style_hash();
std::string page_script_hash();

}  // namespace ipcbench
