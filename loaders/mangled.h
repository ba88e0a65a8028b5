/*
 * Text that a program on the way here spoiled: letters of UTF-8 that were read as Windows-1252 and
 * written as UTF-8 once more, and characters that a page of HTML writes as names.
 */
#ifndef CROSSTRACE_LOADERS_MANGLED_H
#define CROSSTRACE_LOADERS_MANGLED_H

#include <glib.h>

/* Could anything of so many bytes, zeros among them, be mangled? Most rows are ASCII without '&'.
 */
gboolean mangled_may_be(const char *bytes, gsize length);

/* Mends valid UTF-8 in place, which never grows: "QuÃ©bec" -> "Québec", "SMITH &amp; WESSON" ->
 * "SMITH & WESSON". What could be text as it should be stays: "JOÃO", "DÉCLARÉ »", "H&R". */
void mangled_mend(char *text);

#endif
