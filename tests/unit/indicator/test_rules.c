/*
 * The rule set by itself: every rule file is read, prepares, has its examples and its recorded
 * revision; and each rule's SQL fires and stays silent on worlds that differ in the one point.
 */
#include "tests/unit/indicator/world.h"

#define PISTOL " firearm_type=PISTOL_SEMI"
#define RIFLE  " firearm_type=RIFLE calibre=223/556"
/* Sold and recovered in 2016 by one dealer; sold in a county, recovered in a province. */
#define FAST(n) "atf-trace:" n " purchase_date=2016-01-05 event_date=2016-06-01 rds_key=X\n"
#define MOVED(n, state, region)                                                                    \
    "atf-trace:" n " purchase_date=2023-01-01 ffl_number=2-74-113-01-5K-12345 ffl_state=" state    \
    " event_region=" region SEEN "\n"
#define SEEN " event_date=2023-09-01 event_country=CAN"

typedef struct {
    const char *rule, *world, *hits;
} RuleCase;

static const RuleCase cases[] = {
    {"I1",
     "atf-trace:1 purchase_date=2023-01-01 event_date=2023-04-01 purchaser=P\n"
     "atf-trace:2 purchase_date=2023-01-01 event_date=2023-04-02 purchaser=P2\n"
     "atf-trace:3 purchase_date=2020-01-01 event_date=2022-12-31 purchaser=P3\n"
     "atf-trace:4 purchase_date=2020-01-01 event_date=2023-01-01 purchaser=P4\n"
     "atf-trace:5 purchase_date=2023-01-01 event_date=2023-02-01 disposition=TD purchaser=P5",
     "atf-trace:1 atf-trace:1 1.8\natf-trace:2 atf-trace:2 1.7\natf-trace:3 atf-trace:3 0.2\n"},
    /* Friday to Thursday is five business days; Thursday to Friday week six, for one is a holiday
     */
    {"I2",
     "atf-trace:1 purchase_date=2023-01-06 rds_key=27412345 purchaser=P" PISTOL "\n"
     "atf-trace:2 purchase_date=2023-01-12 rds_key=27412345 purchaser=P" PISTOL "\n"
     "atf-trace:3 purchase_date=2023-01-20 rds_key=27412345 purchaser=P" PISTOL "\n"
     "atf-trace:4 purchase_date=2023-01-13 rds_key=27499999 purchaser=P" PISTOL "\n"
     "atf-trace:5 purchase_date=2023-01-06 rds_key=27412345 purchaser=Q" PISTOL,
     "P atf-trace:1 3.5\nP atf-trace:2 3.5\n"},
    {"I2",
     "atf-trace:1 purchase_date=2023-01-06 rds_key=27412345 purchaser=P firearm_type=RIFLE\n"
     "atf-trace:2 purchase_date=2023-01-06 rds_key=27412345 purchaser=P" PISTOL "\n"
     "atf-trace:3 purchase_date=2023-01-09 rds_key=27412345 purchaser=P" PISTOL
     " firearm=atf-trace:2\n"
     "atf-trace:4 purchase_date=2023-05-09 rds_key=27412345 purchaser=Q multiple_sale=Y" PISTOL
     "\natf-trace:5 purchase_date=2023-05-09 multiple_sale=Y" PISTOL,
     "Q atf-trace:4 2.0\natf-trace:5 atf-trace:5 2.0\n"},
    {"I2b",
     "atf-trace:1 purchase_date=2023-01-06 rds_key=27412345 purchaser=P" PISTOL "\n"
     "atf-trace:2 purchase_date=2023-01-12 rds_key=27412346 purchaser=P" PISTOL "\n"
     "atf-trace:3 purchase_date=2023-02-06 rds_key=27412345 purchaser=P" PISTOL "\n"
     "atf-trace:4 purchase_date=2023-02-06 rds_key=27412345 purchaser=P" PISTOL,
     "P atf-trace:1 4.0\nP atf-trace:2 4.0\n"},
    {"I3",
     "atf-trace:1 purchase_date=2015-01-06 purchaser=P" SEEN "\n"
     "atf-trace:2 purchase_date=2022-01-06 purchaser=P possessor=X" SEEN "\n"
     "atf-trace:3 purchase_date=2022-01-06 purchaser=P firearm=atf-trace:2" SEEN "\n"
     "atf-trace:4 purchase_date=2022-01-06 purchaser=Q" SEEN "\n"
     "atf-trace:5 purchase_date=2022-01-06 purchaser=Q possessor=Q" SEEN "\n"
     "atf-trace:6 purchase_date=2022-01-06 purchaser=R" SEEN "\n"
     "atf-trace:7 purchase_date=2022-01-06 purchaser=R",
     "P atf-trace:1 1.0\nP atf-trace:2 1.0\nP atf-trace:3 1.0\n"},
    {"I3",
     "atf-trace:1 purchase_date=2020-01-06 purchaser=P" SEEN "\n"
     "atf-trace:2 purchase_date=2021-01-06 purchaser=P" SEEN "\n"
     "atf-trace:3 purchase_date=2022-01-06 purchaser=P" SEEN "\n"
     "atf-trace:4 purchase_date=2010-01-06 purchaser=Q" SEEN "\n"
     "atf-trace:5 purchase_date=2016-01-06 purchaser=Q" SEEN "\n"
     "atf-trace:6 purchase_date=2022-01-06 purchaser=Q" SEEN,
     "P atf-trace:1 3.5\nP atf-trace:2 3.5\nP atf-trace:3 3.5\n"
     "Q atf-trace:4 1.0\nQ atf-trace:5 1.0\nQ atf-trace:6 1.0\n"},
    /* one of two guns was seized from its own buyer */
    {"I3",
     "cbsa-seizure:S1/1 event_date=2023-02-01 traveller=P firearm=atf-trace:1\n"
     "atf-trace:1 purchase_date=2020-01-06 purchaser=P firearm=atf-trace:1" SEEN "\n"
     "atf-trace:2 purchase_date=2021-01-06 purchaser=P" SEEN,
     ""},
    {"I6",
     "atf-trace:1 purchase_date=2023-01-06 purchaser=P possessor=X" SEEN "\n"
     "atf-trace:2 purchase_date=2023-01-06 purchaser=P possessor=P" SEEN "\n"
     "atf-trace:3 purchase_date=2023-01-06 purchaser=P" SEEN "\n"
     "atf-trace:4 purchase_date=2023-01-06 purchaser=P possessor=X associate=P" SEEN "\n"
     "atf-trace:5 purchase_date=2010-01-06 purchaser=P possessor=X" SEEN,
     "atf-trace:1 atf-trace:1 0.7\n"},
    {"I9",
     "atf-trace:1 serial_number=x serial_kind=OBLITERATED" SEEN "\n"
     "atf-trace:2 serial_number=x serial_kind=FULL" SEEN "\n"
     "atf-trace:3 serial_number=x serial_kind=FULL marker=OBLITERATED" SEEN "\n"
     "atf-trace:4 serial_number=x serial_kind=UNKNOWN" SEEN "\n"
     "cbsa-seizure:S1/1 serial_kind=RESTORED firearm=atf-trace:2" SEEN,
     "atf-trace:1 atf-trace:1 1.5\natf-trace:2 cbsa-seizure:S1/1 1.5\n"
     "atf-trace:3 atf-trace:3 1.5\n"},
    {"I10",
     "atf-trace:1 purchase_date=2023-01-06 rds_key=27412345 purchaser=P agency_case_no=A1" SEEN
     "\natf-trace:2 purchase_date=2022-01-06 rds_key=27412345 purchaser=Q agency_case_no=A1" SEEN
     "\natf-trace:3 purchase_date=2023-01-06 rds_key=27412345 purchaser=P agency_case_no=A2" SEEN
     "\natf-trace:4 purchase_date=2022-01-06 rds_key=27412345 purchaser=P agency_case_no=A2" SEEN
     "\natf-trace:5 purchase_date=2023-01-06 rds_key=27412345 purchaser=P agency_case_no=A3" SEEN
     "\natf-trace:6 purchase_date=2022-01-06 rds_key=27412346 purchaser=Q agency_case_no=A3" SEEN,
     "A1 27412345 atf-trace:1 3.0\nA1 27412345 atf-trace:2 3.0\n"},
    {"I11",
     "atf-trace:1 serial_canonical=ABC123 make=GLOCK model=19 rds_key=27412345 purchaser=P" SEEN
     "\natf-trace:2 serial_canonical=ABC133 make=GLOCK model=19 rds_key=27412345 purchaser=Q" SEEN
     "\natf-trace:3 serial_canonical=ABC144 make=GLOCK model=19 rds_key=27412345 purchaser=R" SEEN
     "\natf-trace:4 serial_canonical=ABC145 make=GLOCK model=19 rds_key=27412346 purchaser=P" SEEN
     "\natf-trace:5 serial_canonical=ABC145 make=GLOCK model=17 rds_key=27412345 purchaser=P" SEEN
     "\natf-trace:6 serial_canonical=ABD145 make=GLOCK model=19 rds_key=27412345 purchaser=P" SEEN
     "\natf-trace:7 serial_canonical=ABD146 make=GLOCK model=19 rds_key=27412345 purchaser=P" SEEN,
     "dealer 27412345 GLOCK ABC# atf-trace:1 3.0\ndealer 27412345 GLOCK ABC# atf-trace:2 3.0\n"},
    {"I11", /* one buyer, recovered apart; two dealers, one case */
     "atf-trace:1 serial_canonical=ABC123 make=GLOCK model=19 rds_key=27412345 purchaser=P"
     " purchase_date=2023-01-01 event_date=2023-05-01\n"
     "atf-trace:2 serial_canonical=ABC124 make=GLOCK model=19 rds_key=27412345 purchaser=P"
     " purchase_date=2023-01-01 event_date=2023-06-01\n"
     "atf-trace:3 serial_canonical=XYZ7 make=GLOCK model=19 rds_key=27412345 purchaser=P"
     " purchase_date=2023-01-01 event_date=2023-05-01 agency_case_no=A1\n"
     "atf-trace:4 serial_canonical=XYZ9 make=GLOCK model=19 rds_key=27412346 purchaser=Q"
     " purchase_date=2023-01-01 event_date=2023-05-01 agency_case_no=A1\n",
     "case A1 GLOCK XYZ# atf-trace:3 3.0\ncase A1 GLOCK XYZ# atf-trace:4 3.0\n"
     "dealer 27412345 GLOCK ABC# atf-trace:1 3.0\ndealer 27412345 GLOCK ABC# atf-trace:2 3.0\n"},
    {"I14",
     "cbsa-seizure:S1/1 seizure_no=S1 event_date=2023-02-01 traveller=P\n"
     "atf-trace:1 purchaser=P" SEEN "\natf-trace:2 possessor=P" SEEN "\n"
     "cbsa-seizure:S2/1 seizure_no=S2 event_date=2023-02-01 shipper=Q\n"
     "atf-trace:3 associate2=Q" SEEN "\n"
     "cbsa-seizure:S3/1 seizure_no=S3 event_date=2023-02-01 consignee=R org=yes\n"
     "atf-trace:4 purchaser=R org=yes" SEEN "\n"
     "cbsa-seizure:S4/1 seizure_no=S4 event_date=2023-02-01 traveller=T probability=0.7\n"
     "atf-trace:5 purchaser=T probability=0.7" SEEN,
     "P atf-trace:1 3.5\nP atf-trace:2 3.5\nP cbsa-seizure:S1/1 3.5\n"
     "Q atf-trace:3 2.0\nQ cbsa-seizure:S2/1 2.0\n"},
    {"I14", /* two of each, which weigh the same */
     "cbsa-seizure:S2/1 seizure_no=S2 event_date=2023-03-01 traveller=P\n"
     "cbsa-seizure:S1/1 seizure_no=S1 event_date=2023-02-01 traveller=P\n"
     "atf-trace:2 purchaser=P" SEEN "\natf-trace:1 purchaser=P" SEEN,
     "P atf-trace:1 3.5\nP atf-trace:2 3.5\nP cbsa-seizure:S1/1 3.5\n"
     "P cbsa-seizure:S2/1 3.5\n"},
    {"I14", /* his own gun, two of his own, and a trace of the seizure that was not linked */
     "cbsa-seizure:S1/1 seizure_no=S1 event_date=2023-02-01 traveller=P firearm=atf-trace:1\n"
     "atf-trace:1 purchaser=P firearm=atf-trace:1" SEEN "\n"
     "cbsa-seizure:S1/2 seizure_no=S1 event_date=2023-02-01 traveller=P firearm=atf-trace:2\n"
     "atf-trace:2 purchaser=P firearm=atf-trace:2" SEEN "\n"
     "cbsa-seizure:S3/1 seizure_no=S3 event_date=2023-02-01 traveller=R\n"
     "atf-trace:3 possessor=R agency_case_no=S3" SEEN,
     ""},
    {"I17",
     "cbsa-seizure:S1/1 seizure_no=S1 event_date=2023-02-01 traveller=X firearm=atf-trace:1\n"
     "atf-trace:1 purchase_date=2022-01-06 purchaser=P firearm=atf-trace:1\n"
     "atf-trace:2 purchase_date=2022-01-06 purchaser=P" SEEN "\n"
     "cbsa-seizure:S3/1 seizure_no=S3 event_date=2023-02-01 traveller=Q firearm=atf-trace:3\n"
     "atf-trace:3 purchase_date=2022-01-06 purchaser=Q firearm=atf-trace:3\n"
     "atf-trace:4 purchase_date=2022-01-06 purchaser=Q" SEEN "\n"
     "cbsa-seizure:S5/1 seizure_no=S5 event_date=2023-02-01 traveller=X firearm=atf-trace:5\n"
     "atf-trace:5 purchase_date=2022-01-06 purchaser=R firearm=atf-trace:5\n"
     "atf-trace:6 purchase_date=2022-01-06 purchaser=R",
     "P atf-trace:1 4.0\nP atf-trace:2 4.0\n"},
    {"I18",
     "cbsa-seizure:S1/1 seizure_no=S1 event_date=2023-02-01 consignee=P marker=PMF_KIT\n"
     "cbsa-seizure:S2/1 seizure_no=S2 event_date=2023-03-01 consignee=P marker=PMF_KIT\n"
     "cbsa-seizure:S3/1 seizure_no=S3 event_date=2023-03-01 consignee=Q marker=PMF_KIT\n"
     "cbsa-seizure:S3/2 seizure_no=S3 event_date=2023-03-01 consignee=Q marker=PMF_KIT\n"
     "cbsa-seizure:S4/1 seizure_no=S4 event_date=2023-03-01 consignee=R address=A marker=PMF\n"
     "cbsa-seizure:S5/1 seizure_no=S5 event_date=2023-03-02 consignee=T address=A marker=PMF\n"
     "cbsa-seizure:S8/1 seizure_no=S8 event_date=2023-03-01 consignee=V address=B marker=PMF\n"
     "cbsa-seizure:S9/1 seizure_no=S9 event_date=2023-03-01 consignee=W address=B marker=PMF\n"
     "cbsa-seizure:S6/1 seizure_no=S6 event_date=2023-03-01 consignee=U\n"
     "cbsa-seizure:S7/1 seizure_no=S7 event_date=2023-03-01 consignee=U marker=PRINTED",
     "A cbsa-seizure:S4/1 3.0\nA cbsa-seizure:S5/1 3.0\n"
     "P cbsa-seizure:S1/1 3.0\nP cbsa-seizure:S2/1 3.0\n"},
    {"I19",
     "cbsa-seizure:S1/1 seizure_no=S1 event_date=2023-02-01 mode=POSTAL commodity=SLIDE"
     " consignee=P\n"
     "cbsa-seizure:S2/1 seizure_no=S2 event_date=2023-03-01 mode=COURIER commodity=BARREL"
     " consignee=P\n"
     "cbsa-seizure:S3/1 seizure_no=S3 event_date=2023-03-01 mode=POSTAL commodity=SLIDE"
     " consignee=Q\n"
     "cbsa-seizure:S3/2 seizure_no=S3 event_date=2023-03-01 mode=POSTAL commodity=BARREL"
     " consignee=Q\n"
     "cbsa-seizure:S4/1 seizure_no=S4 event_date=2023-03-01 mode=HIGHWAY commodity=BARREL"
     " consignee=Q\n"
     "cbsa-seizure:S5/1 seizure_no=S5 event_date=2023-03-01 mode=POSTAL commodity=MAGAZINE"
     " consignee=Q\n"
     "cbsa-seizure:S6/1 seizure_no=S6 event_date=2023-03-01 mode=POSTAL commodity=PARTS"
     " consignee=R address=A\n"
     "atf-trace:1 possessor=T address=A marker=PMF" SEEN,
     "A atf-trace:1 4.0\nA cbsa-seizure:S6/1 4.0\n"
     "P cbsa-seizure:S1/1 2.0\nP cbsa-seizure:S2/1 2.0\n"},
    {"C1",
     "cbsa-seizure:S1/1 seizure_no=S1 event_date=2023-02-01 traveller=P firearm=atf-trace:1\n"
     "atf-trace:1 purchase_date=2010-01-06 purchaser=P firearm=atf-trace:1\n"
     "atf-trace:2 purchase_date=2022-01-06 purchaser=P possessor=P" SEEN "\n"
     "atf-trace:3 purchase_date=2023-01-06 purchaser=P possessor=P" SEEN "\n"
     "atf-trace:4 purchase_date=2010-01-06 purchaser=P possessor=X" SEEN,
     "atf-trace:1 atf-trace:1 -4.0\natf-trace:2 atf-trace:2 -2.0\n"},
    {"C2",
     "atf-trace:1 purchase_date=2018-01-06 purchaser=P" SEEN "\n"
     "atf-trace:2 purchase_date=2001-01-06 purchaser=P" SEEN "\n"
     "atf-trace:3 purchase_date=2021-01-06 purchaser=P" SEEN,
     "atf-trace:1 atf-trace:1 -1.0\natf-trace:2 atf-trace:2 -2.0\n"},
    {"C3",
     "atf-trace:1 purchase_date=2018-01-06 purchaser=P org=yes" SEEN "\n"
     "atf-trace:2 purchase_date=2018-01-06 purchaser=P disposition=GOV" SEEN "\n"
     "atf-trace:3 purchase_date=2018-01-06 purchaser=P" SEEN,
     "atf-trace:1 atf-trace:1 -1.5\natf-trace:2 atf-trace:2 -2.0\n"},
    {"C4",
     "cbsa-seizure:S1/1 declared=DECLARED mode=HIGHWAY event_date=2023-02-01\n"
     "cbsa-seizure:S2/1 declared=UNDECLARED mode=HIGHWAY event_date=2023-02-01\n"
     "cbsa-seizure:S3/1 declared=DECLARED mode=POSTAL event_date=2023-02-01",
     "cbsa-seizure:S1/1 cbsa-seizure:S1/1 -2.0\n"},
    /* six business days, another state, a rimfire */
    {"I2c",
     "atf-trace:1 purchase_date=2023-01-09 rds_key=27412345 ffl_state=TX purchaser=P" RIFLE "\n"
     "atf-trace:2 purchase_date=2023-01-13 rds_key=27412345 ffl_state=TX purchaser=P" RIFLE "\n"
     "atf-trace:3 purchase_date=2023-03-06 rds_key=27412345 ffl_state=TX purchaser=Q" RIFLE "\n"
     "atf-trace:4 purchase_date=2023-03-13 rds_key=27412345 ffl_state=TX purchaser=Q" RIFLE "\n"
     "atf-trace:5 purchase_date=2023-01-09 rds_key=27412346 ffl_state=OH purchaser=R" RIFLE "\n"
     "atf-trace:6 purchase_date=2023-01-09 rds_key=27412346 ffl_state=OH purchaser=R" RIFLE "\n"
     "atf-trace:7 purchase_date=2023-01-09 rds_key=27412345 ffl_state=TX purchaser=S"
     " firearm_type=RIFLE calibre=22LR\n"
     "atf-trace:8 purchase_date=2023-01-09 rds_key=27412345 ffl_state=TX purchaser=S" RIFLE,
     "P atf-trace:1 2.5\nP atf-trace:2 2.5\n"},
    /* 180 days between the first and the last, 181 */
    {"I4",
     "atf-trace:1 purchase_date=2023-01-01 purchaser=P make=GLOCK model=19\n"
     "atf-trace:2 purchase_date=2023-02-01 purchaser=P make=GLOCK model=19\n"
     "atf-trace:3 purchase_date=2023-06-30 purchaser=P make=GLOCK model=19\n"
     "atf-trace:4 purchase_date=2023-06-30 purchaser=P make=GLOCK model=17\n"
     "atf-trace:5 purchase_date=2023-01-01 purchaser=Q make=GLOCK model=19\n"
     "atf-trace:6 purchase_date=2023-02-01 purchaser=Q make=GLOCK model=19\n"
     "atf-trace:7 purchase_date=2023-07-01 purchaser=Q make=GLOCK model=19\n"
     "atf-trace:8 purchase_date=2023-07-01 purchaser=Q make=GLOCK model=19 firearm=atf-trace:7",
     "P atf-trace:1 3.0\nP atf-trace:2 3.0\nP atf-trace:3 3.0\n"},
    {"I5",
     FAST("1") FAST("2") FAST("3") FAST("4") FAST("5") FAST("6") FAST("7") FAST("8")
         FAST("9") "atf-trace:90 purchase_date=2016-01-05 event_date=2016-06-01 rds_key=Y\n",
     ""},
    {"I5b",
     "atf-trace:1 rds_key=X disposition=TD" SEEN "\natf-trace:2 rds_key=X disposition=STL" SEEN "\n"
     "atf-trace:3 rds_key=Y disposition=TD" SEEN "\natf-trace:4 rds_key=Y disposition=TP" SEEN,
     "X atf-trace:1 0.5\nX atf-trace:2 0.5\n"},
    {"I5c", /* 4 was found at home, 5 before the report, 6 belongs to another theft, 7 was sold */
     "atf-trace:1 rds_key=X disposition=STL" SEEN
     "\nstolen:S1 event_date=2023-01-01 firearm=atf-trace:1\n"
     "atf-trace:2 rds_key=X disposition=STL" SEEN
     "\nstolen:S2 event_date=2023-01-08 firearm=atf-trace:2\n"
     "atf-trace:3 rds_key=X disposition=STL" SEEN
     "\nstolen:S3 event_date=2023-01-15 firearm=atf-trace:3\n"
     "atf-trace:4 rds_key=X disposition=STL event_date=2023-09-01 event_country=USA\n"
     "stolen:S4 event_date=2023-01-01 firearm=atf-trace:4\n"
     "atf-trace:5 rds_key=X disposition=STL event_date=2022-12-31 event_country=CAN\n"
     "stolen:S5 event_date=2023-01-01 firearm=atf-trace:5\n"
     "atf-trace:6 rds_key=X disposition=STL" SEEN
     "\nstolen:S6 event_date=2023-01-23 firearm=atf-trace:6\n"
     "atf-trace:7 rds_key=X disposition=TP" SEEN
     "\nstolen:S7 event_date=2023-01-01 firearm=atf-trace:7",
     "X 2023-01 atf-trace:1 3.0\nX 2023-01 atf-trace:2 3.0\nX 2023-01 atf-trace:3 3.0\n"},
    {"I7",
     "atf-trace:1 purchase_date=2023-01-01 ffl_state=GA event_region=ON purchaser=P" SEEN "\n"
     "atf-trace:2 purchase_date=2023-01-01 ffl_state=OH event_region=ON purchaser=P" SEEN "\n"
     "atf-trace:3 purchase_date=2023-01-01 ffl_state=OH event_region=OH purchaser=P" SEEN "\n"
     "atf-trace:4 purchase_date=2020-01-01 ffl_state=GA event_region=ON purchaser=P" SEEN,
     "atf-trace:1 atf-trace:1 0.3\natf-trace:2 atf-trace:2 0.1\n"},
    {"I8",
     "atf-trace:1 purchase_date=2023-01-01 ffl_state=OH purchaser=P home=MI" PISTOL "\n"
     "atf-trace:2 purchase_date=2023-01-01 ffl_state=OH purchaser=P home=MI" RIFLE "\n"
     "atf-trace:3 purchase_date=2023-01-01 ffl_state=OH purchaser=P home=OH" PISTOL "\n"
     "atf-trace:4 purchase_date=2023-01-01 ffl_state=OH purchaser=P" PISTOL,
     "atf-trace:1 atf-trace:1 0.7\natf-trace:2 atf-trace:2 0.3\n"},
    {"I12",
     "atf-trace:1 purchase_date=2023-01-01 purchaser=P possessor=X multiple_sale=Y" SEEN "\n"
     "atf-trace:2 purchase_date=2023-01-01 purchaser=P possessor=P" SEEN "\n"
     "atf-trace:3 purchase_date=2023-01-01 purchaser=Q possessor=X multiple_sale=Y" SEEN "\n"
     "atf-trace:4 purchase_date=2023-01-01 purchaser=R possessor=X" SEEN "\n"
     "atf-trace:5 purchase_date=2023-01-01 purchaser=T possessor=X associate=T "
     "multiple_sale=Y" SEEN,
     "atf-trace:1 atf-trace:1 1.0\natf-trace:3 atf-trace:3 0.5\n"},
    /* a year apart, a day more */
    {"I13",
     "atf-trace:1 purchase_date=2022-01-01 purchaser=P address=A" SEEN "\n"
     "atf-trace:2 purchase_date=2023-01-01 purchaser=Q address=A" SEEN "\n"
     "atf-trace:3 purchase_date=2022-01-01 purchaser=R address=B" SEEN "\n"
     "atf-trace:4 purchase_date=2023-01-02 purchaser=S address=B" SEEN "\n"
     "atf-trace:5 purchase_date=2023-01-01 purchaser=T address=C" SEEN "\n"
     "atf-trace:6 purchase_date=2023-01-01 purchaser=T address=C" SEEN,
     "address A atf-trace:1 1.0\naddress A atf-trace:2 1.0\n"},
    {"I15",
     "atf-trace:1 purchase_date=2023-01-01 purchaser=P" SEEN "\n"
     "stolen:S1 event_date=2023-09-02 firearm=atf-trace:1\n"
     "atf-trace:2 purchase_date=2023-01-01 purchaser=P" SEEN "\n"
     "stolen:S2 event_date=2023-09-01 firearm=atf-trace:2",
     "atf-trace:1 atf-trace:1 2.5\n"},
    {"I16",
     "atf-trace:1 purchase_date=2023-01-01 purchaser=P ffl_type=02\n"
     "atf-trace:2 purchase_date=2023-01-01 purchaser=P ffl_type=01",
     "atf-trace:1 atf-trace:1 0.3\n"},
    /* one is an associate once; one is a possessor twice */
    {"I20",
     "atf-trace:1 purchase_date=2023-01-01 agency_case_no=C1 purchaser=P associate=X" SEEN "\n"
     "atf-trace:2 purchase_date=2023-01-01 agency_case_no=C2 purchaser=Q possessor=X" SEEN "\n"
     "atf-trace:3 purchase_date=2023-01-01 agency_case_no=C3 purchaser=P possessor=Y" SEEN "\n"
     "atf-trace:4 purchase_date=2023-01-01 agency_case_no=C4 purchaser=Q possessor=Y" SEEN "\n"
     "atf-trace:5 purchase_date=2023-01-01 agency_case_no=C5 purchaser=P associate=Z" SEEN "\n"
     "atf-trace:6 purchase_date=2023-01-01 agency_case_no=C6 purchaser=P associate=Z" SEEN,
     "X atf-trace:1 1.5\nX atf-trace:2 1.5\n"},
    {"I21",
     "atf-trace:1 make=GLOCK disposition=SUS request_date=2023-03-01\n"
     "atf-trace:2 firearm=atf-trace:1" SEEN "\n"
     "atf-trace:3 make=GLOCK disposition=SUS request_date=2023-10-01\n"
     "atf-trace:4 firearm=atf-trace:3" SEEN,
     "atf-trace:1 atf-trace:2 4.0\n"},
    {"I22",
     MOVED("1", "OH", "ON") MOVED("2", "OH", "ON") MOVED("3", "OH", "ON") MOVED("4", "OH", "ON")
         MOVED("5", "OH", "QC") MOVED("6", "MI", "ON"),
     "OH 113 to ON atf-trace:1 1.0\nOH 113 to ON atf-trace:2 1.0\n"
     "OH 113 to ON atf-trace:3 1.0\nOH 113 to ON atf-trace:4 1.0\n"},
    {"C5",
     "atf-trace:1 purchase_date=2023-01-01 purchaser=P" SEEN "\n"
     "stolen:S1 event_date=2023-08-01 firearm=atf-trace:1\n"
     "atf-trace:2 purchase_date=2023-01-01 purchaser=P" SEEN "\n"
     "stolen:S2 event_date=2023-08-02 firearm=atf-trace:2\n"
     "atf-trace:3 purchase_date=2023-01-01 purchaser=P" SEEN "\n"
     "stolen:S3 event_date=2023-09-01 firearm=atf-trace:3",
     "atf-trace:1 atf-trace:1 -2.0\natf-trace:2 atf-trace:2 -1.0\n"},
    {"C6", FAST("1") FAST("2") FAST("3") FAST("4") FAST("5"), ""},
    {"C7",
     "atf-trace:1 purchase_date=2023-01-01 purchaser=P ffl_type=03\n"
     "atf-trace:2 purchase_date=2023-01-01 purchaser=P ffl_type=02",
     "atf-trace:1 atf-trace:1 -1.5\n"},
};

