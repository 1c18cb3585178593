/**
 * The unit of work: a pass is one model over one data set, with its tokens and everything that is
 * read of it. An experiment is a list of passes, from the plan to the store to the evaluation; each
 * is cut into shards.
 */
package dev.sonde.engine.pass;
