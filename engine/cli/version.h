/* The version that --version prints. */
#ifndef CROSSTRACE_CLI_VERSION_H
#define CROSSTRACE_CLI_VERSION_H

#define CROSSTRACE_VERSION "0.1.0"

#endif
