package io.petrel.bench.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.petrel.bench.demo.Timeline.Phase;
import io.petrel.codecs.marketdata.MessageHeaderEncoder;
import io.petrel.codecs.marketdata.QuoteEncoder;
import io.petrel.transport.Context;
import io.petrel.transport.Options;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.Threading;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo's judges: they must see what is wrong. */
final class RolesTest {
  private static final String URI = "ipc://quotes";

  @TempDir private Path dir;

  /** What a subscriber says of quotes with these sequence numbers, off by this much in price. */
  private String flawAfter(long wrongPrice, long... sequences) {
    try (Petrel petrel =
        Petrel.launch(
            new Context().threading(Threading.INVOKER).set(Options.DIR, dir.toString()))) {
      Subscriber subscriber = new Subscriber(1, URI, 1_000);
      subscriber.open(petrel);
      Publication out = petrel.publishExclusive(URI);
      UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
      QuoteEncoder quote = new QuoteEncoder();
      for (long sequence : sequences) {
        quote.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder()).sequence(sequence);
        quote.bidPrice().mantissa(Market.bid(sequence) + wrongPrice);
        int length = MessageHeaderEncoder.ENCODED_LENGTH + quote.encodedLength();
        while (out.offer(buffer, 0, length) < 0) {
          subscriber.work();
        }
      }
      while (subscriber.done() < sequences[sequences.length - 1]) {
        subscriber.work();
      }
      return subscriber.flaw();
    }
  }

  @Test
  void aSubscriberIsContentWithAllInOrder() {
    assertEquals("", flawAfter(0, 1, 2, 3));
  }

  @Test
  void aSubscriberTellsTheFirstGap() {
    assertEquals("change 4 came after 2", flawAfter(0, 1, 2, 4, 6));
  }

  @Test
  void aSubscriberTellsARepetition() {
    assertEquals("change 2 came after 2", flawAfter(0, 1, 2, 2, 3));
  }

  @Test
  void aSubscriberTellsADamagedPrice() {
    assertEquals(
        "change 1 has price " + (Market.bid(1) + 1) + ", not " + Market.bid(1), flawAfter(1, 1));
  }

  @Test
  void aSessionThatEndsBeforeAllCameIsAFlaw() {
    Subscriber early = new Subscriber(1, URI, 1_000);
    early.begin(new Timeline(0, 0, TimeUnit.SECONDS.toNanos(1)));
    early.ended(2_000, "CLOSED_BY_PEER");
    assertEquals("", early.flaw());
    early.ended(1_999, "TIMED_OUT");
    assertEquals("its session ended after message 1999: TIMED_OUT", early.flaw());
  }

  @Test
  void aMessageBelongsToThePhaseInWhichItWasDue() {
    Timeline timeline = new Timeline(1_000, 100, 50);
    assertEquals(Phase.WARM_UP, timeline.phaseOf(1_099));
    assertEquals(Phase.CLEAN, timeline.phaseOf(1_100));
    assertEquals(Phase.CLEAN, timeline.phaseOf(1_149));
    assertEquals(Phase.LOSSY, timeline.phaseOf(1_150));
    assertEquals(1_150, timeline.lossFromNs());
    assertEquals(1_000, timeline.dueNs(1, 1_000_000_000));
    assertEquals(1_009, timeline.dueNs(10, 1_000_000_000));
    assertEquals(200, timeline.messages(1_000_000_000));
  }
}
