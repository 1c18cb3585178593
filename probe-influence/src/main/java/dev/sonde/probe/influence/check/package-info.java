/** Repeats training without some documents, and measures how well scores predicted the effect. */
package dev.sonde.probe.influence.check;
