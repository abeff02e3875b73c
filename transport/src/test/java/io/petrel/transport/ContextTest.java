package io.petrel.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ContextTest {
  @AfterEach
  void forget() {
    System.clearProperty(Options.LINGER.property());
  }

  @Test
  void uriGoesOverContextOverPropertyOverDefault() {
    Channel plain = Channel.parse("tcp://host:1");
    Channel said = Channel.parse("tcp://host:1?linger=4s");
    assertEquals(5_000_000_000L, new Context().value(Options.LINGER, plain));
    System.setProperty(Options.LINGER.property(), "2s");
    assertEquals(2_000_000_000L, new Context().value(Options.LINGER, plain));
    Context context = new Context().set("linger", "3s").conclude();
    assertEquals(3_000_000_000L, context.value(Options.LINGER, plain));
    assertEquals(4_000_000_000L, context.value(Options.LINGER, said));
  }

  @Test
  void concludeNamesWhatIsWrong() {
    refused(new Context().set("lingre", "1s"), "lingre", "did you mean 'linger'?");
    refused(new Context().set("linger", "1x"), "option 'linger' (Context)", "1x", "duration");
    refused(new Context().set("core", "-2"), "option 'core'", "-2", "whole number");
    refused(
        new Context().set("datagram-port", "pigeon"), "option 'datagram-port'", "pigeon", "nio");
    System.setProperty(Options.LINGER.property(), "soon");
    refused(new Context(), "system property petrel.linger", "soon");
  }

  @Test
  void nothingCanBeSetAfterItIsConcluded() {
    Context context = new Context().conclude();
    assertThrows(IllegalStateException.class, () -> context.set("linger", "1s"));
    assertThrows(IllegalStateException.class, () -> context.threading(Threading.INVOKER));
  }

  private static void refused(Context context, String... words) {
    String refusal = assertThrows(ConfigurationException.class, context::conclude).toString();
    for (String word : words) {
      assertTrue(refusal.contains(word), word + " in: " + refusal);
    }
  }
}
