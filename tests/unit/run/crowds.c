/* By itself, since the fields of people have the names of those of records. */
#include "tests/unit/run/crowds.h"

#include "engine/person/model.h"

void people_crowd(struct PersonModel *model, double cap, double crowd)
{
    model->limits.block_cap = cap;
    model->limits.crowd = crowd;
}
