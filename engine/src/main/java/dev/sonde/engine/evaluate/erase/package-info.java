/** Linear erasure of a label from features: affine maps fitted to some rows, applied to all. */
package dev.sonde.engine.evaluate.erase;
