/*
 * How memory is given back.
 */
#ifndef CROSSTRACE_BASE_MEMORY_H
#define CROSSTRACE_BASE_MEMORY_H

/* Tables of a megabyte and more go back to the system when they are freed, in this process and from
 * now on. Where the C library knows no such thing, nothing happens. */
void memory_give_back(void);
/* So does what was freed in small pieces, as far as whole pages are free: after a stage that made
 * very many of them. */
void memory_trim(void);

#endif
