/* Limits of who is compared with whom, for tests of runs over few people. */
#ifndef CROSSTRACE_TESTS_RUN_CROWDS_H
#define CROSSTRACE_TESTS_RUN_CROWDS_H

struct PersonModel;

/* Nodes that a block has at most, and from how many on who is not compared is told. */
void people_crowd(struct PersonModel *model, double cap, double crowd);

#endif
