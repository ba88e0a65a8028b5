/*
 * Files whose pages are gone while they are read where they lie.
 */
#ifndef CROSSTRACE_CLI_LOST_H
#define CROSSTRACE_CLI_LOST_H

/* From here on the program that touches such a page ends with STATUS_IO and a line that names the
 * file, instead of dying of a signal; the next opening of a store undoes what was not committed. */
void lost_pages_tell(void);

#endif
