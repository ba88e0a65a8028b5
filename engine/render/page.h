/* page.css and page.js, in the program as they are. Private to engine/render. */
#ifndef CROSSTRACE_RENDER_PAGE_H
#define CROSSTRACE_RENDER_PAGE_H

extern const char page_css[], page_js[];

#endif
