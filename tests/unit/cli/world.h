/* A tiny synthetic world as CSV: one straw purchaser's pistol, bought and soon seized. */
#ifndef TESTS_UNIT_CLI_WORLD_H
#define TESTS_UNIT_CLI_WORLD_H

#define WORLD_TRACES                                                                               \
    "trace_number,request_date,serial_number,manufacturer,model,caliber,firearm_type,"             \
    "purchase_date,purchaser_last,purchaser_first,purchaser_dob,purchaser_street,"                 \
    "purchaser_city,purchaser_state,purchaser_zip,ffl_number,ffl_name,ffl_city,ffl_state,"         \
    "multiple_sale,disposition,remarks\n"                                                          \
    "T20240000001,06/03/2024,HAA1234,SMITH & WESSON,M&P9,9MM,PISTOL,03/04/2024,QUARRELL,"          \
    "Dorian,05/17/1991,18 Elm St,Toledo,OH,43604,2-31-095-01-5C-04711,LAKE ARMS,Toledo,OH,Y,"      \
    "TP,SYNTHETIC\n"                                                                               \
    "T20240000002,06/03/2024,HAA1235,SMITH & WESSON,M&P9,9MM,PISTOL,03/05/2024,QUARRELL,"          \
    "Dorian,05/17/1991,18 Elm St,Toledo,OH,43604,2-31-095-01-5C-04711,LAKE ARMS,Toledo,OH,Y,"      \
    "TP,SYNTHETIC\n"

#define WORLD_SEIZURE_HEADER                                                                       \
    "seizure_no,item_no,seizure_date,office_code,office_name,mode,declared,commodity,"             \
    "firearm_type,make,model,calibre,serial_number,serial_condition,narrative\n"

#define WORLD_SEIZURES                                                                             \
    WORLD_SEIZURE_HEADER                                                                           \
    "4531-24-0001,1,2024-05-20,0453,Windsor - Ambassador Bridge,HIGHWAY,UNDECLARED,FIREARM,"       \
    "PISTOL,S&W,M&P9,9 mm,HAA1234,INTACT,SYNTHETIC\n"                                              \
    "4531-24-0001,2,2024-05-20,0453,Windsor - Ambassador Bridge,HIGHWAY,UNDECLARED,FIREARM,"       \
    "PISTOL,S&W,M&P9,9 mm,HAA1235,INTACT,SYNTHETIC\n"

#endif
