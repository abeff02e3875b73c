package io.petrel.transport.linux;

import io.petrel.transport.datagram.DatagramPort;
import io.petrel.transport.datagram.DatagramPortFactory;
import io.petrel.transport.datagram.DatagramPortOptions;
import io.petrel.transport.datagram.EndpointAddress;
import java.io.IOException;
import java.util.Set;

/** Opens native ports: Linux on x86-64 and aarch64. */
public final class LinuxDatagramPortFactory implements DatagramPortFactory {
  /** The name of this kind. */
  public static final String NAME = "native";

  private static final Set<String> ARCHITECTURES = Set.of("amd64", "x86_64", "aarch64");
  private static final int RANK = 10;

  /** For {@code ServiceLoader}. */
  public LinuxDatagramPortFactory() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int rank() {
    return RANK;
  }

  @Override
  public String unavailableBecause() {
    String system = System.getProperty("os.name");
    String architecture = System.getProperty("os.arch");
    if (!"Linux".equals(system) || !ARCHITECTURES.contains(architecture)) {
      return "it needs Linux on x86-64 or aarch64, this is " + system + " on " + architecture;
    }
    try {
      new LinuxSocket(EndpointAddress.IPV4).close();
      return "";
    } catch (IOException | LinkageError | RuntimeException e) {
      return "system calls do not work (--enable-native-access may be missing): " + e;
    }
  }

  @Override
  public DatagramPort open(DatagramPortOptions options) throws IOException {
    return LinuxDatagramPort.open(options);
  }

  @Override
  public String toString() {
    return NAME;
  }
}