static Indicators *load_rules(void)
{
    g_autoptr(GError) error = NULL;
    Indicators *rules = indicators_load("rules", &error);
    ck_assert_msg(rules != NULL, "%s", error ? error->message : "");
    return rules;
}

START_TEST(fires_and_stays_silent)
{
    g_autoptr(Indicators) rules = load_rules();
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        Scratch scratch;
        scratch_open(&scratch);
        world_put(scratch.store, cases[i].world);
        g_autofree char *hits = world_hits(scratch.store, rules, cases[i].rule);
        ck_assert_msg(strcmp(hits, cases[i].hits) == 0, "case %u, %s:\n%s", i, cases[i].rule, hits);
        scratch_close(&scratch);
    }
}
END_TEST

static gboolean take_row(RowSink *sink, const char *const *cells, GError **error)
{
    (void)error;
    g_ptr_array_add(sink->data, g_strjoin(" ", cells[0], cells[1], cells[2], cells[3], NULL));
    return TRUE;
}

/* What a rule says of the views themselves, sorted; backwards: where SQLite may yield rows in any
 * order, it yields them in another. */
static char *rule_rows(Store *store, const Indicator *rule, gboolean backwards)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(g_free);
    g_autofree SqlParameter *parameters = g_new0(SqlParameter, rule->parameters->len + 1);
    guint n = 0;
    for (; n < rule->parameters->len; n++) {
        const IndicatorParameter *one = rule->parameters->pdata[n];
        parameters[n] = (SqlParameter){.name = one->name, .value = one->value, .number = TRUE};
    }
    parameters[n] = (SqlParameter){.name = "as_of", .text = "2024-01-01"};
    SqlOptions options = {
        .knowledge = rule->knowledge, .parameters = parameters, .n_parameters = n + 1};
    RowSink sink = {.row = take_row, .data = rows};
    sqlite3_exec(store_handle(store),
                 backwards ? "PRAGMA reverse_unordered_selects=ON"
                           : "PRAGMA reverse_unordered_selects=OFF",
                 NULL, NULL, NULL);
    ck_assert_msg(sql_query(store, rule->sql, &options, &sink, &error), "%s: %s", rule->id,
                  error ? error->message : "");
    g_ptr_array_sort(rows, text_compare);
    g_ptr_array_add(rows, NULL);
    return g_strjoinv("\n", (char **)rows->pdata);
}

