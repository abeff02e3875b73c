package io.petrel.transport.contract;

import io.petrel.transport.Threading;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What every transport must do, in every threading mode. Subclass it with a constructor that takes
 * the {@link Threading} and hands a {@link TransportUnderTest} on.
 */
@ParameterizedClass
@EnumSource(Threading.class)
public abstract class TransportContractTest extends LifeCases {
  /**
   * For a transport.
   *
   * @param transport how its URIs are made
   * @param threading who takes the turns
   */
  protected TransportContractTest(TransportUnderTest transport, Threading threading) {
    super(transport, threading);
  }
}
