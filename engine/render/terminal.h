/*
 * Manners on a terminal: colour, and a pager for what is longer than the screen. Neither where
 * standard output is anything else. Private to engine/render.
 */
#ifndef CROSSTRACE_RENDER_TERMINAL_H
#define CROSSTRACE_RENDER_TERMINAL_H

#include <glib.h>
#include <signal.h>

/* May what goes to it be coloured? Not with NO_COLOR set, nor where TERM says that it can not. */
gboolean terminal_has_colour(int fd);

/* A program that shows a text by the screen, and where it reads it. */
typedef struct {
    GPid pid;
    int pipe;
    struct sigaction interrupt, quit; /* what those signals did before */
} Pager;

/* $PAGER, else less, for a text on a terminal of which this is the beginning; FALSE when it fits on
 * the screen, none is wanted (an empty $PAGER) or there, or nobody is there to press its keys.
 * From then on, until its end, the pager answers to the keys of the terminal, also to those that
 * interrupt. */
gboolean pager_start(Pager *pager, int terminal, const GString *text);
/* Waits until the reader has seen enough. */
void pager_end(Pager *pager);

#endif