/* Copies of views that were brought up to date have their rows in another order than new ones: a
 * rule that takes one of several rows has to say which. */
START_TEST(order_of_rows_is_no_matter)
{
    g_autoptr(Indicators) rules = load_rules();
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        const Indicator *rule = indicators_find(rules, cases[i].rule);
        Scratch scratch;
        scratch_open(&scratch);
        world_put(scratch.store, cases[i].world);
        g_autofree char *rows = rule_rows(scratch.store, rule, FALSE);
        g_autofree char *others = rule_rows(scratch.store, rule, TRUE);
        ck_assert_msg(strcmp(rows, others) == 0, "case %u, %s:\n%s\n\n%s", i, rule->id, rows,
                      others);
        scratch_close(&scratch);
    }
}
END_TEST

/* Every rule has a case above, two examples of each kind, and stands in revisions.csv. */
START_TEST(every_rule_is_complete)
{
    g_autoptr(Indicators) rules = load_rules();
    g_autofree char *revisions = NULL;
    ck_assert(g_file_get_contents("rules/indicators/revisions.csv", &revisions, NULL, NULL));
    ck_assert_uint_ge(indicators_count(rules), 10);
    for (guint r = 0; r < indicators_count(rules); r++) {
        const Indicator *rule = indicators_at(rules, r);
        guint tried = 0, hits = 0, misses = 0;
        for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
            tried += strcmp(cases[i].rule, rule->id) == 0;
        for (guint i = 0; i < rule->examples->len; i++) {
            const IndicatorExample *example = g_ptr_array_index(rule->examples, i);
            hits += example->hit;
            misses += !example->hit;
        }
        ck_assert_msg(tried > 0 && hits >= 2 && misses >= 2, "%s: %u cases, %u hits, %u misses",
                      rule->id, tried, hits, misses);
        g_autofree char *line =
            g_strdup_printf("\n%s,%d,%s\n", rule->id, rule->rev, indicators_hash_at(rules, r));
        ck_assert_msg(strstr(revisions, line) != NULL, "not in revisions.csv:%s", line);
        ck_assert(rule->source[0] && rule->false_positives[0]);
    }
}
END_TEST

START_TEST(every_rule_prepares)
{
    g_autoptr(Indicators) rules = load_rules();
    g_autoptr(GError) error = NULL;
    Scratch scratch;
    scratch_open(&scratch);
    ck_assert_msg(indicators_check(rules, scratch.store, &error), "%s",
                  error ? error->message : "");
    scratch_close(&scratch);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("rules");
    TCase *tcase = tcase_create("rules");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, fires_and_stays_silent);
    tcase_add_test(tcase, order_of_rows_is_no_matter);
    tcase_add_test(tcase, every_rule_is_complete);
    tcase_add_test(tcase, every_rule_prepares);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
