/**
 * The unit of work. A pass is one model on one data set, with the tokens and everything that is
 * read. From plan to store to evaluation, an experiment is a list of passes; each pass is cut into
 * shards.
 */
package dev.sonde.engine.pass;
