/*
 * What a term of a link's evidence says, in words that a court can read: rules/tables/terms.csv
 * has a line for each field, and for each level of a field ("dates:young") or of any (":equal").
 */
#ifndef CROSSTRACE_BASE_TERMS_H
#define CROSSTRACE_BASE_TERMS_H

#include "engine/base/evidence.h"

typedef struct Terms Terms;

/* STATUS_CONFIG. */
Terms *terms_load(const char *rules_dir, GError **error);
void terms_free(Terms *terms);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Terms, terms_free)

/* "maker: the same ('GLOCK'), +3.1; ..."; what the table does not have stays as it is; g_free. */
char *terms_line(const Terms *terms, const Evidence *evidence, Lang lang);

#endif
