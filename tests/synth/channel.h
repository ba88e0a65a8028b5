/*
 * The error channel of the synthetic world as data: how often what is written differs from what
 * is, at errors = 1 (easy; normal is 3 times, hard 8 times). The generator draws by these numbers
 * and tests/eval's ideal observer reasons by them, so they stand here once.
 */
#ifndef CROSSTRACE_SYNTH_CHANNEL_H
#define CROSSTRACE_SYNTH_CHANNEL_H

/* Serial numbers: name, rate. In this order one is drawn; the rest is written without error. */
#define SERIAL_DAMAGES(X)                                                                          \
    X(confusion, 0.030)                                                                            \
    X(confusion2, 0.006)                                                                           \
    X(substitution, 0.006)                                                                         \
    X(transposition, 0.008)                                                                        \
    X(dropped, 0.006)                                                                              \
    X(added, 0.003)                                                                                \
    X(prefix, 0.015)                                                                               \
    X(spacing, 0.020)                                                                              \
    X(alternatives, 0.006)                                                                         \
    X(unknowns, 0.010)
#define SERIAL_DAMAGE_MOST 0.09 /* no kind is more frequent, whatever the difficulty */

/* Before any of these: the model in its place, a word in its place, a part of it. */
#define SERIAL_IS_MODEL 0.004
#define SERIAL_IS_WORD  0.003
#define SERIAL_IS_PART  0.012

#define SERIAL_CONFUSED                                                                            \
    {                                                                                              \
        "0O", "1I", "5S", "2Z", "8B", "6G", "0D", "1L", "4A", "7 1", "38", "UV", "MN", "EF", "CG", \
            "0Q"                                                                                   \
    }
#define SERIAL_CONFUSED_COUNT 16
#define SERIAL_WORDS                                                                               \
    {                                                                                              \
        "UNKNOWN", "UNK", "PENDING", "ILLEGIBLE"                                                   \
    }
#define SERIAL_MARKS "??#_" /* of a character that could not be read */

/* The rest of the firearm's description. */
#define MAKE_VARIES      0.12
#define MAKE_VARIES_MOST 0.6
#define MODEL_BLANK      0.03

/* What there is. Shares of background firearms; units of the makers altogether. */
#define GHOST_SHARE      0.035
#define UNNUMBERED_SHARE 0.008
#define OLD_UNITS        (G_GUINT64_CONSTANT(64) << 20)
#define RECENT_UNITS     (G_GUINT64_CONSTANT(32) << 20)

/* The paper trail. */
#define LINKED_SHARE  0.30 /* of background items whose firearm is traced */
#define TRACE_NAMED   0.20 /* by the seizure of a traced firearm */
#define SEIZURE_NAMED 0.12 /* by the trace of a seized firearm */

#endif
