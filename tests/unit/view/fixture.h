/* The views of a small store that tells a story, for tests of what copies of them show. */
#ifndef TESTS_UNIT_VIEW_FIXTURE_H
#define TESTS_UNIT_VIEW_FIXTURE_H

#include "engine/view/view.h"
#include "tests/unit/store/story.h"

static Views *views;

static void up_views(void)
{
    up();
    views = views_new(store);
}

static void down_views(void)
{
    views_free(views);
    down();
}

#endif
