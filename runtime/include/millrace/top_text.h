/*===- top_text.h - what generated code reads of a top -----------------------===*/
/* A part of the border (abi.h): where in the text that mr_top_add gives the row lies
 * that has to be kept last. */
#ifndef MILLRACE_TOP_TEXT_H
#define MILLRACE_TOP_TEXT_H

#define MR_TOP_LAST                                                                                                    \
  16 /* u32: bytes from the begin of the text to that row's entry; 0: there are fewer rows than the limit */
#define MR_TOP_WORD 8 /* of an entry: the first word that the row is judged by */

#endif
