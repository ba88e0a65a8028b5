/*
 * Evidence: a list of typed terms, each worth so many bits (log2 of a likelihood ratio). What
 * matched and what it is worth are two things; this holds both, is stored once, and has the one
 * renderer by which tables, CSV, HTML and explanations show it, so that they cannot disagree.
 * An Evidence owns its terms and their strings.
 */
#ifndef CROSSTRACE_BASE_EVIDENCE_H
#define CROSSTRACE_BASE_EVIDENCE_H

#include "engine/base/text.h"

typedef struct {
    char *family;   /* what is capped together: serial, make, purchase, prior ... */
    char *field;    /* what was compared: serial, make, dob, I1 ... */
    char *level;    /* how it compares: S2, equal, alias, differs, hit ... */
    char *left;     /* value on the left side, or NULL */
    char *right;    /* value on the right side, or NULL */
    double bits;    /* what the term says by itself */
    double counted; /* what was counted after caps; equal to bits when nothing was capped */
} Term;

typedef struct {
    GPtrArray *terms; /* of Term */
} Evidence;

Evidence *evidence_new(void);
void evidence_free(Evidence *evidence);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Evidence, evidence_free)

/* Adds a term (strings are copied; left and right may be NULL) and returns it. */
Term *evidence_add(Evidence *evidence, const char *family, const char *field, const char *level,
                   const char *left, const char *right, double bits);

/* Terms in the order in which they were added; index below the count; owned by the evidence. */
guint evidence_count(const Evidence *evidence);
const Term *evidence_term(const Evidence *evidence, guint index);

/* Sum of the counted bits. */
double evidence_bits(const Evidence *evidence);

/* Limits the counted bits of a family to at most cap (positive sum scaled down in term order). */
void evidence_cap(Evidence *evidence, const char *family, double cap);

/* Probability of a log-odds in bits: 1 / (1 + 2^-bits). */
double bits_to_probability(double bits);
double probability_to_bits(double probability); /* of 0 < p < 1, clamped to +-60 */

/* What one term says, and what a cap left of it: "I2 hit x2 'bought ...' (capped, alone 4.0)". */
char *evidence_term_text(const Term *term, Lang lang);
/* A field, level or value in the reader's language where it is one of the program's own words, else
 * as it is; "" for NULL; g_free. */
char *evidence_word(const char *word, Lang lang);
/* One line: "serial S2 'HAA1234' ~ 'HAA1Z34' +14.2; make equal 'SMITH & WESSON' +2.1; ..." */
char *evidence_line(const Evidence *evidence, Lang lang);
/* The same with so many terms that count most, and what the others come to. */
char *evidence_brief(const Evidence *evidence, guint most, Lang lang);
/* A waterfall, one term a line, with a running sum and what was capped. */
char *evidence_waterfall(const Evidence *evidence, Lang lang);

#endif
