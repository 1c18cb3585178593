/** The PyTorch backend; see the module. */
package dev.sonde.backend.pytorch;
