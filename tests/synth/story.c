/*
 * Narratives: an opening, a sentence for every marker that is to be said, perhaps a trap, a
 * closing. What is said is exactly what the truth file states.
 */
#include "tests/synth/synth.h"

static void sentence_add(GString *text, const Phrase *phrase, gboolean french)
{
    const char *words = french ? phrase->fr : phrase->en;
    if (*words == '\0')
        return;
    if (text->len > 0)
        g_string_append_c(text, ' ');
    g_string_append(text, words);
}

/* A phrase that says some of what is still to be said and nothing else; NULL when there is none. */
static const Phrase *phrase_for(Rng *rng, guint open, guint allowed)
{
    guint start = (guint)rng_below(rng, MARKER_PHRASE_COUNT);
    for (guint i = 0; i < MARKER_PHRASE_COUNT; i++) {
        const Phrase *phrase = &MARKER_PHRASES[(start + i) % MARKER_PHRASE_COUNT];
        if ((phrase->say & open) != 0 && (phrase->say & ~allowed) == 0)
            return phrase;
    }
    return NULL;
}

/* A trap must not contradict what the narrative says, so it stays away from real markers. */
static void trap_add(GString *text, Rng *rng, guint say, gboolean french)
{
    if (say == 0)
        sentence_add(text, &TRAP_PHRASES[rng_below(rng, TRAP_PHRASE_COUNT)], french);
}

guint story_write(GString *text, Rng *rng, guint say, gboolean french, double traps)
{
    guint open = say, said = 0;
    g_string_truncate(text, 0);
    sentence_add(text, &OPENINGS[rng_below(rng, OPENING_COUNT)], french);
    while (open != 0) {
        const Phrase *phrase = phrase_for(rng, open, say);
        if (phrase == NULL)
            break;
        sentence_add(text, phrase, french);
        said |= phrase->say;
        open &= ~phrase->say;
    }
    if (rng_chance(rng, traps))
        trap_add(text, rng, say, french);
    sentence_add(text, &CLOSINGS[rng_below(rng, CLOSING_COUNT)], french);
    return said;
}
