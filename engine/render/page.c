/*
 * Style sheet and script of the HTML report: put into the program by the assembler, so that they
 * can be read and edited as what they are. The Makefile knows that this file depends on them.
 */
#include "engine/render/page.h"

#define EMBED(name, path)                                                                          \
    __asm__(".pushsection .rodata\n.global " #name "\n.hidden " #name "\n" #name                   \
            ":\n.incbin \"" path "\"\n.byte 0\n.popsection\n")

EMBED(page_css, "engine/render/page.css");
EMBED(page_js, "engine/render/page.js");
