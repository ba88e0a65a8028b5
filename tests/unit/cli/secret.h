/*
 * A file of traces beside world.h: T20230000003, of a confidential source, is of the same buyer and
 * firearm as T20240000001 and has the smallest reference of all, so that groups and persons are
 * named by it; T20240000001 comes again with another day of purchase. Synthetic.
 */
#ifndef TESTS_UNIT_CLI_SECRET_H
#define TESTS_UNIT_CLI_SECRET_H

#define SECRET_KEY "T20230000003"

#define SECRET_TRACES                                                                              \
    "trace_number,request_date,serial_number,manufacturer,model,caliber,firearm_type,"             \
    "purchase_date,purchaser_last,purchaser_first,purchaser_dob,purchaser_street,"                 \
    "purchaser_city,purchaser_state,purchaser_zip,ffl_number,ffl_name,ffl_city,ffl_state,"         \
    "multiple_sale,disposition,remarks,confidential_source\n" SECRET_KEY                           \
    ",06/03/2024,HAA1234,SMITH & WESSON,M&P9,9MM,PISTOL,03/04/2024,QUARRELL,"                      \
    "Dorian,05/17/1991,18 Elm St,Toledo,OH,43604,2-31-095-01-5C-04711,LAKE ARMS,Toledo,OH,Y,"      \
    "TP,SYNTHETIC,Y\n"                                                                             \
    "T20240000001,06/03/2024,HAA1234,SMITH & WESSON,M&P9,9MM,PISTOL,03/06/2024,QUARRELL,"          \
    "Dorian,05/17/1991,18 Elm St,Toledo,OH,43604,2-31-095-01-5C-04711,LAKE ARMS,Toledo,OH,Y,"      \
    "TP,SYNTHETIC,\n"

#endif
