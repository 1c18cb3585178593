/** What all probes of an experiment need of a model and a data set, as one list of reads. */
package dev.sonde.engine.plan;
