# cmake -DSTYLE=… -DSCRIPT=… -DOUTPUT=… -P write_page_hashes.cmake
file(SHA256 ${STYLE} style)
file(SHA256 ${SCRIPT} script)
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT "#pragma once

#define IPCBENCH_PAGE_STYLE_SHA256 \"${style}\"
#define IPCBENCH_PAGE_SCRIPT_SHA256 \"${script}\"
")
