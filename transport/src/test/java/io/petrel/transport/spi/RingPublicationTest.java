package io.petrel.transport.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.transport.Channel;
import io.petrel.transport.Claim;
import io.petrel.transport.ring.SendRing;
import java.lang.reflect.Proxy;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When an offer sends by itself, and when it leaves that to the next turn. */
class RingPublicationTest {
  private static final int RECORD = 1_032;
  private static final int RECORDS_A_TRAIN = (64 << 10) / RECORD;

  private final UnsafeBuffer message = new UnsafeBuffer(new byte[RECORD - 8]);
  private final SendRing ring = SendRing.exclusive(1 << 20);
  private boolean invoked = true;
  private int flushes;

  private final EngineHandle engine =
      (EngineHandle)
          Proxy.newProxyInstance(
              EngineHandle.class.getClassLoader(),
              new Class<?>[] {EngineHandle.class},
              (proxy, method, arguments) ->
                  switch (method.getName()) {
                    case "isInvoked" -> invoked;
                    case "flush" -> {
                      ((SendSide) arguments[0]).flush();
                      yield null;
                    }
                    case "turn" -> 0;
                    default -> throw new UnsupportedOperationException(method.getName());
                  });

  private RingPublication publication;

  @BeforeEach
  void open() {
    publication = open(this::sendAll);
  }

  private RingPublication open(SendSide side) {
    RingPublication opened =
        new RingPublication(engine, Channel.parse("ipc://test"), true, 1 << 20, closed -> {});
    opened.connected(ring, side, 1);
    return opened;
  }

  private void sendAll() {
    flushes++;
    ring.sentPosition(ring.writtenPosition());
  }

  private long offer() {
    long position = publication.offer(message, 0, message.capacity());
    assertTrue(position > 0);
    return position;
  }

  @Test
  void sendsAtOnceWhenNothingIsInFlight() {
    for (int i = 1; i <= 100; i++) {
      long position = offer();
      assertEquals(i, flushes);
      ring.acknowledge(position);
    }
  }

  @Test
  void sendsATrainAtATimeWhileOneIsInFlight() {
    int offers = 10 * RECORDS_A_TRAIN;
    for (int i = 0; i < offers; i++) {
      offer();
    }
    assertEquals(10, flushes, 1);
  }

  @Test
  void triesOnceATrainWhenThePeerTakesNothing() {
    publication = open(() -> flushes++);
    ring.sentPosition(offer());
    flushes = 0;
    for (int i = 0; i < 10 * RECORDS_A_TRAIN; i++) {
      offer();
    }
    assertEquals(10, flushes, 1);
  }

  @Test
  void sendsClaimsTheSameWay() {
    Claim claim = new Claim();
    for (int i = 1; i <= 10; i++) {
      long position = publication.tryClaim(64, claim);
      assertEquals(i - 1, flushes);
      claim.commit();
      assertEquals(i, flushes);
      ring.acknowledge(position);
    }
    for (int i = 0; i < 10 * RECORDS_A_TRAIN; i++) {
      publication.tryClaim(RECORD - 8, claim);
      claim.commit();
    }
    assertEquals(20, flushes, 1);
  }

  @Test
  void leavesSendingToTheEnginesThread() {
    invoked = false;
    publication = open(this::sendAll);
    offer();
    assertEquals(0, flushes);
  }
}
