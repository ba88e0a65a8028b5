/*
 * The style sheet of all pages, in the program. The Makefile knows that this file depends on it.
 */
#include "engine/render/page.h"

#include "engine/base/embed.h"

EMBED(page_css, "engine/render/page.css");
