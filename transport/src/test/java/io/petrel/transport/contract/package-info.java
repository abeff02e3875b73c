/**
 * The contract of transports: one set of cases that every transport passes in every threading mode.
 * A transport's module subclasses {@link io.petrel.transport.contract.TransportContractTest} and
 * says how its URIs are made; what does not apply to it is named with the reason and shown in the
 * printed matrix.
 */
@NullMarked
package io.petrel.transport.contract;

import org.jspecify.annotations.NullMarked;
