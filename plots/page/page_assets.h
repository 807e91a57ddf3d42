#pragma once

#include <string_view>

// Holds the parts of a report's page that don't depend on a result, compiled in from plots/html/.

namespace ipcbench {

std::string_view page_template() noexcept;  // page.html, with slots <!--name-->
std::string_view page_style() noexcept;     // page.css
// The charts' program, bundled with its libraries, and their licences. Both are "" in a build without it.
std::string_view page_script() noexcept;
std::string_view page_script_licences() noexcept;
// Says why there is no script; "" if there is one.
std::string_view page_script_missing() noexcept;

// Return "sha256-…" of the style and of the script, for the page's content security policy.
std::string page_style_hash();
std::string page_script_hash();

}  // namespace ipcbench
