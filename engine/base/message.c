/*
 * The message catalogue: messages.def turned into one table of both languages. Language is always
 * an argument; there is no current language.
 */
#include "engine/base/message.h"

static const char *const TEXTS[MSG_COUNT][2] = {
#define MESSAGE(id, en, fr) {en, fr},
#include "engine/base/messages.def"
#undef MESSAGE
};

const char *message(MessageId id, Lang lang)
{
    return TEXTS[id][lang == LANG_FR];
}

char *message_format(MessageId id, Lang lang, ...)
{
    va_list args;
    char *text;

    va_start(args, lang);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    text = g_strdup_vprintf(message(id, lang), args); /* both texts held to one signature by test */
#pragma GCC diagnostic pop
    va_end(args);
    return text;
}

char *message_decimal(char *number, Lang lang)
{
    return lang == LANG_FR ? g_strdelimit(number, ".", ',') : number;
}

char *message_number(double value, int decimals, Lang lang)
{
    return message_decimal(text_number(value, decimals), lang);
}

char *message_probability(double value, Lang lang)
{
    return message_decimal(text_probability(value), lang);
}

gboolean lang_parse(const char *word, Lang *lang)
{
    static const char *const WORDS[] = {"en", "fr"};

    for (guint i = 0; word && i < G_N_ELEMENTS(WORDS); i++)
        if (g_ascii_strcasecmp(word, WORDS[i]) == 0) {
            *lang = (Lang)i;
            return TRUE;
        }
    return FALSE;
}
