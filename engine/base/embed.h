/* Files of the source tree put into the program by the assembler, so that they can be read and
 * edited as what they are. The Makefile knows which object depends on which of them. */
#ifndef CROSSTRACE_BASE_EMBED_H
#define CROSSTRACE_BASE_EMBED_H

/* A text of that name with the bytes of a file, its path from the top of the tree. */
#define EMBED(name, path)                                                                          \
    extern const char name[];                                                                      \
    __asm__(".pushsection .rodata\n.global " #name "\n.hidden " #name "\n" #name                   \
            ":\n.incbin \"" path "\"\n.byte 0\n.popsection\n")

#endif
