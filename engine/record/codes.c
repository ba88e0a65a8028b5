/*
 * Codes that the program acts on: what holds of which. Lists only; nothing is decided here.
 */
#include "engine/record/codes.h"

static gboolean is_among(const char *const *codes, const char *code)
{
    return code != NULL && g_strv_contains(codes, code);
}

gboolean event_is_seizure(const char *event_type)
{
    return g_strcmp0(event_type, "SEIZED") == 0;
}

gboolean event_is_find(const char *event_type)
{
    return event_is_seizure(event_type) || g_strcmp0(event_type, "RECOVERED") == 0;
}

gboolean event_is_report(const char *event_type)
{
    return g_strcmp0(event_type, "STOLEN") == 0 || g_strcmp0(event_type, "LOST") == 0;
}

gboolean disposition_is_theft(const char *disposition)
{
    return g_strcmp0(disposition, "STL") == 0;
}

gboolean type_is_handgun(const char *firearm_type)
{
    static const char *const handguns[] = {"PISTOL_SEMI", "REVOLVER", "DERRINGER", NULL};
    return is_among(handguns, firearm_type);
}

gboolean commodity_is_part(const char *commodity)
{
    static const char *const traced[] = {"FIREARM", "FRAME_RECEIVER", "SILENCER", NULL};
    return commodity != NULL && !is_among(traced, commodity);
}
