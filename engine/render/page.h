/* page.css, in the program as it is. Private to engine/render. */
#ifndef CROSSTRACE_RENDER_PAGE_H
#define CROSSTRACE_RENDER_PAGE_H

extern const char page_css[];

#endif
